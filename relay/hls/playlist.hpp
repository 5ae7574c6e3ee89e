#pragma once

#include <cstdint>
#include <string>

#include "relay/live/snapshot.hpp"

/// Snapshots as HLS playlist text. Pure.
///
/// While a lesson is live its playlists have no EXT-X-PLAYLIST-TYPE and no EXT-X-START,
/// though they list everything since its beginning: that is what makes hls.js, Safari,
/// ffmpeg, VLC and GStreamer join at the live edge and still allows rewinding. Once it has
/// ended the same address is a VOD playlist, which all of them play from the beginning.
/// @source draft-pantos-hls-rfc8216bis sections 4, 6.2 and 8
namespace tongke::relay::hls {

/// Who reads a multivariant playlist.
enum class Reader : std::uint8_t {
  any,
  /// VLC 3 takes all variants for what the one of the lowest bandwidth is, and plays no
  /// picture when that is sound alone: it is not offered sound alone beside pictures. Nor what is
  /// only made when asked for: it does not know EXT-X-GAP, and after one missing segment it never
  /// shows a picture again.
  vlc
};
/// Tells the reader by its User-Agent ("VLC/3.0.24 LibVLC/3.0.24").
[[nodiscard]] Reader reader_of(std::string_view user_agent) noexcept;

/// The multivariant playlist; empty while no rendition has media, and of the first
/// segment while it is known only of pictures. URIs are relative to
/// /hls/{token}/{lesson}/.
[[nodiscard]] std::string master_playlist(const live::LessonSnapshot& lesson, Reader reader = Reader::any);

/// A media playlist in the pieces it is cached in; put together they are the full text.
/// `rendition` must not be empty and must be one of the lesson's.
[[nodiscard]] std::string media_head(const live::LessonSnapshot& lesson,
                                     const live::RenditionSnapshot& rendition);
/// The segments of one block of rendition.history: never changes (unless one is lost later).
[[nodiscard]] std::string media_block(const live::LessonSnapshot& lesson,
                                      const live::RenditionSnapshot& rendition,
                                      const live::SegmentBlock& block);
/// Everything after the history.
[[nodiscard]] std::string media_tail(const live::LessonSnapshot& lesson,
                                     const live::RenditionSnapshot& rendition);

[[nodiscard]] std::string media_playlist(const live::LessonSnapshot& lesson,
                                         const live::RenditionSnapshot& rendition);

/// The delta update that `_HLS_skip` asks for: media_playlist() with segments beyond the
/// skip boundary replaced by EXT-X-SKIP. The full text when nothing can be skipped or the
/// lesson has ended.
[[nodiscard]] std::string media_delta(const live::LessonSnapshot& lesson,
                                      const live::RenditionSnapshot& rendition);

/// How many parts beyond the newest a request may name (RFC 8216bis section 6.2.5.2).
[[nodiscard]] std::uint32_t advance_part_limit(const live::RenditionSnapshot& rendition);

}  // namespace tongke::relay::hls
