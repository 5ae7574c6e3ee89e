#include "tests/support/hls/rules.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace tongke::test::hls {

namespace {

constexpr double kRounding = 0.0005;

std::string at(const Segment& segment) { return " at segment " + std::to_string(segment.msn); }

void check_header(const MediaPlaylist& p, Findings& findings) {
  const auto complain = [&](std::string what) { findings.push_back(std::move(what)); };
  if (!p.target_duration) return complain("4.4.3.1: no EXT-X-TARGETDURATION");
  const auto target = static_cast<double>(*p.target_duration);
  const bool map = std::ranges::any_of(p.segments, [](const Segment& s) { return !s.map.empty(); });
  if (map && p.version < 6) complain("8: EXT-X-MAP needs version 6");
  if (p.skipped && p.version < 9) complain("8: EXT-X-SKIP needs version 9");
  if (p.version < 3) complain("8: fractional EXTINF needs version 3");

  if (p.can_skip_until && *p.can_skip_until < 6 * target)
    complain("4.4.3.8: CAN-SKIP-UNTIL under six target durations");
  if (p.hold_back && *p.hold_back < 3 * target) complain("4.4.3.8: HOLD-BACK under three target durations");
  if (p.part_target) {
    if (!p.part_hold_back) complain("4.4.3.8: parts without PART-HOLD-BACK");
    if (p.part_hold_back && *p.part_hold_back < 3 * *p.part_target - kRounding) {
      complain("4.4.3.8: PART-HOLD-BACK under three part target durations");
    }
    if (!p.can_block_reload) complain("appendix B: parts without CAN-BLOCK-RELOAD");
  }
  if (p.skipped && p.ended) complain("6.2.5.1: EXT-X-SKIP in an ended playlist");
  if (p.skipped && !p.can_skip_until) complain("4.4.5.2: EXT-X-SKIP without CAN-SKIP-UNTIL");
  if (p.skipped && *p.skipped == 0) complain("4.4.5.2: EXT-X-SKIP of nothing");
  if (p.type == "VOD" && !p.ended) complain("4.4.3.5: VOD without EXT-X-ENDLIST");
  if (p.ended && !p.hints.empty()) complain("4.4.5.3: a hint in an ended playlist");
  if (p.hints.size() > 1) complain("6.2.6: more than one hint of a type");
  for (const Report& report : p.reports) {
    if (report.uri.find("://") != std::string::npos) complain("4.4.5.4: URI of a report must be relative");
  }
}

void check_parts(const MediaPlaylist& p, const Segment& segment, Findings& findings) {
  const auto complain = [&](const std::string& what) { findings.push_back(what + at(segment)); };
  if (segment.parts.empty()) return;
  if (!p.part_target) return complain("4.4.3.7: EXT-X-PART without EXT-X-PART-INF");
  double sum = 0;
  for (std::size_t i = 0; i < segment.parts.size(); ++i) {
    const Part& part = segment.parts[i];
    sum += part.duration;
    if (part.duration > *p.part_target + kRounding)
      complain("4.4.3.7: part " + std::to_string(i) + " exceeds PART-TARGET");
    const bool last = i + 1 == segment.parts.size();
    const bool before_independent = !last && segment.parts[i + 1].independent;
    // A discontinuity or a leaving publisher may cut any segment's last part short.
    if (!last && !part.gap && !part.independent && !before_independent &&
        part.duration < 0.85 * *p.part_target - kRounding) {
      complain("4.4.4.9: part " + std::to_string(i) + " is under 85 % of PART-TARGET");
    }
  }
  if (segment.complete &&
      std::abs(sum - segment.duration) > 0.002 + 0.0001 * static_cast<double>(segment.parts.size())) {
    complain("4.4.4.9: parts do not add up to EXTINF");
  }
  if (p.independent_segments && !segment.parts.front().independent) {
    complain("4.4.2.1: EXT-X-INDEPENDENT-SEGMENTS, but the first part is not independent");
  }
}

void check_dates(const MediaPlaylist& p, Findings& findings) {
  const bool dated = std::ranges::any_of(p.segments, [](const Segment& s) { return s.date_ms.has_value(); });
  if (!dated && !p.segments.empty()) findings.push_back("authoring: no EXT-X-PROGRAM-DATE-TIME");
  std::optional<double> expected;
  for (const Segment& segment : p.segments) {
    if (segment.discontinuity && !segment.date_ms)
      findings.push_back("6.2.1: discontinuity without EXT-X-PROGRAM-DATE-TIME" + at(segment));
    if (segment.date_ms) {
      const double date = static_cast<double>(*segment.date_ms) / 1000;
      if (expected && !segment.discontinuity && !segment.gap && std::abs(date - *expected) > kDateTolerance) {
        findings.push_back("4.4.4.6: program date is " + std::to_string(date - *expected) + " s off EXTINF" +
                           at(segment));
      }
      if (expected && date < *expected - kDateTolerance)
        findings.push_back("6.2.1: program dates overlap" + at(segment));
      expected = date;
    }
    if (expected) *expected += segment.duration;
  }
}

}  // namespace

