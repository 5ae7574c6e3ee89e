#include "tests/support/hls/playlist.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

namespace tongke::test::hls {

namespace {

using Attributes = std::map<std::string, std::string>;

/// Section 4.2: AttributeName=AttributeValue, comma-separated, no spaces; quotes are kept
/// off the value and remembered by the caller's expectations.
std::optional<Attributes> parse_attributes(std::string_view text) {
  Attributes attributes;
  while (!text.empty()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    const std::string name(text.substr(0, equals));
    const bool named = std::ranges::all_of(
        name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; });
    if (!named) return std::nullopt;
    text.remove_prefix(equals + 1);
    std::size_t end = 0;
    std::string value;
    if (!text.empty() && text.front() == '"') {
      const std::size_t close = text.find('"', 1);
      if (close == std::string_view::npos) return std::nullopt;
      value = text.substr(0, close + 1);
      end = close + 1;
    } else {
      end = std::min(text.find(','), text.size());
      value = text.substr(0, end);
      if (value.empty() || value.find_first_of(" \t\"") != std::string::npos) return std::nullopt;
    }
    if (!attributes.emplace(name, value).second) return std::nullopt;
    text.remove_prefix(end);
    if (text.empty()) break;
    if (text.front() != ',' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
  }
  return attributes;
}

std::optional<std::uint64_t> to_integer(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > 20 || error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<double> to_float(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; }))
    return std::nullopt;
  if (std::ranges::count(text, '.') > 1 || text == ".") return std::nullopt;
  return std::stod(std::string(text));
}

std::optional<std::string> unquoted(const std::string& value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  return value.substr(1, value.size() - 2);
}

/// ISO 8601 with a zone of Z and, if any, a fraction: "2026-03-02T00:00:00.000Z".
std::optional<std::int64_t> to_date_ms(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  std::array<std::uint64_t, 6> fields{};
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> kPlaces = {
      {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto value = to_integer(text.substr(kPlaces[i].first, kPlaces[i].second));
    if (!value) return std::nullopt;
    fields[i] = *value;
  }
  double fraction = 0;
  if (text[19] == '.') {
    const auto value = to_float("0" + std::string(text.substr(19, text.size() - 20)));
    if (!value) return std::nullopt;
    fraction = *value;
  } else if (text.size() != 20) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(fields[0])),
                                         std::chrono::month(static_cast<unsigned>(fields[1])),
                                         std::chrono::day(static_cast<unsigned>(fields[2])));
  if (!date.ok() || fields[3] > 23 || fields[4] > 59 || fields[5] > 60) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  const auto seconds = std::chrono::seconds(days).count() +
                       static_cast<std::int64_t>(fields[3] * 3600 + fields[4] * 60 + fields[5]);
  return seconds * 1000 + std::llround(fraction * 1000);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// One pass over a media playlist's lines.
class MediaParser {
 public:
  explicit MediaParser(Findings& findings) : findings_(findings) {}

  MediaPlaylist parse(std::string_view text) {
    const auto lines = lines_of(text);
    if (lines.empty() || lines.front() != "#EXTM3U") complain("4.4.1.1: the first line is not #EXTM3U");
    for (std::size_t i = 1; i < lines.size(); ++i) {
      line_ = i + 1;
      if (lines[i].empty()) continue;
      if (lines[i].starts_with("#EXT")) {
        tag(lines[i]);
      } else if (!lines[i].starts_with('#')) {
        uri(lines[i]);
      }
    }
    if (has_duration_) complain("4.4.4.1: EXTINF without a URI");
    if (open_.date_ms || open_.discontinuity || !open_.parts.empty()) finish(false);
    return std::move(playlist_);
  }

 private:
  void complain(const std::string& what) {
    findings_.push_back(what + (line_ == 0 ? "" : " (line " + std::to_string(line_) + ")"));
  }

  void finish(bool complete) {
    Segment segment = std::exchange(open_, {});
    segment.complete = complete;
    segment.map = map_;
    segment.discontinuity_sequence = playlist_.discontinuity_sequence + discontinuities_;
    segment.msn = playlist_.media_sequence + playlist_.skipped.value_or(0) + playlist_.segments.size();
    playlist_.segments.push_back(std::move(segment));
    has_duration_ = false;
  }

  void uri(std::string_view line) {
    if (!has_duration_) return complain("4.1: a URI without EXTINF");
    open_.uri = line;
    finish(true);
  }

  /// An attribute that must be there, in the form `read` takes.
  template <class T>
  T need(const Attributes& attributes, const std::string& name,
         std::optional<T> (*read)(const std::string&)) {
    const auto found = attributes.find(name);
    const std::optional<T> value = found == attributes.end() ? std::nullopt : read(found->second);
    if (!value) complain("4.2: attribute " + name + " is missing or malformed");
    return value.value_or(T());
  }
  static std::optional<double> floating(const std::string& text) { return to_float(text); }
  static std::optional<std::uint64_t> integer(const std::string& text) { return to_integer(text); }
  static std::optional<std::string> quoted(const std::string& text) { return unquoted(text); }
  static bool yes(const Attributes& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found != attributes.end() && found->second == "YES";
  }
  std::optional<double> maybe_float(const Attributes& attributes, const std::string& name) {
    if (!attributes.contains(name)) return std::nullopt;
    return need<double>(attributes, name, floating);
  }

