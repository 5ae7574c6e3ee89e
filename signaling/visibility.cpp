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
    {R, R, R, R, O, O, O},  // note_room
    {L, L, L, L, L, O, L},  // note_lesson
    {R, R, L, R, L, O, L},  // cowatch
    {O, O, R, R, O, O, O},  // roster
    {O, O, R, R, O, O, O},  // device
    {O, O, R, R, O, O, O},  // unclear_names
    {O, O, L, R, L, O, L},  // counts
    {S, S, O, O, O, O, O},  // companion
}};

constexpr std::array<std::array<bool, kRoleCount>, kActCount> kMay = {{
    // pupil guardian lead teacher office technician inspector
    {true, true, true, true, true, true, true},        // presence
    {true, true, false, false, false, false, false},   // companion
    {true, true, false, false, false, false, false},   // sibling
    {true, true, false, false, false, false, false},   // unclear
    {false, false, true, true, false, false, false},   // note_room
    {false, false, true, false, false, false, false},  // note_lesson
    {false, false, true, true, true, false, false},    // freeze_room
    {false, false, true, false, true, false, false},   // freeze_lesson
}};

}  // namespace

Reach reach(Role role, Kind kind) noexcept {
  return kReach.at(static_cast<std::size_t>(kind)).at(static_cast<std::size_t>(role));
}

bool may_do(Role role, Act act) noexcept {
  return kMay.at(static_cast<std::size_t>(act)).at(static_cast<std::size_t>(role));
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
