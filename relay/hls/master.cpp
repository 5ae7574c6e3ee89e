#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
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

/// What players are told of a rendition, be it made or only to be had.
struct Variant {
  std::string_view id;
  TrackKind kind = TrackKind::video;
  std::string_view codecs;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double frame_rate = 0;
  const RenditionSnapshot* audio = nullptr;  ///< null: none, or the rendition is audio itself
  std::uint64_t peak = 0;
  std::uint64_t average = 0;  ///< 0: not known
};

const RenditionSnapshot* audio_for(const LessonSnapshot& lesson, const Policy& policy) {
  const RenditionSnapshot* audio = playable(lesson, policy.audio);
  return audio != nullptr ? audio : playable(lesson, policy.audio_fallback);
}

Variant variant_of(const RenditionSnapshot& rendition, const RenditionSnapshot* audio) {
  const live::RenditionInit& init = *rendition.inits->back();
  return {.id = rendition.id,
          .kind = rendition.kind,
          .codecs = init.codecs,
          .width = init.width,
          .height = init.height,
          .frame_rate = init.frame_rate,
          .audio = audio,
          .peak = declared_peak(rendition) + (audio != nullptr ? declared_peak(*audio) : 0),
          .average = declared_average(rendition) + (audio != nullptr ? declared_average(*audio) : 0)};
}

/// A step of the ladder keeps within what it declares, sound included.
Variant variant_of(const live::Offer& offer, const RenditionSnapshot* made, const RenditionSnapshot* audio) {
  Variant variant{.id = offer.step->name,
                  .codecs = offer.step->codecs,
                  .width = offer.size.width,
                  .height = offer.size.height,
                  .frame_rate = offer.frame_rate,
                  .audio = audio,
                  .peak = offer.step->declared_bps};
  if (made == nullptr || made->empty() || made->peak_bps == 0) return variant;
  variant.peak = std::max(variant.peak, made->peak_bps + (audio != nullptr ? audio->peak_bps : 0));
  variant.average = declared_average(*made) + (audio != nullptr ? declared_average(*audio) : 0);
  return variant;
}

/// Whether a replay has all of it.
bool is_whole(const LessonSnapshot& lesson, const RenditionSnapshot& rendition) {
  const RenditionSnapshot* source = lesson.find("src");
  if (source == nullptr || rendition.first_msn() != source->first_msn()) return false;
  std::uint32_t msn = rendition.first_msn();
  for (auto found = rendition.find(msn); found; found = rendition.find(++msn)) {
    if (found->info.bytes == 0) return false;
  }
  return msn >= source->edge().msn;
}

void append_variant(std::string& text, const Variant& variant) {
  text += "#EXT-X-STREAM-INF:BANDWIDTH=";
  append(text, variant.peak);
  if (variant.average > 0) {
    text += ",AVERAGE-BANDWIDTH=";
    append(text, std::min(variant.average, variant.peak));
  }
  text += ",CODECS=\"";
  text += variant.codecs;
  if (variant.audio != nullptr) text += "," + variant.audio->inits->back()->codecs;
  text += '"';
  if (variant.width > 0 && variant.height > 0) {
    text += ",RESOLUTION=";
    append(text, variant.width);
    text += 'x';
    append(text, variant.height);
  }
  if (variant.frame_rate > 0) {
    std::array<char, 32> rate{};
    std::snprintf(rate.data(), rate.size(), ",FRAME-RATE=%.3f", variant.frame_rate);
    text += rate.data();
  }
  if (variant.audio != nullptr) {
    text += ",AUDIO=\"";
    text += policy_of(*variant.audio).group;
    text += '"';
  }
  text += '\n';
  text += variant.id;
  text += "/media.m3u8\n";
}

/// Those that take less than the source does: whatever it is that a teacher sends.
void add_ladder(std::vector<Variant>& variants, const LessonSnapshot& lesson) {
  if (lesson.ended || lesson.offers == nullptr || playable(lesson, "src") == nullptr) return;
  const auto source = std::ranges::find(variants, "src", &Variant::id);
  const auto limit =
      source != variants.end() ? source->peak : std::numeric_limits<decltype(source->peak)>::max();
  const RenditionSnapshot* audio = audio_for(lesson, kPolicies[1]);
  for (const live::Offer& offer : *lesson.offers) {
    const Variant variant = variant_of(offer, lesson.find(offer.step->name), audio);
    if (variant.peak < limit) variants.push_back(variant);
  }
}

/// Pictures begin a little before sound is made of them, and a player that asked in between would never hear
/// of sound alone.
bool is_settled(const LessonSnapshot& lesson) {
  const RenditionSnapshot* const source = lesson.find("src");
  const bool first = source != nullptr && !source->empty() && source->edge().msn == source->first_msn();
  return lesson.ended || !first || playable(lesson, "audio") != nullptr;
}

}  // namespace

Reader reader_of(std::string_view user_agent) noexcept {
  return user_agent.find("LibVLC/3.") != std::string_view::npos ? Reader::vlc : Reader::any;
}

std::string master_playlist(const LessonSnapshot& lesson, Reader reader) {
  if (!is_settled(lesson)) return {};
  std::vector<Variant> variants;
  std::vector<const RenditionSnapshot*> groups;
  const auto add_group = [&](const RenditionSnapshot* audio) {
    if (audio != nullptr && std::ranges::find(groups, audio) == groups.end()) groups.push_back(audio);
  };
  for (const auto& rendition : lesson.renditions) {
    if (playable(lesson, rendition->id) == nullptr) continue;
    const bool on_demand = pipeline::wire::find_step(rendition->id) != nullptr;
    if (on_demand && (!lesson.ended || !is_whole(lesson, *rendition))) continue;
    const Policy& policy = policy_of(*rendition);
    const RenditionSnapshot* audio = audio_for(lesson, policy);
    add_group(audio);
    if (policy.variant) variants.push_back(variant_of(*rendition, audio));
  }
  const std::size_t made = variants.size();
  if (reader != Reader::vlc) add_ladder(variants, lesson);
  for (std::size_t i = made; i < variants.size(); ++i) add_group(variants[i].audio);
  // A lesson of nothing but a source's own sound still has something to play.
  if (variants.empty()) {
    for (const auto& rendition : lesson.renditions) {
      if (playable(lesson, rendition->id) != nullptr) variants.push_back(variant_of(*rendition, nullptr));
    }
  }
  if (variants.empty()) return {};
  // The first variant is what Safari starts with: the best picture; sound alone comes last.
  std::ranges::stable_sort(variants, [](const Variant& a, const Variant& b) {
    if (a.kind != b.kind) return a.kind == TrackKind::video;
    return a.peak > b.peak;
  });

  if (reader == Reader::vlc && variants.front().kind == TrackKind::video) {
    std::erase_if(variants, [](const Variant& v) { return v.kind != TrackKind::video; });
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
