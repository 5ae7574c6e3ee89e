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
constexpr std::array<Row, kKindCount> kTable = {{
    {Kind::state, "lllllll"},         {Kind::freeze_room, "rrlrl--"},   {Kind::freeze_lesson, "lllll-l"},
    {Kind::rest_room, "rrlrl-l"},     {Kind::rest_lesson, "lllll-l"},   {Kind::warning, "--lr---"},
    {Kind::note_room, "rrrr---"},     {Kind::note_lesson, "lllll-l"},   {Kind::page_room, "rrrr---"},
    {Kind::page_lesson, "lllll-l"},   {Kind::chapter, "lllll-l"},       {Kind::check_room, "rrlr---"},
    {Kind::check_lesson, "lllll-l"},  {Kind::tally, "--lr---"},         {Kind::answer_names, "--rr---"},
    {Kind::answer, "ss-----"},        {Kind::rollcall_room, "rrlr---"}, {Kind::rollcall_lesson, "llll---"},
    {Kind::digest, "--lr---"},        {Kind::help, "ssrr---"},          {Kind::hand, "ss-----"},
    {Kind::chat, "rrrr---"},          {Kind::chat_names, "--rr---"},    {Kind::chat_mode, "rrrr---"},
    {Kind::cowatch, "rrlrl-l"},       {Kind::roster, "--rr---"},        {Kind::device, "--rr---"},
    {Kind::unclear_names, "--rr---"}, {Kind::counts, "--lrl-l"},        {Kind::companion, "ss-----"},
}};

// Who may do what; the same letters, x = may.
struct Deed {
  Act act;
  const char* may;
};
constexpr std::array<Deed, kActCount> kDeeds = {{
    {Act::presence, "xxxxxxx"},     {Act::companion, "xx-----"},     {Act::sibling, "xx-----"},
    {Act::unclear, "xx-----"},      {Act::answer, "xx-----"},        {Act::here, "xx-----"},
    {Act::hand, "xx-----"},         {Act::ask_help, "xx-----"},      {Act::chat, "x-xx---"},
    {Act::note_room, "--xx---"},    {Act::note_lesson, "--x----"},   {Act::page_room, "--xx---"},
    {Act::page_lesson, "--x----"},  {Act::chapter, "--x----"},       {Act::check_room, "--xx---"},
    {Act::check_lesson, "--x----"}, {Act::rollcall_room, "--xx---"}, {Act::rollcall_lesson, "--x----"},
    {Act::digest, "---x---"},       {Act::give_help, "--xx---"},     {Act::run_chat, "--xx---"},
    {Act::freeze_room, "--xxx--"},  {Act::freeze_lesson, "--x-x--"},
}};

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
    for (const Kind kind :
         {Kind::roster, Kind::device, Kind::unclear_names, Kind::answer_names, Kind::chat_names}) {
      CHECK(reach(role, kind) == Reach::nothing);
    }
  }
}

TEST_CASE("visibility: every deed, for every role") {
  for (const auto& deed : kDeeds) {
    for (std::size_t r = 0; r < kRoleCount; ++r) {
      const auto role = static_cast<Role>(r);
      INFO("act " << static_cast<int>(deed.act) << ", " << to_string(role));
      CHECK(may_do(role, deed.act) == (deed.may[r] == 'x'));
    }
  }
}

TEST_CASE("visibility: what people tell each other is in no replay") {
  for (const Kind kind : {Kind::help, Kind::hand, Kind::chat, Kind::chat_names, Kind::answer,
                          Kind::answer_names, Kind::unclear_names, Kind::roster}) {
    CHECK_FALSE(kept(kind));
  }
}

TEST_CASE("visibility: who only watches can do nothing that others notice") {
  for (const Role role : {Role::inspector, Role::technician}) {
    CHECK(invisible(role));
    for (std::size_t act = 1; act < kActCount; ++act) CHECK_FALSE(may_do(role, static_cast<Act>(act)));
  }
}
