#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "school/token.hpp"

/// Who sees what and who may do what in a lesson: the one place that decides.
/// @source requirements §1.9 (roles), RM-1, RM-3, RM-4, RM-8, RM-9, SP-3
namespace tongke::signaling {

/// What a frame tells. Answers to the viewer himself (welcome, beat, error, bye) are his own.
enum class Kind : std::uint8_t {
  state = 0,      ///< what is on air; slate
  freeze_room,    ///< texts are closed in a class
  freeze_lesson,  ///< texts are closed everywhere
  rest_room,      ///< a class rests, or goes on
  rest_lesson,    ///< every class does
  warning,        ///< the hour of a class is nearly over
  note_room,      ///< a subject teacher's note to a class
  note_lesson,    ///< the lead's note to everybody
  page_room,      ///< "page 12"
  page_lesson,
  chapter,     ///< a part of the lesson begins
  check_room,  ///< questions to a class
  check_lesson,
  tally,          ///< how a class answered, in numbers
  answer_names,   ///< how it answered, by name
  answer,         ///< this pupil's own answer
  rollcall_room,  ///< "who is here?"
  rollcall_lesson,
  digest,         ///< a class's teacher to the lead
  help,           ///< between a pupil and his own teacher
  hand,           ///< whether this pupil's own hand is up
  chat,           ///< the class talks
  chat_names,     ///< who of it said what, and what waits to be shown
  chat_mode,      ///< whether it may
  cowatch,        ///< which teachers are here
  roster,         ///< pupils by name: state, devices, companions, hands
  device,         ///< a pupil's third device was refused
  unclear_names,  ///< who did not follow
  counts,         ///< numbers by room
  companion,      ///< who sits beside this pupil
};
inline constexpr std::size_t kKindCount = 30;
/// Whether such news belong to the lesson: on disk, and shown again in its replay. What people
/// tell each other never does.
[[nodiscard]] bool kept(Kind kind) noexcept;

/// How far a role's eyes reach.
enum class Reach : std::uint8_t { nothing = 0, own_seat, own_room, lesson };

[[nodiscard]] Reach reach(school::Role role, Kind kind) noexcept;

enum class Act : std::uint8_t {
  presence = 0,
  companion,
  sibling,
  unclear,
  answer,  ///< a quick check
  here,    ///< to the roll-call
  hand,
  ask_help,
  chat,
  note_room,
  note_lesson,
  page_room,
  page_lesson,
  chapter,
  check_room,
  check_lesson,
  rollcall_room,
  rollcall_lesson,
  digest,
  give_help,  ///< answer a pupil; take a hand down
  run_chat,   ///< open, close and moderate
  freeze_room,
  freeze_lesson
};
inline constexpr std::size_t kActCount = 23;
/// Whether a role does such things at all; in rooms only in its own.
[[nodiscard]] bool may_do(school::Role role, Act act) noexcept;

/// Somebody in a lesson: his rooms by number, and the seat that is his or his child's.
struct Viewer {
  school::Role role = school::Role::pupil;
  std::span<const std::uint16_t> rooms;
  std::optional<std::uint32_t> seat;
};
/// Whom a frame is about; nullopt = not one room, not one seat.
struct Subject {
  std::optional<std::uint16_t> room;
  std::optional<std::uint32_t> seat;
};
/// @pre of the same lesson; other lessons never meet
[[nodiscard]] bool may_see(const Viewer& viewer, Kind kind, const Subject& subject) noexcept;

/// Whether the role is seen by nobody: it watches, and is not in any list.
[[nodiscard]] bool invisible(school::Role role) noexcept;
/// Pupils and guardians: shown the lesson, not the people.
[[nodiscard]] bool is_audience(school::Role role) noexcept;

}  // namespace tongke::signaling
