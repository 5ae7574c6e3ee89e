#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/messages.hpp"

/// Frames of the server, as compact JSON text. Whatever is longer than a frame may be is cut
/// into several: `part` of `parts`, in order.  @thread any
namespace tongke::signaling::protocol::encode {

[[nodiscard]] std::string welcome(const Welcome& welcome);
/// Answers a heartbeat; `seq` lets a client see whether it missed anything.
[[nodiscard]] std::string beat(std::uint64_t seq);
[[nodiscard]] std::string state(std::uint64_t seq, OnAir state);
/// A still picture in the stream's place, and why: "reconnecting".
[[nodiscard]] std::string slate(std::uint64_t seq, bool on, std::string_view why);
[[nodiscard]] std::string freeze(std::uint64_t seq, std::string_view room, bool on);
[[nodiscard]] std::string note(std::uint64_t seq, std::string_view room, std::string_view from,
                               const Note& note);
/// Everybody of a room; replaces what the client knew of it.
[[nodiscard]] std::vector<std::string> roster(std::string_view room, std::span<const SeatLine> seats);
/// Those of a room that changed.
[[nodiscard]] std::vector<std::string> seats(std::string_view room, std::span<const SeatLine> seats);
[[nodiscard]] std::vector<std::string> counts(std::span<const RoomCount> rooms);
/// Which teachers are here. @param room  whose list it is; empty = the whole lesson's
[[nodiscard]] std::vector<std::string> cowatch(std::string_view room, std::span<const TeacherLine> teachers);
/// Who did not follow, lately; names for their own teacher only.
[[nodiscard]] std::vector<std::string> unclear(std::string_view room, std::span<const UnclearSeat> seats);
/// To the devices of the seat itself.
[[nodiscard]] std::string companion(Who who, std::optional<base::WallTime> since);
/// A third device of a seat was refused: to its teacher.
[[nodiscard]] std::string device(std::string_view room, std::uint32_t seat, std::string_view label);
[[nodiscard]] std::string bye(Close reason);
[[nodiscard]] std::string error(std::string_view code, std::string_view field);

}  // namespace tongke::signaling::protocol::encode