  void once(std::string_view name) {
    if (++seen_[std::string(name)] == 2) complain("4.4: " + std::string(name) + " twice");
  }
  void before_segments(std::string_view name) {
    once(name);
    if (!playlist_.segments.empty() || !open_.parts.empty())
      complain("4.4.3: " + std::string(name) + " after a segment");
  }

  void tag(std::string_view line);
  void attribute_tag(std::string_view name, const Attributes& attributes);

  Findings& findings_;
  MediaPlaylist playlist_;
  Segment open_;
  std::string map_;
  std::uint64_t discontinuities_ = 0;
  bool has_duration_ = false;
  std::size_t line_ = 0;
  std::map<std::string, int> seen_;
};

void MediaParser::tag(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  const auto integer_value = [&]() -> std::uint64_t {
    const auto number = to_integer(value);
    if (!number) complain("4.2: " + std::string(name) + " needs a decimal integer");
    return number.value_or(0);
  };
  if (name == "#EXT-X-VERSION") {
    once(name);
    playlist_.version = static_cast<int>(integer_value());
  } else if (name == "#EXT-X-TARGETDURATION") {
    before_segments(name);
    playlist_.target_duration = integer_value();
  } else if (name == "#EXT-X-MEDIA-SEQUENCE") {
    before_segments(name);
    playlist_.media_sequence = integer_value();
  } else if (name == "#EXT-X-DISCONTINUITY-SEQUENCE") {
    before_segments(name);
    playlist_.discontinuity_sequence = integer_value();
    if (discontinuities_ > 0) complain("4.4.3.3: after an EXT-X-DISCONTINUITY");
  } else if (name == "#EXT-X-PLAYLIST-TYPE") {
    before_segments(name);
    playlist_.type = value;
    if (value != "VOD" && value != "EVENT") complain("4.4.3.5: no such playlist type");
  } else if (name == "#EXT-X-INDEPENDENT-SEGMENTS") {
    once(name);
    playlist_.independent_segments = true;
  } else if (name == "#EXT-X-ENDLIST") {
    once(name);
    playlist_.ended = true;
  } else if (name == "#EXT-X-DISCONTINUITY") {
    if (open_.discontinuity || !open_.parts.empty()) complain("4.4.4.3: discontinuity inside a segment");
    open_.discontinuity = true;
    ++discontinuities_;
  } else if (name == "#EXT-X-GAP") {
    open_.gap = true;
  } else if (name == "#EXT-X-PROGRAM-DATE-TIME") {
    open_.date_ms = to_date_ms(value);
    if (!open_.date_ms) complain("4.4.4.6: not an ISO 8601 date");
  } else if (name == "#EXTINF") {
    const auto duration = to_float(value.substr(0, value.find(',')));
    if (!duration || value.find(',') == std::string_view::npos) complain("4.4.4.1: malformed EXTINF");
    open_.duration = duration.value_or(0);
    has_duration_ = true;
  } else if (const auto attributes = parse_attributes(value)) {
    attribute_tag(name, *attributes);
  } else {
    complain("4.2: malformed attribute list of " + std::string(name));
  }
}

void MediaParser::attribute_tag(std::string_view name, const Attributes& attributes) {
  if (name == "#EXT-X-SERVER-CONTROL") {
    before_segments(name);
    playlist_.server_control = true;
    playlist_.can_block_reload = yes(attributes, "CAN-BLOCK-RELOAD");
    playlist_.can_skip_until = maybe_float(attributes, "CAN-SKIP-UNTIL");
    playlist_.hold_back = maybe_float(attributes, "HOLD-BACK");
    playlist_.part_hold_back = maybe_float(attributes, "PART-HOLD-BACK");
  } else if (name == "#EXT-X-PART-INF") {
    before_segments(name);
    playlist_.part_target = need<double>(attributes, "PART-TARGET", floating);
  } else if (name == "#EXT-X-MAP") {
    if (!open_.parts.empty()) complain("4.4.4.5: EXT-X-MAP inside a segment");
    map_ = need<std::string>(attributes, "URI", quoted);
  } else if (name == "#EXT-X-PART") {
    open_.parts.push_back({need<double>(attributes, "DURATION", floating),
                           need<std::string>(attributes, "URI", quoted), yes(attributes, "INDEPENDENT"),
                           yes(attributes, "GAP")});
  } else if (name == "#EXT-X-SKIP") {
    before_segments(name);
    playlist_.skipped = need<std::uint64_t>(attributes, "SKIPPED-SEGMENTS", integer);
  } else if (name == "#EXT-X-PRELOAD-HINT") {
    const auto type = attributes.find("TYPE");
    if (type == attributes.end() || (type->second != "PART" && type->second != "MAP"))
      complain("4.4.5.3: TYPE of a hint");
    playlist_.hints.push_back(need<std::string>(attributes, "URI", quoted));
  } else if (name == "#EXT-X-RENDITION-REPORT") {
    Report report{need<std::string>(attributes, "URI", quoted),
                  need<std::uint64_t>(attributes, "LAST-MSN", integer),
                  {}};
    if (attributes.contains("LAST-PART"))
      report.last_part = need<std::uint64_t>(attributes, "LAST-PART", integer);
    playlist_.reports.push_back(std::move(report));
  } else {
    complain("4.4: unknown tag " + std::string(name));
  }
}

}  // namespace

