// What a lesson tells whom, and when.
#include <algorithm>
#include <set>
#include <utility>

#include "signaling/lesson.hpp"
#include "signaling/protocol/encode.hpp"

namespace tongke::signaling {

namespace encode = protocol::encode;

void Lesson::tick(const Instant& now) {
  std::vector<std::uint16_t> recount;
  for (std::uint16_t room = 0; room < rooms_.size(); ++room) {
    Room& here = rooms_[room];
    if (here.expire(now)) unclear_changed_[room] = true;
    const Subject subject{.room = room, .seat = std::nullopt};
    const auto changed = here.take_changed();
    const bool unclear = unclear_changed_[room];
    unclear_changed_[room] = false;
    if (staff_.empty() || (changed.empty() && !unclear)) continue;
    if (!changed.empty()) deliver_all(Kind::roster, subject, encode::seats(here.id(), changed));
    if (unclear) deliver_all(Kind::unclear_names, subject, encode::unclear(here.id(), here.unclear()));
    recount.push_back(room);
  }
  if (!recount.empty()) {
    for (const Member* grown_up : staff_) send_counts(*grown_up, recount);
  }
  if (std::exchange(teachers_changed_, false)) tell_teachers(now.steady);
  tell_work();
}

void Lesson::tell_work() {
  const auto changed = work_.take_changed();
  std::set<std::pair<std::uint64_t, std::uint16_t>> told;
  for (const auto& [place, seats] : changed) {
    if (staff_.empty()) return;  // who comes later is told all there is
    const Subject subject{.room = place.room, .seat = std::nullopt};
    const std::string& room = rooms_[place.room].id();
    if (told.emplace(place.check, place.room).second) {
      deliver(Kind::tally, subject,
              protocol::framed(encode::tally(place.check, room, work_.tally(place.check, place.room))));
    }
    deliver_all(Kind::answer_names, subject,
                encode::answers(place.check, room, place.item, answer_lines(place, &seats)));
  }
}

std::vector<protocol::TeacherLine> Lesson::teachers(std::optional<std::uint16_t> room,
                                                    base::Steady::time_point now) const {
  std::vector<protocol::TeacherLine> lines;
  for (const auto& [link, teacher] : teachers_) {
    if (teacher.devices == 0) continue;
    if (room && std::ranges::find(teacher.rooms, *room) == teacher.rooms.end()) continue;
    protocol::TeacherLine line;
    line.label = teacher.label;
    // A class is not told which other classes its teacher watches.
    if (!room) {
      for (const auto own : teacher.rooms) line.rooms.push_back(rooms_[own].label());
    }
    line.minutes = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::minutes>(teacher.before + (now - teacher.since)).count());
    lines.push_back(std::move(line));
  }
  return lines;
}

void Lesson::tell_teachers(base::Steady::time_point now) {
  for (std::uint16_t room = 0; room < rooms_.size(); ++room) {
    const Subject subject{.room = room, .seat = std::nullopt};
    const auto frames = encode::cowatch(rooms_[room].id(), teachers(room, now));
    for (const auto& text : frames) {
      const auto frame = protocol::framed(text);
      for (const Member* pupil : audience_[room]) {
        if (may_see(viewer(*pupil), Kind::cowatch, subject)) ports_.outbox.send(pupil->id, frame);
      }
      for (const Member* grown_up : staff_) {
        // Whoever sees the whole lesson's list needs no room's.
        if (reach(grown_up->role, Kind::cowatch) == Reach::own_room &&
            may_see(viewer(*grown_up), Kind::cowatch, subject)) {
          ports_.outbox.send(grown_up->id, frame);
        }
      }
    }
  }
  const auto frames = encode::cowatch({}, teachers(std::nullopt, now));
  for (const Member* grown_up : staff_) {
    if (may_see(viewer(*grown_up), Kind::cowatch, {})) send_all(*grown_up, frames);
  }
}

void Lesson::reply(const Member& member, const std::string& frame) const {
  ports_.outbox.send(member.id, protocol::framed(frame));
}

void Lesson::refuse(const Member& member, std::string_view code, std::string_view field) const {
  reply(member, encode::error(code, field));
}

void Lesson::send_all(const Member& member, const std::vector<std::string>& frames) const {
  for (const auto& frame : frames) reply(member, frame);
}

void Lesson::deliver(Kind kind, const Subject& subject, const protocol::FramePtr& frame) const {
  const auto send_to = [&](const std::vector<Member*>& people) {
    for (const Member* who : people) {
      if (may_see(viewer(*who), kind, subject)) ports_.outbox.send(who->id, frame);
    }
  };
  send_to(staff_);
  if (subject.room) return send_to(audience_[*subject.room]);
  for (const auto& pupils : audience_) send_to(pupils);
}

void Lesson::deliver_all(Kind kind, const Subject& subject, const std::vector<std::string>& frames) const {
  for (const auto& frame : frames) deliver(kind, subject, protocol::framed(frame));
}

void Lesson::publish(Kind kind, std::optional<std::uint16_t> room, const std::string& text,
                     base::Steady::time_point now, std::string_view journal) {
  Event event{.seq = events_.next(), .kind = kind, .room = room, .frame = protocol::framed(text), .at = now};
  if (kept(kind)) (void)ports_.store.keep_event(id_, journal.empty() ? std::string_view(text) : journal);
  deliver(kind, {.room = room, .seat = std::nullopt}, event.frame);
  events_.push(std::move(event));
}

}  // namespace tongke::signaling
