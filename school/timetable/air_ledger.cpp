#include "school/timetable/air_ledger.hpp"

#include <algorithm>
#include <tuple>

#include "school/timetable/week_view.hpp"

namespace tongke::school::timetable {
namespace {

using base::Errc;
using base::Error;
using base::WallTime;

constexpr AirTime kNone{0};

/// Rooms that the same thing happens to become one event.
std::vector<AirEvent> gathered(std::vector<AirEvent> events) {
  const auto key = [](const AirEvent& e) { return std::tie(e.lesson, e.what, e.rule, e.left); };
  std::ranges::stable_sort(events, {}, key);
  std::vector<AirEvent> out;
  for (AirEvent& event : events) {
    if (!out.empty() && key(out.back()) == key(event)) {
      out.back().rooms.insert(out.back().rooms.end(), event.rooms.begin(), event.rooms.end());
    } else {
      out.push_back(std::move(event));
    }
  }
  for (AirEvent& event : out) std::ranges::sort(event.rooms);
  return out;
}

}  // namespace

AirLedger::AirLedger(People people, RuleSettings rules)
    : people_(std::move(people)), rules_(std::move(rules)), days_(people_.profiles().size()) {}

bool AirLedger::teaches(const AirRequest& request) const {
  std::uint32_t pupils = request.invited;
  if (pupils == 0) {
    for (const Room& room : request.rooms) {
      if (const auto* id = std::get_if<ClassId>(&room)) {
        if (const auto index = people_.find(*id)) pupils += people_.classes()[*index].pupils;
      } else if (const auto index = people_.find(std::get<GroupId>(room))) {
        pupils += people_.groups()[*index].pupils;
      }
    }
  }
  return is_teaching(request.kind, request.rooms.size(), pupils, rules_.few_pupils);
}

std::span<const People::Index> AirLedger::profiles(const Room& room) const {
  if (const auto* id = std::get_if<ClassId>(&room)) {
    if (const auto index = people_.find(*id)) return people_.profiles_of_class(*index);
  } else if (const auto index = people_.find(std::get<GroupId>(room))) {
    return people_.profiles_of_group(*index);
  }
  return {};
}

AirTime AirLedger::used_by(People::Index profile, WallTime now) const {
  const Day& day = days_[profile];
  const LocalMoment moment = rules_.zone.local(now);
  AirTime total = kNone;
  AirTime counted_to = kNone;
  if (day.date == moment.date) {
    for (const Span& span : day.spans) {
      total += span.to - span.from;
      counted_to = span.to;
    }
  }
  if (day.on_air > 0) {
    const LocalMoment since = rules_.zone.local(day.since);
    const AirTime from = std::max(since.date == moment.date ? since.time : kNone, counted_to);
    total += std::max(kNone, moment.time - from);
  }
  return total;
}

std::optional<AirTime> AirLedger::left(const Room& room, WallTime now) const {
  std::optional<AirTime> least;
  for (const People::Index profile : profiles(room)) {
    const auto& cap = rules_.limits(people_.class_of(people_.profiles()[profile]).stage).daily_cap;
    if (!cap) continue;
    const AirTime left = std::max(kNone, *cap - used_by(profile, now));
    least = std::min(left, least.value_or(left));
  }
  return least;
}

AirTime AirLedger::used(const Room& room, WallTime now) const {
  AirTime most = kNone;
  for (const People::Index profile : profiles(room)) most = std::max(most, used_by(profile, now));
  return most;
}

std::optional<AirRefusal> AirLedger::refusal(const AirRequest& request, WallTime now) const {
  if (!teaches(request)) return std::nullopt;
  if (rules_.evening.contains(rules_.zone.local(now).time)) return AirRefusal{Code::evening, rules_.evening};
  const auto spent = [&](const Room& room) { return left(room, now) == kNone; };
  if (!request.rooms.empty() && std::ranges::all_of(request.rooms, spent))
    return AirRefusal{.rule = Code::daily_cap};
  return std::nullopt;
}

base::Result<void> AirLedger::start(const AirRequest& request, WallTime now) {
  tick(now);
  if (live_.contains(request.lesson)) return Error{Errc::conflict, "the lesson is on air already"};
  for (const Room& room : request.rooms)
    if (!std::visit([&](auto id) { return people_.find(id).has_value(); }, room))
      return Error{Errc::invalid, "a room nobody knows", "rooms"};
  if (const auto refused = refusal(request, now))
    return Error{Errc::forbidden, "refused by a rule of the timetable",
                 std::string(to_string(refused->rule))};
  Live lesson{.counts = teaches(request), .rooms = {}};
  for (const Room& room : request.rooms) {
    LiveRoom added{.room = room, .from = now};
    if (lesson.counts && left(room, now) == kNone) added.to = now;
    if (lesson.counts && !added.to) open(room, now);
    lesson.rooms.push_back(added);
  }
  live_.emplace(request.lesson, std::move(lesson));
  return {};
}

std::vector<AirInterval> AirLedger::stop(std::string_view lesson, WallTime now) {
  tick(now);
  const auto found = live_.find(lesson);
  if (found == live_.end()) return {};
  std::vector<AirInterval> intervals = running(lesson, now);
  for (const LiveRoom& room : found->second.rooms)
    if (found->second.counts && !room.to) close(room.room, now);
  live_.erase(found);
  return intervals;
}

std::vector<AirInterval> AirLedger::running(std::string_view lesson, WallTime now) const {
  std::vector<AirInterval> intervals;
  const auto found = live_.find(lesson);
  if (found == live_.end() || !found->second.counts) return intervals;
  for (const LiveRoom& room : found->second.rooms) {
    const WallTime to = room.to.value_or(now);
    if (to > room.from) intervals.push_back({room.room, room.from, to});
  }
  return intervals;
}

bool AirLedger::all_rest(std::string_view lesson) const {
  const auto found = live_.find(lesson);
  if (found == live_.end() || !found->second.counts || found->second.rooms.empty()) return false;
  return std::ranges::all_of(found->second.rooms, [](const LiveRoom& room) { return room.to.has_value(); });
}

std::optional<WallTime> AirLedger::evening_after(WallTime now) const {
  const LocalMoment moment = rules_.zone.local(now);
  if (rules_.evening.contains(moment.time)) return now;
  if (moment.time < rules_.evening.from) return rules_.zone.wall(moment.date, rules_.evening.from);
  return std::nullopt;
}

std::optional<AirLedger::Deadline> AirLedger::deadline(const Room& room, WallTime now) const {
  std::optional<Deadline> first;
  if (const auto time = left(room, now)) first = Deadline{now + *time, Code::daily_cap};
  if (const auto evening = evening_after(now); evening && (!first || *evening < first->at))
    first = Deadline{*evening, Code::evening};
  return first;
}

std::optional<AirEvent> AirLedger::look_at(LiveRoom& room, WallTime now) {
  if (room.to) {
    if (std::exchange(room.told, true)) return std::nullopt;
    return AirEvent{.what = AirEvent::What::rest, .lesson = {}, .rule = room.rule, .rooms = {room.room}};
  }
  const auto end = deadline(room.room, now);
  if (!end) return std::nullopt;
  const AirTime time = end->at - now;
  if (time <= kNone) {
    close(room.room, now);
    room.to = now;
    room.told = true;
    room.rule = end->rule;
    return AirEvent{.what = AirEvent::What::rest, .lesson = {}, .rule = room.rule, .rooms = {room.room}};
  }
  const std::size_t before = room.warned;
  while (room.warned < rules_.air_warnings.size() && time <= rules_.air_warnings[room.warned]) ++room.warned;
  if (room.warned == before) return std::nullopt;
  return AirEvent{.lesson = {}, .rule = end->rule, .rooms = {room.room}, .left = time};
}

std::vector<AirEvent> AirLedger::advance(WallTime now) {
  tick(now);
  std::vector<AirEvent> events;
  for (auto& [id, lesson] : live_) {
    if (!lesson.counts) continue;
    for (LiveRoom& room : lesson.rooms) {
      if (auto event = look_at(room, now)) {
        event->lesson = id;
        events.push_back(std::move(*event));
      }
    }
  }
  return gathered(std::move(events));
}

std::optional<WallTime> AirLedger::next_due() const {
  std::optional<WallTime> next;
  for (const auto& [id, lesson] : live_) {
    if (!lesson.counts) continue;
    for (const LiveRoom& room : lesson.rooms) {
      WallTime due = last_;
      if (room.to) {
        if (room.told) continue;
      } else {
        const auto end = deadline(room.room, last_);
        if (!end) continue;
        const auto& warnings = rules_.air_warnings;
        due = room.warned < warnings.size() ? end->at - warnings[room.warned] : end->at;
      }
      next = std::min(next.value_or(due), due);
    }
  }
  return next ? std::optional(std::max(*next, last_)) : std::nullopt;
}

void AirLedger::restore(const AirInterval& interval, WallTime now) {
  const Date today = rules_.zone.local(now).date;
  if (interval.to <= interval.from || rules_.zone.local(interval.to).date != today) return;
  for (const People::Index profile : profiles(interval.room)) add_span(profile, interval.from, interval.to);
}

/// Keeps what was counted when the clock is set back.
void AirLedger::tick(WallTime now) {
  if (now < last_) {
    for (People::Index profile = 0; profile < days_.size(); ++profile) {
      if (days_[profile].on_air == 0) continue;
      add_span(profile, days_[profile].since, last_);
      days_[profile].since = now;
    }
    for (auto& [id, lesson] : live_)
      for (LiveRoom& room : lesson.rooms) room.from = std::min(room.from, now);
  }
  last_ = now;
}

void AirLedger::open(const Room& room, WallTime now) {
  for (const People::Index profile : profiles(room))
    if (days_[profile].on_air++ == 0) days_[profile].since = now;
}

void AirLedger::close(const Room& room, WallTime now) {
  for (const People::Index profile : profiles(room))
    if (--days_[profile].on_air == 0) add_span(profile, days_[profile].since, now);
}

void AirLedger::add_span(People::Index profile, WallTime from, WallTime to) {
  Day& day = days_[profile];
  const LocalMoment end = rules_.zone.local(to);
  const LocalMoment begin = rules_.zone.local(from);
  if (day.date != end.date) {
    day.date = end.date;
    day.spans.clear();
  }
  Span merged{begin.date == end.date ? begin.time : kNone, end.time};
  if (merged.to <= merged.from) return;
  std::erase_if(day.spans, [&](const Span& span) {
    if (span.to < merged.from || span.from > merged.to) return false;
    merged = {std::min(span.from, merged.from), std::max(span.to, merged.to)};
    return true;
  });
  const auto after =
      std::ranges::find_if(day.spans, [&](const Span& span) { return span.from > merged.from; });
  day.spans.insert(after, merged);
}

}  // namespace tongke::school::timetable