Findings check_media(const MediaPlaylist& p) {
  Findings findings;
  check_header(p, findings);
  const double target = static_cast<double>(p.target_duration.value_or(0));
  double after = 0;
  std::set<std::string> uris;
  for (auto segment = p.segments.rbegin(); segment != p.segments.rend(); ++segment) {
    if (segment->complete && std::llround(segment->duration) > std::llround(target)) {
      findings.push_back("4.4.3.1: EXTINF exceeds EXT-X-TARGETDURATION" + at(*segment));
    }
    if (segment->map.empty() && !p.skipped)
      findings.push_back("3.1.2: fragmented MP4 without EXT-X-MAP" + at(*segment));
    if (segment->complete && !uris.insert(segment->uri).second)
      findings.push_back("4.1: the same URI twice" + at(*segment));
    check_parts(p, *segment, findings);
    if (!segment->parts.empty() && after > 4 * target)
      findings.push_back("6.2.2: parts listed long after their time" + at(*segment));
    after += segment->duration;
  }
  check_dates(p, findings);
  if (!p.ended && p.part_target && p.hints.empty()) findings.push_back("appendix B: no EXT-X-PRELOAD-HINT");
  for (const std::string& hint : p.hints) {
    if (p.find_part(hint) != nullptr) findings.push_back("4.4.5.3: the hinted part is already listed");
  }
  return findings;
}

Findings check_master(const MasterPlaylist& p) {
  Findings findings;
  std::map<std::string, std::set<std::string>> groups;
  for (const auto& media : p.media) {
    for (const auto* name : {"TYPE", "GROUP-ID", "NAME"}) {
      if (!media.contains(name)) findings.push_back(std::string("4.4.6.1: EXT-X-MEDIA without ") + name);
    }
    if (!media.contains("GROUP-ID") || !media.contains("NAME")) continue;
    if (!groups[media.at("GROUP-ID")].insert(media.at("NAME")).second)
      findings.push_back("4.4.6.1.1: a NAME twice in a group");
    if (media.contains("DEFAULT") && media.at("DEFAULT") == "YES" && media.contains("AUTOSELECT") &&
        media.at("AUTOSELECT") != "YES") {
      findings.push_back("4.4.6.1: DEFAULT without AUTOSELECT");
    }
  }
  for (const auto& [id, names] : groups) {
    if (names != groups.begin()->second) findings.push_back("4.4.6.1.1: groups with different members");
  }
  if (p.variants.empty()) findings.push_back("4.4.6.2: no variant");
  for (const Variant& variant : p.variants) {
    const auto& attributes = variant.attributes;
    const auto has = [&](const char* name) { return attributes.contains(name); };
    if (!has("BANDWIDTH")) findings.push_back("4.4.6.2: no BANDWIDTH for " + variant.uri);
    if (!has("CODECS")) findings.push_back("4.4.6.2: no CODECS for " + variant.uri);
    if (has("BANDWIDTH") && has("AVERAGE-BANDWIDTH") &&
        std::stoull(attributes.at("AVERAGE-BANDWIDTH")) > std::stoull(attributes.at("BANDWIDTH"))) {
      findings.push_back("4.4.6.2: AVERAGE-BANDWIDTH over BANDWIDTH for " + variant.uri);
    }
    const bool video = has("CODECS") && (attributes.at("CODECS").find("avc") != std::string::npos ||
                                         attributes.at("CODECS").find("hvc") != std::string::npos);
    if (video && (!has("RESOLUTION") || !has("FRAME-RATE")))
      findings.push_back("4.4.6.2: video without RESOLUTION or FRAME-RATE: " + variant.uri);
    if (has("AUDIO") && !groups.contains(attributes.at("AUDIO")))
      findings.push_back("4.4.6.2: no such AUDIO group for " + variant.uri);
    if (has("AUDIO") && has("CODECS") && attributes.at("CODECS").find("mp4a") == std::string::npos) {
      findings.push_back("6.2.4: CODECS without those of its sound for " + variant.uri);
    }
  }
  return findings;
}

