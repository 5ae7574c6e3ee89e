#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/news.hpp"

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
[[nodiscard]] std::string page(std::uint64_t seq, std::string_view room, std::string_view from,
                               const Page& page);
[[nodiscard]] std::string chapter(std::uint64_t seq, const Chapter& chapter);
/// A class rests, or with Rest::none goes on. @param room  empty = every class
[[nodiscard]] std::string rest(std::uint64_t seq, std::string_view room, Rest why);
/// To those who teach: so much is left until the rest.
[[nodiscard]] std::string warning(std::uint64_t seq, std::string_view room, Rest why,
                                  std::chrono::minutes left);
[[nodiscard]] std::string rollcall(std::uint64_t seq, std::string_view room);
/// A class's teacher to the lead. @param label  of the room
[[nodiscard]] std::string digest(std::uint64_t seq, std::string_view room, std::string_view label,
                                 std::string_view from, std::string_view text);
/// May be longer than a frame: the caller looks.
/// @param with_right  what is right too: for the journal, never for a pupil
[[nodiscard]] std::string check(std::uint64_t seq, std::string_view room, std::string_view from,
                                const Check& check, bool with_right = false);
/// To the devices of the seat that answered. @param right  nullopt when the check does not say
[[nodiscard]] std::string answer(const Answer& answer, std::optional<bool> right);
/// How a class answered, in numbers.
[[nodiscard]] std::string tally(std::uint64_t check, std::string_view room, std::span<const ItemTally> items);
/// The newest answers to one question, by name, for the class's own teacher only.
[[nodiscard]] std::vector<std::string> answers(std::uint64_t check, std::string_view room, std::uint8_t item,
                                               std::span<const AnswerLine> lines);
[[nodiscard]] std::string help(const HelpLine& line);
/// To the devices of the seat itself.
[[nodiscard]] std::string hand(bool on);
[[nodiscard]] std::string chat(const ChatLine& line);
[[nodiscard]] std::string chat_gone(std::uint64_t id, std::string_view room);
[[nodiscard]] std::string chat_mode(std::uint64_t seq, std::string_view room, ChatMode mode);
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
