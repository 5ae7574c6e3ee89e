#pragma once

#include <utility>
#include <vector>

#include "tests/support/hls/playlist.hpp"

/// The rules of draft-pantos-hls-rfc8216bis that can be seen from outside, as functions of
/// what was read. Each returns what is wrong; nothing means good.
namespace tongke::test::hls {

/// One playlist by itself.
[[nodiscard]] Findings check_media(const MediaPlaylist& playlist);
[[nodiscard]] Findings check_master(const MasterPlaylist& playlist);
/// A playlist and a later reading of it (section 6.2.1, 6.2.2). Both whole.
[[nodiscard]] Findings check_update(const MediaPlaylist& before, const MediaPlaylist& after);
/// A delta update merged with an older reading, against the whole of the same moment.
[[nodiscard]] Findings check_delta(const MediaPlaylist& merged, const MediaPlaylist& whole);
/// All media playlists of a multivariant playlist, read at about the same time (6.2.4).
[[nodiscard]] Findings check_group(const std::vector<std::pair<std::string, MediaPlaylist>>& playlists);

/// How far program date and playlist durations may drift apart.
inline constexpr double kDateTolerance = 0.030;

}  // namespace tongke::test::hls