Findings check_update(const MediaPlaylist& before, const MediaPlaylist& after) {
  Findings findings;
  const auto complain = [&](const std::string& what) { findings.push_back(what); };
  if (before.target_duration != after.target_duration) complain("6.2.1: EXT-X-TARGETDURATION changed");
  if (after.media_sequence < before.media_sequence) complain("6.2.2: EXT-X-MEDIA-SEQUENCE decreased");
  if (after.discontinuity_sequence < before.discontinuity_sequence)
    complain("6.2.2: EXT-X-DISCONTINUITY-SEQUENCE decreased");
  if (before.ended && !after.ended) complain("6.2.1: EXT-X-ENDLIST removed");
  if (before.ended && after.segments.size() != before.segments.size())
    complain("6.2.1: an ended playlist changed");
  if (after.last_msn() + 1 < before.last_msn() + 1) complain("6.2.2: segments removed from the end");
  if (after.media_sequence > before.media_sequence && !after.type.empty() && !after.ended) {
    complain("6.2.2: segments removed from a playlist with a type");
  }
  for (const Segment& old : before.segments) {
    const Segment* const now = after.find(old.msn);
    if (now == nullptr) {
      if (old.msn >= after.media_sequence) complain("6.2.2: removed out of order" + at(old));
      continue;
    }
    if (old.complete) {
      if (!now->complete || now->uri != old.uri || now->duration != old.duration)
        complain("6.2.1: a listed segment changed" + at(old));
      if (old.gap && !now->gap) complain("6.2.1: a gap was filled" + at(old));
    }
    if (now->discontinuity_sequence != old.discontinuity_sequence)
      complain("6.2.2: discontinuity sequence number changed" + at(old));
    if (now->map != old.map) complain("6.2.1: EXT-X-MAP changed" + at(old));
    if (now->date_ms != old.date_ms) complain("6.2.1: program date changed" + at(old));
    if (now->parts.empty()) continue;
    const bool prefix = old.parts.size() <= now->parts.size() &&
                        std::equal(old.parts.begin(), old.parts.end(), now->parts.begin());
    if (!prefix) complain("6.2.2: listed parts changed" + at(old));
  }
  return findings;
}

Findings check_delta(const MediaPlaylist& merged, const MediaPlaylist& whole) {
  Findings findings;
  if (merged.segments.size() != whole.segments.size()) {
    findings.push_back("6.2.5.1: delta update makes " + std::to_string(merged.segments.size()) +
                       " segments of " + std::to_string(whole.segments.size()));
    return findings;
  }
  for (std::size_t i = 0; i < merged.segments.size(); ++i) {
    Segment expected = whole.segments[i];
    // Skipped segments lose their parts, which are older than any client needs.
    if (merged.segments[i].parts.empty()) expected.parts.clear();
    if (!(merged.segments[i] == expected))
      findings.push_back("6.2.5.1: delta update differs from the playlist" + at(expected));
  }
  if (merged.hints != whole.hints) findings.push_back("6.2.5.1: delta update hints at something else");
  return findings;
}

Findings check_group(const std::vector<std::pair<std::string, MediaPlaylist>>& playlists) {
  Findings findings;
  for (std::size_t i = 1; i < playlists.size(); ++i) {
    const auto& [name, p] = playlists[i];
    const MediaPlaylist& first = playlists.front().second;
    const auto complain = [&, who = name](const std::string& what) {
      findings.push_back(what + " in " + who);
    };
    if (p.target_duration != first.target_duration) complain("6.2.4: another target duration");
    if (p.type != first.type) complain("6.2.4: another playlist type");
    if (p.server_control != first.server_control || p.can_block_reload != first.can_block_reload ||
        p.can_skip_until != first.can_skip_until || p.hold_back != first.hold_back ||
        p.part_hold_back != first.part_hold_back) {
      complain("6.2.4: another EXT-X-SERVER-CONTROL");
    }
    // Content at the same date must have the same discontinuity sequence number.
    for (const Segment& segment : p.segments) {
      if (!segment.date_ms || segment.gap) continue;
      const std::int64_t middle = *segment.date_ms + std::llround(segment.duration * 500);
      for (const Segment& other : first.segments) {
        if (!other.date_ms || other.gap || middle < *other.date_ms ||
            middle >= *other.date_ms + std::llround(other.duration * 1000))
          continue;
        if (other.discontinuity_sequence != segment.discontinuity_sequence)
          complain("6.2.4: another discontinuity sequence number" + at(segment));
      }
    }
  }
  return findings;
}

}  // namespace tongke::test::hls
