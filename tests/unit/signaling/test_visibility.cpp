#include <array>

#include "signaling/visibility.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::signaling;
using tongke::school::kRoleCount;
using tongke::school::Role;

namespace {

// What the requirements (§1.9) allow, written down again and apart from the code: the letters
// are pupil, guardian, lead, teacher, office, technician, inspector; - nothing, s own seat,
// r own room, l the lesson.
struct Row {
  Kind kind;
  const char* reach;
};
constexpr std::array<Row, kKindCount> kTable = {{{Kind::state, "lllllll"},
                                                 {Kind::freeze_room, "rrlrl--"},
                                                 {Kind::freeze_lesson, "lllll-l"},
                                                 {Kind::note_room, "rrrr---"},
                                                 {Kind::note_lesson, "lllll-l"},
                                                 {Kind::cowatch, "rrlrl-l"},
                                                 {Kind::roster, "--rr---"},
                                                 {Kind::device, "--rr---"},
                                                 {Kind::unclear_names, "--rr---"},
                                                 {Kind::counts, "--lrl-l"},
                                                 {Kind::companion, "ss-----"}}};

}  // namespace

TEST_CASE("visibility: every kind of frame, for every role, in its own room and another's") {
  const std::array<std::uint16_t, 1> own = {0};
  for (const auto& row : kTable) {
    for (std::size_t r = 0; r < kRoleCount; ++r) {
      const auto role = static_cast<Role>(r);
      INFO("kind " << static_cast<int>(row.kind) << ", " << to_string(role));
      const char reaches = row.reach[r];
      const Viewer with_room{.role = role, .rooms = own, .seat = 7};
      const Viewer without{.role = role, .rooms = {}, .seat = std::nullopt};
      CHECK(may_see(with_room, row.kind, {.room = 0, .seat = 7}) == (reaches != '-'));
      CHECK(may_see(with_room, row.kind, {.room = 1, .seat = 8}) == (reaches == 'l'));
      CHECK(may_see(with_room, row.kind, {.room = std::nullopt, .seat = std::nullopt}) == (reaches == 'l'));
      CHECK(may_see(without, row.kind, {.room = 0, .seat = 7}) == (reaches == 'l'));
    }
  }
}

TEST_CASE("visibility: nothing with names in it reaches a pupil, a guardian, an office or an inspector") {
  for (const Role role : {Role::pupil, Role::guardian, Role::office, Role::technician, Role::inspector}) {
    for (const Kind kind : {Kind::roster, Kind::device, Kind::unclear_names}) {
      CHECK(reach(role, kind) == Reach::nothing);
    }
  }
}

TEST_CASE("visibility: who only watches can do nothing that others notice") {
  for (const Role role : {Role::inspector, Role::technician}) {
    CHECK(invisible(role));
    for (std::size_t act = 1; act < kActCount; ++act) CHECK_FALSE(may_do(role, static_cast<Act>(act)));
  }
  for (const Act act : {Act::note_room, Act::note_lesson, Act::freeze_room, Act::freeze_lesson}) {
    CHECK_FALSE(may_do(Role::pupil, act));
    CHECK_FALSE(may_do(Role::guardian, act));
  }
  CHECK_FALSE(may_do(Role::teacher, Act::note_lesson));
}
