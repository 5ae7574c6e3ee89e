#include "relay/app/school_rooms.hpp"

#include <algorithm>

namespace tongke::relay::app {

using school::Role;
using signaling::LessonPlan;
using signaling::Placement;
using SignalOnAir = signaling::protocol::OnAir;
namespace people = school::people;

namespace {

std::vector<std::uint16_t> rooms_of(const people::Directory& district, const people::Staff& staff,
                                    const std::vector<school::Room>& rooms) {
  std::vector<std::uint16_t> own;
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    if (school::teaches(district, staff, rooms[i])) own.push_back(static_cast<std::uint16_t>(i));
  }
  return own;
}

}  // namespace

SchoolRooms::SchoolRooms() {
  auto plan = std::make_shared<LessonPlan>();
  plan->rooms.push_back({.id = "1", .label = {}, .seats = {}});
  open_ = std::move(plan);
}

void SchoolRooms::set_people(people::Snapshot snapshot) {
  state_.with([&](State& state) { state.people = std::move(snapshot); });
}

void SchoolRooms::arrange(const school::Arrangement& lesson) {
  state_.with([&](State& state) {
    Arranged& arranged = state.lessons[lesson.lesson];
    arranged.lesson = lesson;
    arranged.plan = nullptr;
  });
}

void SchoolRooms::forget(std::string_view lesson) {
  state_.with([&](State& state) {
    const auto drop = [&](auto& known) {
      if (const auto found = known.find(lesson); found != known.end()) known.erase(found);
    };
    drop(state.lessons);
    drop(state.on_air);
  });
}

bool SchoolRooms::set_on_air(const std::string& lesson, SignalOnAir now) {
  return state_.with([&](State& state) { return std::exchange(state.on_air[lesson], now) != now; });
}

SignalOnAir SchoolRooms::on_air(std::string_view lesson) const {
  return state_.with([&](const State& state) {
    const auto found = state.on_air.find(lesson);
    return found == state.on_air.end() ? SignalOnAir::waiting : found->second;
  });
}

SchoolRooms::Arranged* SchoolRooms::arranged(State& state, std::string_view lesson) {
  const auto found = state.lessons.find(lesson);
  if (found == state.lessons.end()) return nullptr;
  Arranged& arranged = found->second;
  if (arranged.lesson.rooms.empty() && arranged.rooms.empty()) return nullptr;
  if (!arranged.plan || arranged.people != state.people) make_plan(state, arranged);
  return &arranged;
}

void SchoolRooms::make_plan(const State& state, Arranged& arranged) {
  arranged.people = state.people;
  arranged.seats.clear();
  for (const school::Room& room : arranged.lesson.rooms) {
    const auto known = std::ranges::find(arranged.rooms, room.id, &school::Room::id);
    if (known == arranged.rooms.end()) {
      arranged.rooms.push_back(room);
    } else {
      *known = room;
    }
  }
  auto plan = std::make_shared<LessonPlan>();
  for (std::size_t number = 0; number < arranged.rooms.size(); ++number) {
    const school::Room& room = arranged.rooms[number];
    auto& planned = plan->rooms.emplace_back();
    planned.id = room.public_id.str();
    planned.label = school::label_of(*state.people, room.seating);
    // A room that was taken away keeps its number, and nobody is in it.
    if (std::ranges::find(arranged.lesson.rooms, room.id, &school::Room::id) == arranged.lesson.rooms.end())
      continue;
    for (const people::PupilId pupil : school::expected_in(*state.people, room.seating)) {
      planned.seats.push_back({school::kRosterSeats + pupil.value, state.people->find(pupil)->name});
      arranged.seats.emplace(pupil.value, static_cast<std::uint16_t>(number));
    }
  }
  arranged.plan = std::move(plan);
}

std::shared_ptr<const LessonPlan> SchoolRooms::plan(std::string_view lesson) const {
  return state_.with([&](State& state) {
    const Arranged* const found = arranged(state, lesson);
    return found == nullptr ? open_ : found->plan;
  });
}

std::optional<Placement> SchoolRooms::place(const LessonPlan& plan, const school::Token& token) const {
  auto placement = state_.with([&](State& state) {
    const Arranged* const found = arranged(state, token.lesson);
    return found == nullptr ? place_in_open(token) : place_in(*found, token);
  });
  // The plan asked about may be a moment older.
  if (placement) std::erase_if(placement->rooms, [&](auto room) { return room >= plan.rooms.size(); });
  return placement;
}

std::optional<Placement> SchoolRooms::place_in(const Arranged& arranged, const school::Token& token) {
  const bool somebody = token.seat >= school::kRosterSeats;
  const std::uint32_t row = somebody ? token.seat - school::kRosterSeats : 0;
  const bool one_room = arranged.lesson.rooms.size() == 1 && arranged.rooms.size() == 1;
  switch (token.role) {
    case Role::pupil:
    case Role::guardian: {
      const auto seat = somebody ? arranged.seats.find(row) : arranged.seats.end();
      if (seat != arranged.seats.end())
        return Placement{.rooms = {seat->second}, .seat = token.seat, .label = {}};
      // A link for nobody in particular watches, and is counted as nobody.
      if (!somebody && one_room) return Placement{.rooms = {0}, .seat = std::nullopt, .label = {}};
      return std::nullopt;
    }
    case Role::lead:
    case Role::teacher: {
      const auto* const staff = somebody ? arranged.people->find(people::StaffId{row}) : nullptr;
      if (somebody && (!staff || staff->standing != people::Standing::active)) return std::nullopt;
      if (staff)
        return Placement{
            .rooms = rooms_of(*arranged.people, *staff, arranged.rooms), .seat = {}, .label = staff->name};
      return one_room ? Placement{.rooms = {0}, .seat = {}, .label = {}} : Placement{};
    }
    case Role::office:
    case Role::technician:
    case Role::inspector:
      return Placement{};
  }
  return std::nullopt;
}

std::optional<Placement> SchoolRooms::place_in_open(const school::Token& token) {
  switch (token.role) {
    case Role::pupil:
      return Placement{.rooms = {0}, .seat = token.seat, .label = {}};
    case Role::guardian:
    case Role::lead:  // the one class there is is her own
    case Role::teacher:
      return Placement{.rooms = {0}, .seat = std::nullopt, .label = {}};
    case Role::office:
    case Role::technician:
    case Role::inspector:
      return Placement{};
  }
  return std::nullopt;
}

}  // namespace tongke::relay::app
