#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "relay/hls/playlist.hpp"
#include "relay/hls/text.hpp"

namespace tongke::relay::hls {

using live::LessonSnapshot;
using live::RenditionSnapshot;
using live::TrackKind;

namespace {

/// The one place that knows renditions by name.
struct Policy {
  std::string_view id;  ///< empty: any other of this kind
  TrackKind kind;
  std::string_view audio;           ///< video: the audio rendition that goes with it, if there is one…
  std::string_view audio_fallback;  ///< …and else this
  std::string_view group;           ///< audio: GROUP-ID
  bool variant;                     ///< offered by itself
  std::uint64_t nominal_bps;        ///< declared until measured
};

constexpr std::array kPolicies = {
    Policy{"src", TrackKind::video, "src-audio", "audio", "", true, 2'500'000},
    Policy{"", TrackKind::video, "audio", "src-audio", "", true, 600'000},
    Policy{"src-audio", TrackKind::audio, "", "", "hi", false, 128'000},
    Policy{"audio", TrackKind::audio, "", "", "lo", true, 40'000},
    Policy{"", TrackKind::audio, "", "", "other", false, 64'000},
};

const Policy& policy_of(const RenditionSnapshot& rendition) {
  return *std::ranges::find_if(kPolicies, [&](const Policy& policy) {
    return policy.kind == rendition.kind && (policy.id.empty() || policy.id == rendition.id);
  });
}

/// Declared peak: the highest measured so far plus a tenth, in steps so that the playlist
/// rarely changes. Never falls, since the measured peak does not.
std::uint64_t declared_peak(const RenditionSnapshot& rendition) {
  constexpr std::uint64_t kStep = 8'000;
  if (rendition.peak_bps == 0) return policy_of(rendition).nominal_bps;
  return (rendition.peak_bps * 11 / 10 + kStep - 1) / kStep * kStep;
}

std::uint64_t declared_average(const RenditionSnapshot& rendition) {
  constexpr std::uint64_t kStep = 8'000;
  return (rendition.average_bps + kStep - 1) / kStep * kStep;
}

const RenditionSnapshot* playable(const LessonSnapshot& lesson, std::string_view id) {
  const RenditionSnapshot* const found = id.empty() ? nullptr : lesson.find(id);
  return found != nullptr && !found->empty() && !found->inits->empty() ? found : nullptr;
}

struct Variant {
  const RenditionSnapshot* rendition;
  const RenditionSnapshot* audio;  ///< null: none, or the rendition is audio itself
  std::uint64_t peak;
};

void append_variant(std::string& text, const Variant& variant) {
  const live::RenditionInit& init = *variant.rendition->inits->back();
  text += "#EXT-X-STREAM-INF:BANDWIDTH=";
  append(text, variant.peak);
  std::uint64_t average = declared_average(*variant.rendition);
  if (variant.audio != nullptr) average += declared_average(*variant.audio);
  if (average > 0) {
    text += ",AVERAGE-BANDWIDTH=";
    append(text, std::min(average, variant.peak));
  }
  text += ",CODECS=\"" + init.codecs;
  if (variant.audio != nullptr) text += "," + variant.audio->inits->back()->codecs;
  text += '"';
  if (init.width > 0 && init.height > 0) {
    text += ",RESOLUTION=";
    append(text, init.width);
    text += 'x';
    append(text, init.height);
  }
  if (init.frame_rate > 0) {
    std::array<char, 32> rate{};
    std::snprintf(rate.data(), rate.size(), ",FRAME-RATE=%.3f", init.frame_rate);
    text += rate.data();
  }
  if (variant.audio != nullptr) {
    text += ",AUDIO=\"";
    text += policy_of(*variant.audio).group;
    text += '"';
  }
  text += '\n' + variant.rendition->id + "/media.m3u8\n";
}

}  // namespace

Reader reader_of(std::string_view user_agent) noexcept {
  return user_agent.find("LibVLC/3.") != std::string_view::npos ? Reader::vlc : Reader::any;
}

std::string master_playlist(const LessonSnapshot& lesson, Reader reader) {
  std::vector<Variant> variants;
  std::vector<const RenditionSnapshot*> groups;
  for (const auto& rendition : lesson.renditions) {
    if (playable(lesson, rendition->id) == nullptr) continue;
    const Policy& policy = policy_of(*rendition);
    const RenditionSnapshot* audio = playable(lesson, policy.audio);
    if (audio == nullptr) audio = playable(lesson, policy.audio_fallback);
    if (audio != nullptr && std::ranges::find(groups, audio) == groups.end()) groups.push_back(audio);
    if (!policy.variant) continue;
    variants.push_back(
        {rendition.get(), audio, declared_peak(*rendition) + (audio ? declared_peak(*audio) : 0)});
  }
  // A lesson of nothing but a source's own sound still has something to play.
  if (variants.empty()) {
    for (const auto& rendition : lesson.renditions) {
      if (playable(lesson, rendition->id) != nullptr) {
        variants.push_back({rendition.get(), nullptr, declared_peak(*rendition)});
      }
    }
  }
  if (variants.empty()) return {};
  // The first variant is what Safari starts with: the best picture; sound alone comes last.
  std::ranges::stable_sort(variants, [](const Variant& a, const Variant& b) {
    if (a.rendition->kind != b.rendition->kind) return a.rendition->kind == TrackKind::video;
    return a.peak > b.peak;
  });

  if (reader == Reader::vlc && variants.front().rendition->kind == TrackKind::video) {
    std::erase_if(variants, [](const Variant& v) { return v.rendition->kind != TrackKind::video; });
  }

  std::string text = "#EXTM3U\n#EXT-X-VERSION:6\n";
  for (const auto* audio : groups) {
    text += "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"";
    text += policy_of(*audio).group;
    // Same name in every group: they hold the same sound in different qualities (4.4.6.1.1).
    text += "\",NAME=\"lesson\",DEFAULT=YES,AUTOSELECT=YES,URI=\"" + audio->id + "/media.m3u8\"\n";
  }
  for (const Variant& variant : variants) append_variant(text, variant);
  return text;
}

}  // namespace tongke::relay::hls
