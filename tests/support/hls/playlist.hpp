#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A reader of HLS playlists that knows nothing of how ours are written, so that it can
/// judge them. @source draft-pantos-hls-rfc8216bis section 4
namespace tongke::test::hls {

/// What is wrong, one sentence each, beginning with the rule's section.
using Findings = std::vector<std::string>;

struct Part {
  double duration = 0;
  std::string uri;
  bool independent = false;
  bool gap = false;
  friend bool operator==(const Part&, const Part&) = default;
};

struct Segment {
  std::uint64_t msn = 0;
  std::uint64_t discontinuity_sequence = 0;
  bool discontinuity = false;
  bool gap = false;
  bool complete = false;  ///< has EXTINF and URI
  double duration = 0;
  std::string uri;
  std::string map;                      ///< URI of the EXT-X-MAP in force
  std::optional<std::int64_t> date_ms;  ///< its own EXT-X-PROGRAM-DATE-TIME
  std::vector<Part> parts;
  friend bool operator==(const Segment&, const Segment&) = default;
};

struct Report {
  std::string uri;
  std::optional<std::uint64_t> last_msn;
  std::optional<std::uint64_t> last_part;
};

struct MediaPlaylist {
  int version = 1;
  std::optional<std::uint64_t> target_duration;
  std::optional<double> part_target;
  bool server_control = false;
  bool can_block_reload = false;
  std::optional<double> can_skip_until;
  std::optional<double> hold_back;
  std::optional<double> part_hold_back;
  std::uint64_t media_sequence = 0;
  std::uint64_t discontinuity_sequence = 0;
  bool independent_segments = false;
  std::string type;
  bool ended = false;
  std::optional<std::uint64_t> skipped;
  std::vector<Segment> segments;  ///< the last may be incomplete
  std::vector<std::string> hints;
  std::vector<Report> reports;

  [[nodiscard]] const Segment* find(std::uint64_t msn) const;
  [[nodiscard]] const Segment* find_part(const std::string& uri) const;
  /// Number of the last complete segment; media_sequence - 1 when there is none.
  [[nodiscard]] std::uint64_t last_msn() const;
  /// Where the next part goes: its segment and its index.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> next_part() const;
};

struct Variant {
  std::map<std::string, std::string> attributes;
  std::string uri;
};

struct MasterPlaylist {
  int version = 1;
  std::vector<std::map<std::string, std::string>> media;  ///< EXT-X-MEDIA
  std::vector<Variant> variants;
};

/// Reads as far as it makes sense and says what does not.
[[nodiscard]] MediaPlaylist parse_media(std::string_view text, Findings& findings);
[[nodiscard]] MasterPlaylist parse_master(std::string_view text, Findings& findings);

/// What a client makes of a delta update and the playlist it had (section 6.3.7); a
/// playlist without EXT-X-SKIP is returned as it is.
[[nodiscard]] MediaPlaylist merge(const MediaPlaylist& before, const MediaPlaylist& update,
                                  Findings& findings);

}  // namespace tongke::test::hls
