#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "relay/live/media.hpp"
#include "relay/record/contents.hpp"

/// The journal: one JSON object a line, appended as things happen. Index and journal have
/// the same form; in an index each segment is one part line.
///
///   {"t":"lesson","id":"l1","started":1700000000000,"v":1}           ms since 1970
///   {"t":"init","r":"src","k":"video","n":0,"codecs":"avc1.42c01f","w":1280,"h":720,"fps":25.0,"z":812}
///   {"t":"part","r":"src","n":0,"m":7,"i":0,"s":14000000,"d":200000,"o":812,"z":5120,"key":1,"disc":1}
///   {"t":"gap","s":15000000,"d":4000000}                             nobody published
///   {"t":"fill","r":"audio","f":0,"n":0,"m":8,"s":15000000,"d":2000000,"o":612,"z":8120,"key":1}
///                                                                    sent in later for a gap
///   {"t":"loss","r":"src","s":15000000,"d":4000000,"why":"disk_full"}  published, not recorded
///   {"t":"end"}
/// r rendition, f number of the fill's file, n init number, m media sequence number, i index in the segment,
/// s start and d duration in µs, o offset and z size in bytes; key and disc are left out when false.
namespace tongke::relay::record {

inline constexpr unsigned kJournalVersion = 1;

struct LessonLine {
  std::string id;
  base::WallTime started{};
};
/// `init.bytes` is empty when parsed: the bytes are the first `size` of the media file.
struct InitLine {
  std::string rendition;
  live::TrackKind kind = live::TrackKind::video;
  live::RenditionInit init;
  std::uint64_t size = 0;
};
struct PartLine {
  std::string rendition;
  std::uint32_t init = 0;
  std::uint32_t msn = 0;
  std::uint32_t index = 0;
  base::MediaTime start{0};
  base::MediaTime duration{0};
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool independent = false;
  bool discontinuity = false;
};
struct GapLine {
  live::Gap gap;
};
struct FillLine {
  std::string rendition;
  Fill fill;
};
struct LossLine {
  Loss loss;
};
struct EndLine {};
/// A kind this version does not know.
struct OtherLine {
  std::string text;
};
using JournalLine =
    std::variant<LessonLine, InitLine, PartLine, FillLine, GapLine, LossLine, EndLine, OtherLine>;

/// The line with its line feed.
[[nodiscard]] std::string to_text(const JournalLine& line);
/// @param text without the line feed
/// @errors invalid: not an object, a member missing, of the wrong type or out of bounds, an
///         id that is not valid_id(), a version newer than kJournalVersion
[[nodiscard]] base::Result<JournalLine> parse_line(std::string_view text);

/// What the lines of a whole journal say, in so far as they agree with each other; every
/// line that does not, and a torn last one, is dropped and counted. What they say about
/// files is not checked here. Init bytes are missing; `init_sizes` says how long they are.
struct JournalReading {
  Contents contents;
  std::size_t dropped = 0;
  /// By position: of contents.renditions, then of its inits.
  std::vector<std::vector<std::uint64_t>> init_sizes;
};
/// @errors invalid: no usable lesson line
[[nodiscard]] base::Result<JournalReading> read_journal(std::string_view text);

/// Adds a part to the rendition: extends the last segment or begins a new one.
/// @errors invalid: its msn or offset goes back, or the init is unknown; nothing is added
base::Result<void> add_part(Rendition& rendition, const PartLine& part);

/// Writes contents as a new journal or index that takes the place of `path` in one step and
/// survives a power cut. Lines: lesson, inits, parts (one a segment), fills, gaps, losses, others, end.
/// @errors io, overload (disk full): `path` is as before
base::Result<void> save_journal(const std::filesystem::path& path, const Contents& contents);

}  // namespace tongke::relay::record
