// What those who teach tell classes at a moment of the lesson, what they ask, and the answers.
#include <algorithm>

#include "signaling/lesson.hpp"
#include "signaling/protocol/encode.hpp"

namespace tongke::signaling {

namespace encode = protocol::encode;

namespace {

/// Checks whose answers a teacher who comes is told; a lesson has few.
constexpr std::size_t kBriefChecks = 8;

}  // namespace

Lesson::Target Lesson::target(const Member& member, const std::string& room, Act in_room,
                              Act in_lesson) const {
  if (!room.empty()) {
    const auto number = room_number(room);
    if (!number || !may_do(member.role, in_room)) return {};
    const bool own = std::ranges::find(member.rooms, *number) != member.rooms.end();
    return {own || may_do(member.role, in_lesson), number};
  }
  if (may_do(member.role, in_lesson)) return {true, std::nullopt};
  if (may_do(member.role, in_room) && member.rooms.size() == 1) return {true, member.rooms.front()};
  return {};
}

void Lesson::note(ConnectionId id, const protocol::Note& note, const Instant& now) {
  const Member& who = member(id);
  const Target to = target(who, note.room, Act::note_room, Act::note_lesson);
  if (!to.ok) return refuse(who, "forbidden", "room");
  publish(to.room ? Kind::note_room : Kind::note_lesson, to.room,
          encode::note(events_.next(), room_id(to.room), who.label, note), now.steady);
}

std::string_view Lesson::room_id(std::optional<std::uint16_t> room) const {
  return room ? std::string_view(rooms_[*room].id()) : std::string_view();
}

void Lesson::freeze(ConnectionId id, const protocol::Freeze& freeze, const Instant& now) {
  const Member& who = member(id);
  const Target to = target(who, freeze.room, Act::freeze_room, Act::freeze_lesson);
  if (!to.ok) return refuse(who, "forbidden", "room");
  if (to.room) {
    rooms_[*to.room].frozen = freeze.on;
  } else {
    frozen_ = freeze.on;
  }
  publish(to.room ? Kind::freeze_room : Kind::freeze_lesson, to.room,
          encode::freeze(events_.next(), room_id(to.room), freeze.on), now.steady);
}

bool Lesson::is_frozen(const Member& member) const {
  return frozen_ || std::ranges::any_of(member.rooms, [&](auto room) { return rooms_[room].frozen; });
}

void Lesson::page(ConnectionId id, const protocol::Page& page, const Instant& now) {
  const Member& who = member(id);
  const Target to = target(who, page.room, Act::page_room, Act::page_lesson);
  if (!to.ok) return refuse(who, "forbidden", "room");
  publish(to.room ? Kind::page_room : Kind::page_lesson, to.room,
          encode::page(events_.next(), room_id(to.room), who.label, page), now.steady);
}

void Lesson::chapter(ConnectionId id, const protocol::Chapter& chapter, const Instant& now) {
  const Member& who = member(id);
  if (!may_do(who.role, Act::chapter)) return refuse(who, "forbidden");
  publish(Kind::chapter, std::nullopt, encode::chapter(events_.next(), chapter), now.steady);
}

// ---- quick checks ----

void Lesson::check(ConnectionId id, const protocol::Check& check, const Instant& now) {
  const Member& who = member(id);
  const Target to = target(who, check.room, Act::check_room, Act::check_lesson);
  if (!to.ok) return refuse(who, "forbidden", "room");
  if (work_.full()) return refuse(who, "too_many");
  const std::uint64_t seq = events_.next();
  const std::string frame = encode::check(seq, room_id(to.room), who.label, check);
  if (frame.size() > protocol::kMaxFrame) return refuse(who, "too_long", "items");
  work_.ask(seq, to.room, check.items);
  publish(to.room ? Kind::check_room : Kind::check_lesson, to.room, frame, now.steady,
          encode::check(seq, room_id(to.room), who.label, check, true));
}

void Lesson::answer(ConnectionId id, const protocol::Answer& answer) {
  const Member& who = member(id);
  if (!may_do(who.role, Act::answer) || !who.seat) return refuse(who, "forbidden");
  const std::uint16_t room = who.rooms.front();
  const auto* const asked = work_.find(answer.check, answer.item, room);
  if (asked == nullptr) return refuse(who, "not_found", "check");
  if (!protocol::answers(answer.reply, *asked)) return refuse(who, "out_of_range", "choices");
  work_.answer(room, *who.seat, answer);
  (void)ports_.store.keep_answer(id_, ClassWork::line(rooms_[room].id(), *who.seat, answer));
  deliver(Kind::answer, {.room = room, .seat = who.seat},
          protocol::framed(encode::answer(answer, work_.right(answer))));
}

std::vector<protocol::AnswerLine> Lesson::answer_lines(const ClassWork::Place& place,
                                                       const std::set<std::uint32_t>* only) const {
  const Room& room = rooms_[place.room];
  return work_.answers(
      place, [&](std::uint32_t seat) { return room.label_of(seat); }, only);
}

void Lesson::brief_work(const Member& member) const {
  const Viewer who = viewer(member);
  if (is_audience(member.role)) {
    if (!member.seat) return;
    for (const auto& answer : work_.of_seat(member.rooms.front(), *member.seat))
      reply(member, encode::answer(answer, work_.right(answer)));
    if (rooms_[member.rooms.front()].hand_of(*member.seat)) reply(member, encode::hand(true));
    return;
  }
  for (std::uint16_t room = 0; room < rooms_.size(); ++room) {
    const Subject subject{.room = room, .seat = std::nullopt};
    if (!may_see(who, Kind::tally, subject)) continue;
    auto asked = work_.asked(room);
    asked.erase(asked.begin(),
                asked.end() - static_cast<std::ptrdiff_t>(std::min(asked.size(), kBriefChecks)));
    for (const std::uint64_t check : asked) {
      const auto tallies = work_.tally(check, room);
      if (std::ranges::all_of(tallies, [](const auto& tally) { return tally.answered == 0; })) continue;
      reply(member, encode::tally(check, rooms_[room].id(), tallies));
      if (!may_see(who, Kind::answer_names, subject)) continue;
      for (std::uint8_t item = 0; item < tallies.size(); ++item) {
        send_all(member,
                 encode::answers(check, rooms_[room].id(), item, answer_lines({check, room, item}, nullptr)));
      }
    }
  }
}

// ---- the roll-call ----

void Lesson::roll_call(ConnectionId id, const protocol::RollCall& call, const Instant& now) {
  const Member& who = member(id);
  const Target to = target(who, call.room, Act::rollcall_room, Act::rollcall_lesson);
  if (!to.ok) return refuse(who, "forbidden", "room");
  if (!work_.call(to.room)) return refuse(who, "once");
  publish(to.room ? Kind::rollcall_room : Kind::rollcall_lesson, to.room,
          encode::rollcall(events_.next(), room_id(to.room)), now.steady);
}

void Lesson::here(ConnectionId id) {
  const Member& who = member(id);
  if (!may_do(who.role, Act::here) || !who.seat) return refuse(who, "forbidden");
  for (const auto& [room, seat] : who.counted) {
    if (!work_.called(room)) {
      refuse(who, "not_found");
    } else if (work_.here(room, seat)) {
      rooms_[room].set_here(seat);
      (void)ports_.store.keep_answer(id_, ClassWork::line(rooms_[room].id(), seat));
    }
  }
}

// ---- the hour ----

void Lesson::rest(std::string_view room, protocol::Rest why, const Instant& now) {
  const auto number = room_number(room);
  if (!room.empty() && !number) return;
  for (std::uint16_t each = 0; each < rooms_.size(); ++each) {
    if (number.value_or(each) == each) rooms_[each].rest = why;
  }
  publish(number ? Kind::rest_room : Kind::rest_lesson, number, encode::rest(events_.next(), room, why),
          now.steady);
}

void Lesson::warn(std::string_view room, protocol::Rest why, std::chrono::minutes left, const Instant& now) {
  const auto number = room_number(room);
  if (!room.empty() && !number) return;
  publish(Kind::warning, number, encode::warning(events_.next(), room, why, left), now.steady);
}

}  // namespace tongke::signaling
