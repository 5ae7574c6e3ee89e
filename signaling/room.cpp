#include "signaling/room.hpp"

#include <algorithm>

namespace tongke::signaling {
namespace {

using protocol::Play;

/// How much a device's state says about the child: the best of its devices counts.
constexpr int worth(Play play) {
  switch (play) {
    case Play::playing:
      return 3;
    case Play::audio:
      return 2;
    case Play::stalled:
      return 1;
    case Play::paused:
      return 0;
  }
  return 0;
}

}  // namespace

void Room::rename(const RoomPlan& plan) {
  id_ = plan.id;
  label_ = plan.label;
  for (auto& [number, seat] : seats_) seat.expected = false;
  for (const auto& planned : plan.seats) {
    Seat& seat = seats_[planned.number];
    seat.label = planned.label;
    seat.expected = true;
    changed_.insert(planned.number);
  }
}

void Room::settle(std::uint32_t number, Seat& seat, base::WallTime now) {
  std::string_view state = seat.seen ? "gone" : "absent";
  if (seat.media) state = "media";
  if (!seat.devices.empty()) {
    const auto* const best =
        *std::ranges::max_element(seat.devices, {}, [](const Member* device) { return worth(device->play); });
    state = to_string(best->play);
  }
  if (state != seat.state) seat.since = now;
  seat.state = state;
  changed_.insert(number);
}

void Room::attach(std::uint32_t number, Member& member, base::WallTime now) {
  Seat& seat = seats_[number];
  seat.seen = true;
  seat.devices.push_back(&member);
  settle(number, seat, now);
}

void Room::detach(std::uint32_t number, Member& member, base::WallTime now) {
  Seat& seat = seats_[number];
  std::erase(seat.devices, &member);
  settle(number, seat, now);
}

void Room::touched(std::uint32_t number, base::WallTime now) { settle(number, seats_[number], now); }

void Room::note_media(std::uint32_t number, const Instant& now) {
  Seat& seat = seats_[number];
  const bool news = !seat.media;
  seat.seen = true;
  seat.media = now.steady;
  by_media_.insert(number);
  if (news) settle(number, seat, now.wall);
}

void Room::set_companion(std::uint32_t number, protocol::Who who, base::WallTime now) {
  Seat& seat = seats_[number];
  if (seat.companion == protocol::Who::none || who == protocol::Who::none) seat.companion_since = now;
  seat.companion = who;
  changed_.insert(number);
}

void Room::set_unclear(std::uint32_t number, base::MediaTime at, base::Steady::time_point now) {
  seats_[number].unclear.emplace(at, now);
  unclear_.insert(number);
}

bool Room::set_hand(std::uint32_t number, bool up, base::WallTime now) {
  Seat& seat = seats_[number];
  if (seat.hand.has_value() == up) return false;
  seat.hand = up ? std::optional(now) : std::nullopt;
  changed_.insert(number);
  return true;
}

bool Room::hand_of(std::uint32_t number) const {
  const auto found = seats_.find(number);
  return found != seats_.end() && found->second.hand.has_value();
}

void Room::set_here(std::uint32_t number) {
  seats_[number].here = true;
  changed_.insert(number);
}

bool Room::forget(std::uint32_t number) {
  changed_.erase(number);
  by_media_.erase(number);
  unclear_.erase(number);
  return seats_.erase(number) > 0;
}

bool Room::expire(const Instant& now) {
  std::erase_if(by_media_, [&](std::uint32_t number) {
    Seat& seat = seats_[number];
    if (now.steady - *seat.media <= kMediaLasts) return false;
    seat.media.reset();
    settle(number, seat, now.wall);
    return true;
  });
  return std::erase_if(unclear_, [&](std::uint32_t number) {
           Seat& seat = seats_[number];
           if (now.steady - seat.unclear->second <= kUnclearLasts) return false;
           seat.unclear.reset();
           return true;
         }) > 0;
}

std::string Room::label_of(std::uint32_t number) const {
  const auto found = seats_.find(number);
  return found == seats_.end() ? std::string() : found->second.label;
}

std::pair<protocol::Who, base::WallTime> Room::companion_of(std::uint32_t number) const {
  const auto found = seats_.find(number);
  if (found == seats_.end()) return {};
  return {found->second.companion, found->second.companion_since};
}

protocol::SeatLine Room::line(std::uint32_t number, const Seat& seat) {
  protocol::SeatLine line{.seat = number,
                          .label = seat.label,
                          .state = seat.state,
                          .devices = static_cast<unsigned>(seat.devices.size()),
                          .companion = seat.companion,
                          .since = std::nullopt,
                          .hand = seat.hand,
                          .here = seat.here};
  line.tv = std::ranges::any_of(seat.devices,
                                [](const Member* device) { return device->screen == protocol::Screen::tv; });
  if (seat.companion != protocol::Who::none) {
    line.since = seat.companion_since;
  } else if (seat.seen) {
    line.since = seat.since;
  }
  return line;
}

std::vector<protocol::SeatLine> Room::all_seats() const {
  std::vector<protocol::SeatLine> lines;
  lines.reserve(seats_.size());
  for (const auto& [number, seat] : seats_) lines.push_back(line(number, seat));
  return lines;
}

std::vector<protocol::SeatLine> Room::take_changed() {
  std::vector<protocol::SeatLine> lines;
  lines.reserve(changed_.size());
  for (const std::uint32_t number : changed_) lines.push_back(line(number, seats_[number]));
  changed_.clear();
  return lines;
}

std::vector<protocol::UnclearSeat> Room::unclear() const {
  std::vector<protocol::UnclearSeat> seats;
  seats.reserve(unclear_.size());
  for (const std::uint32_t number : unclear_) {
    const Seat& seat = seats_.at(number);
    seats.push_back({number, seat.label, seat.unclear->first});
  }
  return seats;
}

protocol::RoomCount Room::count() const {
  protocol::RoomCount count{.room = id_, .label = label_};
  count.rest = rest;
  for (const auto& [number, seat] : seats_) {
    if (seat.expected) ++count.expected;
    if (seat.hand) ++count.hands;
    if (seat.here) ++count.here;
    if (seat.state == "gone") ++count.gone;
    if (seat.devices.empty() && !seat.media) continue;
    ++count.present;
    if (seat.state == to_string(Play::stalled)) ++count.stalled;
    if (seat.state == to_string(Play::audio)) ++count.audio;
    if (seat.companion != protocol::Who::none) ++count.companions;
  }
  count.unclear = static_cast<std::uint32_t>(unclear_.size());
  return count;
}

}  // namespace tongke::signaling
