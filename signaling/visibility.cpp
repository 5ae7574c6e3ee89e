#include "signaling/visibility.hpp"

#include <algorithm>
#include <array>

namespace tongke::signaling {
namespace {

using school::kRoleCount;
using school::Role;

constexpr Reach O = Reach::nothing;
constexpr Reach S = Reach::own_seat;
constexpr Reach R = Reach::own_room;
constexpr Reach L = Reach::lesson;

// A lead sees names only where the class is also her own; a pupil sees of others nothing at
// all; the office and inspectors see numbers; the technician sees the stream.
constexpr std::array<std::array<Reach, kRoleCount>, kKindCount> kReach = {{
    // pupil guardian lead teacher office technician inspector
    {L, L, L, L, L, L, L},  // state
    {R, R, L, R, L, O, O},  // freeze_room
    {L, L, L, L, L, O, L},  // freeze_lesson
    {R, R, L, R, L, O, L},  // rest_room
    {L, L, L, L, L, O, L},  // rest_lesson
    {O, O, L, R, O, O, O},  // warning
    {R, R, R, R, O, O, O},  // note_room
    {L, L, L, L, L, O, L},  // note_lesson
    {R, R, R, R, O, O, O},  // page_room
    {L, L, L, L, L, O, L},  // page_lesson
    {L, L, L, L, L, O, L},  // chapter
    {R, R, L, R, O, O, O},  // check_room
    {L, L, L, L, L, O, L},  // check_lesson
    {O, O, L, R, O, O, O},  // tally
    {O, O, R, R, O, O, O},  // answer_names
    {S, S, O, O, O, O, O},  // answer
    {R, R, L, R, O, O, O},  // rollcall_room
    {L, L, L, L, O, O, O},  // rollcall_lesson
    {O, O, L, R, O, O, O},  // digest
    {S, S, R, R, O, O, O},  // help
    {S, S, O, O, O, O, O},  // hand
    {R, R, R, R, O, O, O},  // chat
    {O, O, R, R, O, O, O},  // chat_names
    {R, R, R, R, O, O, O},  // chat_mode
    {R, R, L, R, L, O, L},  // cowatch
    {O, O, R, R, O, O, O},  // roster
    {O, O, R, R, O, O, O},  // device
    {O, O, R, R, O, O, O},  // unclear_names
    {O, O, L, R, L, O, L},  // counts
    {S, S, O, O, O, O, O},  // companion
}};

// Roles as bits; in rooms each only in its own.
constexpr unsigned kPupil = 1U << static_cast<unsigned>(Role::pupil);
constexpr unsigned kGuardian = 1U << static_cast<unsigned>(Role::guardian);
constexpr unsigned kLead = 1U << static_cast<unsigned>(Role::lead);
constexpr unsigned kTeacher = 1U << static_cast<unsigned>(Role::teacher);
constexpr unsigned kOffice = 1U << static_cast<unsigned>(Role::office);
constexpr unsigned kEverybody = (1U << kRoleCount) - 1;

constexpr std::array<unsigned, kActCount> kMay = {
    kEverybody,                  // presence
    kPupil | kGuardian,          // companion
    kPupil | kGuardian,          // sibling
    kPupil | kGuardian,          // unclear
    kPupil | kGuardian,          // answer
    kPupil | kGuardian,          // here
    kPupil | kGuardian,          // hand
    kPupil | kGuardian,          // ask_help
    kPupil | kLead | kTeacher,   // chat
    kLead | kTeacher,            // note_room
    kLead,                       // note_lesson
    kLead | kTeacher,            // page_room
    kLead,                       // page_lesson
    kLead,                       // chapter
    kLead | kTeacher,            // check_room
    kLead,                       // check_lesson
    kLead | kTeacher,            // rollcall_room
    kLead,                       // rollcall_lesson
    kTeacher,                    // digest
    kLead | kTeacher,            // give_help
    kLead | kTeacher,            // run_chat
    kLead | kTeacher | kOffice,  // freeze_room
    kLead | kOffice,             // freeze_lesson
};

}  // namespace

Reach reach(Role role, Kind kind) noexcept {
  return kReach.at(static_cast<std::size_t>(kind)).at(static_cast<std::size_t>(role));
}

bool may_do(Role role, Act act) noexcept {
  return (kMay.at(static_cast<std::size_t>(act)) >> static_cast<unsigned>(role) & 1U) != 0;
}

bool kept(Kind kind) noexcept {
  switch (kind) {
    case Kind::note_room:
    case Kind::note_lesson:
    case Kind::page_room:
    case Kind::page_lesson:
    case Kind::chapter:
    case Kind::check_room:
    case Kind::check_lesson:
    case Kind::rollcall_room:
    case Kind::rollcall_lesson:
    case Kind::digest:
      return true;
    default:
      return false;
  }
}

bool may_see(const Viewer& viewer, Kind kind, const Subject& subject) noexcept {
  switch (reach(viewer.role, kind)) {
    case Reach::nothing:
      return false;
    case Reach::lesson:
      return true;
    case Reach::own_seat:
      return viewer.seat.has_value() && viewer.seat == subject.seat;
    case Reach::own_room:
      return subject.room && std::ranges::find(viewer.rooms, *subject.room) != viewer.rooms.end();
  }
  return false;
}

bool invisible(Role role) noexcept {
  return role == Role::inspector || role == Role::technician || role == Role::office;
}

bool is_audience(Role role) noexcept { return role == Role::pupil || role == Role::guardian; }

}  // namespace tongke::signaling