const Segment* MediaPlaylist::find(std::uint64_t msn) const {
  const auto found = std::ranges::find_if(segments, [&](const Segment& s) { return s.msn == msn; });
  return found == segments.end() ? nullptr : &*found;
}

const Segment* MediaPlaylist::find_part(const std::string& uri) const {
  const auto found = std::ranges::find_if(segments, [&](const Segment& s) {
    return std::ranges::any_of(s.parts, [&](const Part& p) { return p.uri == uri; });
  });
  return found == segments.end() ? nullptr : &*found;
}

std::uint64_t MediaPlaylist::last_msn() const {
  for (auto at = segments.rbegin(); at != segments.rend(); ++at) {
    if (at->complete) return at->msn;
  }
  return media_sequence + skipped.value_or(0) - 1;
}

std::pair<std::uint64_t, std::uint64_t> MediaPlaylist::next_part() const {
  if (segments.empty() || segments.back().complete) return {last_msn() + 1, 0};
  return {segments.back().msn, segments.back().parts.size()};
}

MediaPlaylist parse_media(std::string_view text, Findings& findings) {
  return MediaParser(findings).parse(text);
}

MasterPlaylist parse_master(std::string_view text, Findings& findings) {
  MasterPlaylist playlist;
  const auto lines = lines_of(text);
  if (lines.empty() || lines.front() != "#EXTM3U")
    findings.push_back("4.4.1.1: the first line is not #EXTM3U");
  std::optional<Variant> open;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const std::string where = " (line " + std::to_string(i + 1) + ")";
    if (line.empty() || (line.starts_with('#') && !line.starts_with("#EXT"))) continue;
    if (!line.starts_with('#')) {
      if (!open) {
        findings.push_back("4.1: a URI without EXT-X-STREAM-INF" + where);
        continue;
      }
      open->uri = line;
      playlist.variants.push_back(*std::exchange(open, std::nullopt));
      continue;
    }
    if (open) findings.push_back("4.4.6.2: EXT-X-STREAM-INF is not followed by its URI" + where);
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    const auto attributes = parse_attributes(value);
    if (name == "#EXT-X-VERSION") {
      playlist.version = static_cast<int>(to_integer(value).value_or(0));
    } else if (name == "#EXT-X-INDEPENDENT-SEGMENTS") {
    } else if (!attributes) {
      findings.push_back("4.2: malformed attribute list" + where);
    } else if (name == "#EXT-X-MEDIA") {
      playlist.media.push_back(*attributes);
    } else if (name == "#EXT-X-STREAM-INF") {
      open = Variant{*attributes, {}};
    } else {
      findings.push_back("4.4.6: not a tag of multivariant playlists: " + std::string(name) + where);
    }
  }
  if (open) findings.push_back("4.4.6.2: EXT-X-STREAM-INF is not followed by its URI");
  return playlist;
}

MediaPlaylist merge(const MediaPlaylist& before, const MediaPlaylist& update, Findings& findings) {
  if (!update.skipped) return update;
  MediaPlaylist merged = update;
  merged.skipped.reset();
  std::vector<Segment> segments;
  std::uint64_t discontinuities = update.discontinuity_sequence;
  for (std::uint64_t msn = update.media_sequence; msn < update.media_sequence + *update.skipped; ++msn) {
    const Segment* const old = before.find(msn);
    if (old == nullptr || !old->complete) {
      findings.push_back("6.3.7: the delta update skips segment " + std::to_string(msn) +
                         ", which was not there before");
      continue;
    }
    segments.push_back(*old);
    segments.back().parts.clear();
    discontinuities += old->discontinuity ? 1 : 0;
  }
  const std::uint64_t shift = discontinuities - update.discontinuity_sequence;
  for (Segment& segment : merged.segments) {
    segment.discontinuity_sequence += shift;
    if (segment.map.empty() && !segments.empty()) segment.map = segments.back().map;
    segments.push_back(std::move(segment));
  }
  merged.segments = std::move(segments);
  return merged;
}

}  // namespace tongke::test::hls
