#include "signaling/lesson.hpp"

#include <algorithm>
#include <numeric>

#include "signaling/protocol/encode.hpp"

namespace tongke::signaling {

using namespace std::chrono_literals;
using protocol::Close;
using protocol::OnAir;
using school::Role;
namespace encode = protocol::encode;
namespace attendance = school::attendance;

Lesson::Lesson(std::string id, std::shared_ptr<const LessonPlan> plan, const Ports& ports)
    : id_(std::move(id)), plan_(std::move(plan)), ports_(ports), events_(std::string()) {
  replan(plan_);
  auto kept = ports_.store.load(id_, [this](std::string_view room) { return room_number(room); });
  events_ = std::move(kept.events);
  work_ = std::move(kept.work);
  talk_ = std::move(kept.talk);
  for (const auto& [room, seat] : work_.all_here()) rooms_[room].set_here(seat);
}

std::optional<std::uint16_t> Lesson::room_number(std::string_view id) const {
  const auto found = std::ranges::find(rooms_, id, &Room::id);
  if (found == rooms_.end()) return std::nullopt;
  return static_cast<std::uint16_t>(found - rooms_.begin());
}

void Lesson::replan(std::shared_ptr<const LessonPlan> plan) {
  plan_ = std::move(plan);
  for (std::size_t i = 0; i < plan_->rooms.size(); ++i) {
    if (i < rooms_.size()) {
      rooms_[i].rename(plan_->rooms[i]);
    } else {
      rooms_.emplace_back(plan_->rooms[i]);
    }
  }
  audience_.resize(rooms_.size());
  unclear_changed_.resize(rooms_.size());
}

// ---- coming and going ----

bool Lesson::make_place(const protocol::Hello& hello, const school::Token& token, const Placement& placement,
                        const Instant& now) {
  auto& devices = devices_[{token.role, token.seat}];
  if (!hello.device.empty()) {
    // A phone that lost its network comes back before the server has missed it.
    const auto same = std::ranges::find(devices, hello.device, &Member::device);
    if (same != devices.end()) {
      const ConnectionId old = (*same)->id;
      leave(old, now);
      ports_.outbox.close(old, Close::replaced);
      return true;
    }
  }
  if (devices.size() < school::links::most_devices(token.role)) return true;
  third_device(placement, now);
  return false;
}

void Lesson::third_device(const Placement& placement, const Instant& now) {
  if (!placement.seat || placement.rooms.empty()) return;
  auto& told = device_told_[*placement.seat];
  if (told != base::Steady::time_point{} && now.steady - told < school::links::SeatDevices::kToldAgain)
    return;
  told = now.steady;
  const std::uint16_t room = placement.rooms.front();
  deliver(Kind::device, {.room = room, .seat = placement.seat},
          protocol::framed(
              encode::device(rooms_[room].id(), *placement.seat, rooms_[room].label_of(*placement.seat))));
}

bool Lesson::join(ConnectionId id, const protocol::Hello& hello, const school::Token& token,
                  Placement placement, const Instant& now) {
  if (!make_place(hello, token, placement, now)) return false;
  auto made = std::make_unique<Member>();
  Member& member = *made;
  member.id = id;
  member.role = token.role;
  member.link = token.seat;
  member.seat = placement.seat;
  member.rooms = std::move(placement.rooms);
  member.label = std::move(placement.label);
  member.device = hello.device;
  member.screen = hello.screen;
  members_.emplace(id, std::move(made));
  devices_[{member.role, member.link}].push_back(&member);
  if (is_audience(member.role)) {
    audience_[member.rooms.front()].push_back(&member);
    if (member.seat) attach(member, member.rooms.front(), *member.seat, now);
  } else {
    staff_.push_back(&member);
    count_teacher(member, true, now.steady);
  }
  greet(member, hello, now);
  return true;
}

void Lesson::attach(Member& member, std::uint16_t room, std::uint32_t seat, const Instant& now) {
  member.counted.emplace_back(room, seat);
  rooms_[room].attach(seat, member, now.wall);
}

void Lesson::greet(const Member& member, const protocol::Hello& hello, const Instant& now) {
  protocol::Welcome welcome;
  welcome.lesson = id_;
  welcome.role = member.role;
  for (const auto room : member.rooms) {
    const Room& own = rooms_[room];
    welcome.rooms.push_back({own.id(), own.label(), own.chat, own.rest});
  }
  welcome.seat = member.seat;
  welcome.label = is_audience(member.role) && member.seat
                      ? rooms_[member.rooms.front()].label_of(*member.seat)
                      : member.label;
  welcome.at = {events_.epoch(), events_.last()};
  welcome.resumed = hello.resume && events_.reaches(*hello.resume);
  welcome.state = on_air_;
  welcome.frozen = is_frozen(member);
  welcome.now = now.wall;
  reply(member, encode::welcome(welcome));

  const std::uint64_t from = welcome.resumed ? hello.resume->seq : 0;
  events_.after(from, !welcome.resumed, [&](const Event& event) {
    if (may_see(viewer(member), event.kind, {.room = event.room, .seat = std::nullopt})) {
      ports_.outbox.send(member.id, event.frame);
    }
  });
  brief_work(member);
  brief_talk(member);
  if (!is_audience(member.role)) return brief_staff(member, now.steady);
  const std::uint16_t room = member.rooms.front();
  if (const auto here = teachers(room, now.steady); !here.empty()) {
    send_all(member, encode::cowatch(rooms_[room].id(), here));
  }
  if (!member.seat) return;
  if (const auto [who, since] = rooms_[room].companion_of(*member.seat); who != protocol::Who::none) {
    reply(member, encode::companion(who, since));
  }
}

void Lesson::brief_staff(const Member& member, base::Steady::time_point now) {
  const Viewer who = viewer(member);
  for (std::uint16_t room = 0; room < rooms_.size(); ++room) {
    const Subject subject{.room = room, .seat = std::nullopt};
    if (may_see(who, Kind::roster, subject)) {
      send_all(member, encode::roster(rooms_[room].id(), rooms_[room].all_seats()));
    }
    if (const auto names = rooms_[room].unclear();
        !names.empty() && may_see(who, Kind::unclear_names, subject)) {
      send_all(member, encode::unclear(rooms_[room].id(), names));
    }
    if (reach(member.role, Kind::cowatch) == Reach::own_room && may_see(who, Kind::cowatch, subject)) {
      send_all(member, encode::cowatch(rooms_[room].id(), teachers(room, now)));
    }
  }
  if (may_see(who, Kind::cowatch, {})) send_all(member, encode::cowatch({}, teachers(std::nullopt, now)));
  std::vector<std::uint16_t> all(rooms_.size());
  std::iota(all.begin(), all.end(), std::uint16_t{0});
  send_counts(member, all);
}

void Lesson::send_counts(const Member& member, std::span<const std::uint16_t> rooms) const {
  std::vector<protocol::RoomCount> seen;
  for (const std::uint16_t room : rooms) {
    if (may_see(viewer(member), Kind::counts, {.room = room, .seat = std::nullopt})) {
      seen.push_back(rooms_[room].count());
    }
  }
  if (!seen.empty()) send_all(member, encode::counts(seen));
}

void Lesson::count_teacher(const Member& member, bool arrives, base::Steady::time_point now) {
  if (invisible(member.role)) return;
  Teacher& teacher = teachers_[{member.role, member.link}];
  if (arrives) {
    teacher.label = member.label;
    teacher.rooms = member.rooms;
    if (teacher.devices++ == 0) teacher.since = now;
  } else if (--teacher.devices == 0) {
    teacher.before += now - teacher.since;
  }
  teachers_changed_ = true;
}

void Lesson::leave(ConnectionId id, const Instant& now) {
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  Member& member = *found->second;
  for (const auto& [room, seat] : member.counted) rooms_[room].detach(seat, member, now.wall);
  const auto devices = devices_.find({member.role, member.link});
  std::erase(devices->second, &member);
  if (devices->second.empty()) devices_.erase(devices);
  if (is_audience(member.role)) {
    std::erase(audience_[member.rooms.front()], &member);
  } else {
    std::erase(staff_, &member);
    count_teacher(member, false, now.steady);
  }
  members_.erase(found);
}

void Lesson::forget(std::uint32_t seat, const Instant& now) {
  for (const auto& entry : members_) {
    Member& member = *entry.second;
    std::erase_if(member.counted, [&](const auto& counted) {
      if (counted.second == seat) rooms_[counted.first].detach(seat, member, now.wall);
      return counted.second == seat;
    });
    if (member.seat == seat) member.seat.reset();
  }
  device_told_.erase(seat);
  work_.forget(seat);
  for (const auto& note : talk_.forget(seat)) {
    deliver(Kind::chat, {.room = note.room, .seat = std::nullopt},
            protocol::framed(encode::chat_gone(note.id, rooms_[note.room].id())));
  }
  for (std::uint16_t room = 0; room < rooms_.size(); ++room) {
    if (!rooms_[room].forget(seat)) continue;
    unclear_changed_[room] = true;
    deliver_all(Kind::roster, {.room = room, .seat = std::nullopt},
                encode::roster(rooms_[room].id(), rooms_[room].all_seats()));
  }
}

void Lesson::dismiss(Close reason) {
  for (const auto& [id, member] : members_) ports_.outbox.close(id, reason);
}

// ---- what members say ----

void Lesson::presence(ConnectionId id, const protocol::Presence& presence, const Instant& now) {
  Member& who = member(id);
  const bool news = who.play != presence.state;
  who.play = presence.state;
  reply(who, encode::beat(events_.last()));
  if (news) {
    for (const auto& [room, seat] : who.counted) rooms_[room].touched(seat, now.wall);
  }
  if (presence.state == protocol::Play::paused) return;
  const auto evidence =
      who.screen == protocol::Screen::tv ? attendance::Evidence::tv : attendance::Evidence::heartbeat;
  const auto witness = [&](const std::string& ledger, std::uint32_t seat) {
    if (on_air_ == OnAir::ended) {
      ports_.book.note_replay(ledger, seat, presence.media_time);
    } else {
      ports_.book.note(ledger, seat, evidence, now.wall);
    }
  };
  for (const auto& counted : who.counted) witness(id_, counted.second);
  // A teacher's minutes have a ledger of their own: her number may be a pupil's too.
  if (!is_audience(who.role)) witness(id_ + '.' + std::string(to_string(who.role)), who.link);
}

void Lesson::companion(ConnectionId id, const protocol::Companion& companion, const Instant& now) {
  Member& who = member(id);
  if (!may_do(who.role, Act::companion) || !who.seat) return refuse(who, "forbidden");
  const std::uint16_t room = who.rooms.front();
  rooms_[room].set_companion(*who.seat, companion.who, now.wall);
  ports_.book.note_companion(id_, *who.seat, static_cast<std::uint8_t>(companion.who), now.wall);
  const auto [declared, since] = rooms_[room].companion_of(*who.seat);
  deliver(Kind::companion, {.room = room, .seat = who.seat},
          protocol::framed(encode::companion(
              declared, declared == protocol::Who::none ? std::nullopt : std::optional(since))));
}

void Lesson::sibling(ConnectionId id, const Placement& placement, const Instant& now) {
  Member& who = member(id);
  if (!may_do(who.role, Act::sibling) || !placement.seat || placement.rooms.size() != 1) {
    return refuse(who, "forbidden");
  }
  const std::pair counted{placement.rooms.front(), *placement.seat};
  if (std::ranges::find(who.counted, counted) != who.counted.end()) return;
  if (who.counted.size() > kMaxSiblings) return refuse(who, "too_many");
  attach(who, counted.first, counted.second, now);
}

void Lesson::unclear(ConnectionId id, const protocol::Unclear& unclear, const Instant& now) {
  const Member& who = member(id);
  if (!may_do(who.role, Act::unclear) || !who.seat) return refuse(who, "forbidden");
  const std::uint16_t room = who.rooms.front();
  rooms_[room].set_unclear(*who.seat, unclear.media_time, now.steady);
  unclear_changed_[room] = true;
}

// ---- what happens to the lesson ----

void Lesson::set_on_air(OnAir state, const Instant& now) {
  if (state == on_air_) return;
  const bool was_interrupted = on_air_ == OnAir::interrupted;
  on_air_ = state;
  publish(Kind::state, std::nullopt, encode::state(events_.next(), state), now.steady);
  const bool interrupted = state == OnAir::interrupted;
  if (interrupted != was_interrupted) {
    publish(Kind::state, std::nullopt,
            encode::slate(events_.next(), interrupted, interrupted ? "reconnecting" : ""), now.steady);
  }
}

void Lesson::note_media(const Placement& placement, const Instant& now) {
  if (placement.seat && placement.rooms.size() == 1) {
    rooms_[placement.rooms.front()].note_media(*placement.seat, now);
  }
}

}  // namespace tongke::signaling
