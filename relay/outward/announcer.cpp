#include "relay/outward/announcer.hpp"

#include <utility>

namespace tongke::relay::outward {
namespace {

using base::WallTime;

// Whoever makes a lesson is still at it: what changes so soon was never otherwise.
constexpr std::chrono::minutes kSettling{2};
// Several edits in a row are one change.
constexpr std::chrono::seconds kStands{10};
constexpr std::chrono::minutes kTroubleAgain{10};
constexpr std::chrono::hours kMemory{26};

bool same_plan(const LessonInfo& a, const LessonInfo& b) {
  return a.planned_start == b.planned_start && a.planned_end == b.planned_end && a.rooms == b.rooms;
}

}  // namespace

Announcer::Announcer(Options options, const std::vector<Notice>& told) : options_(options) {
  for (const Notice& notice : told) recall(notice);
}

// As if it had just been told: other times when it is next looked at are a change.
void Announcer::recall(const Notice& notice) {
  Known& one = known(notice.lesson, notice.at);
  one.lesson = notice.lesson;
  one.seen = notice.at;
  one.recalled = true;
  switch (notice.event) {
    case Event::soon:
      one.soon_for = notice.lesson.planned_start;
      break;
    case Event::live:
      one.live = true;
      one.ended = one.replay = false;
      [[fallthrough]];
    case Event::resumed:
      one.broken_since.reset();
      one.broken_told = false;
      break;
    case Event::interrupted:
      one.broken_since = notice.at;
      one.broken_told = true;
      break;
    case Event::ended:
      one.ended = true;
      break;
    case Event::replay:
      one.replay = true;
      break;
    case Event::trouble:
      one.trouble = one.last_trouble = notice.trouble;
      one.trouble_at = notice.at;
      break;
    case Event::whole:
      one.trouble.clear();
      break;
    case Event::changed:
      break;
    case Event::cancelled:
    case Event::busy:
    case Event::relieved:
    case Event::trial:
      lessons_.erase(notice.lesson.id);
  }
}

Announcer::Known& Announcer::known(const LessonInfo& lesson, WallTime now) {
  auto [entry, fresh] = lessons_.try_emplace(lesson.id);
  if (fresh) entry->second.lesson = lesson;
  entry->second.touched = now;
  return entry->second;
}

void Announcer::look_at(const LessonInfo& lesson, WallTime now, std::vector<Notice>& out) {
  Known& one = known(lesson, now);
  if (!one.seen) one.seen = now;
  if (std::exchange(one.recalled, false)) one.lesson.rooms = lesson.rooms;
  if (same_plan(one.lesson, lesson)) {
    one.other.reset();
  } else if (now - *one.seen < kSettling) {
    one.lesson = lesson;
  } else if (!one.other || !same_plan(*one.other, lesson)) {
    one.other = lesson;
    one.other_since = now;
  } else if (now - one.other_since >= kStands) {
    one.lesson = lesson;
    one.other.reset();
    out.push_back(make_notice(Event::changed, lesson, now));
  }
  const bool waits = !one.live && !one.ended && !lesson.started && lesson.planned_start;
  if (waits && !one.other && one.soon_for != lesson.planned_start && now < *lesson.planned_start &&
      now >= *lesson.planned_start - options_.ahead) {
    one.soon_for = lesson.planned_start;
    out.push_back(make_notice(Event::soon, lesson, now));
  }
}

std::vector<Notice> Announcer::look(const std::vector<LessonInfo>& planned, WallTime now) {
  std::vector<Notice> out;
  for (const LessonInfo& lesson : planned) look_at(lesson, now, out);
  for (auto& [id, one] : lessons_) {
    if (!one.broken_since || one.broken_told || now - *one.broken_since < options_.patience) continue;
    one.broken_told = true;
    LessonInfo lesson = one.lesson;
    lesson.state = State::interrupted;
    out.push_back(make_notice(Event::interrupted, std::move(lesson), now));
  }
  std::erase_if(lessons_, [&](const auto& entry) { return now - entry.second.touched > kMemory; });
  return out;
}

std::vector<Notice> Announcer::on_air(const LessonInfo& lesson, WallTime now) {
  Known& one = known(lesson, now);
  one.lesson.started = lesson.started;
  one.lesson.ended = lesson.ended;
  switch (lesson.state) {
    case State::waiting:
      return {};
    case State::interrupted:
      if (one.live && !one.ended && !one.broken_since) one.broken_since = now;
      return {};
    case State::ended: {
      const bool was_on_air = one.live || lesson.started.has_value();
      one.broken_since.reset();
      if (std::exchange(one.ended, true) || !was_on_air) return {};
      return {make_notice(Event::ended, lesson, now)};
    }
    case State::live:
      break;
  }
  one.broken_since.reset();
  const bool told_broken = std::exchange(one.broken_told, false);
  if (one.live && !one.ended) {
    if (!told_broken) return {};
    return {make_notice(Event::resumed, lesson, now)};
  }
  one.live = true;
  one.ended = one.replay = false;
  return {make_notice(Event::live, lesson, now)};
}

std::vector<Notice> Announcer::replay_ready(const LessonInfo& lesson, WallTime now) {
  if (std::exchange(known(lesson, now).replay, true)) return {};
  return {make_notice(Event::replay, lesson, now)};
}

std::vector<Notice> Announcer::recording(const LessonInfo& lesson, const std::string& trouble, WallTime now) {
  Known& one = known(lesson, now);
  if (trouble.empty()) {
    if (std::exchange(one.trouble, {}).empty()) return {};
    return {make_notice(Event::whole, lesson, now)};
  }
  const bool again = one.last_trouble == trouble && now - one.trouble_at < kTroubleAgain;
  if (one.trouble == trouble || again) return {};
  one.trouble = one.last_trouble = trouble;
  one.trouble_at = now;
  Notice notice = make_notice(Event::trouble, lesson, now);
  notice.trouble = trouble;
  return {std::move(notice)};
}

std::vector<Notice> Announcer::removed(const std::string& lesson, WallTime now) {
  const auto found = lessons_.find(lesson);
  if (found == lessons_.end()) return {};
  const Known one = std::move(found->second);
  lessons_.erase(found);
  const bool expected = one.soon_for || (one.seen && now - *one.seen >= kSettling);
  const bool ahead = !one.live && !one.ended && one.lesson.planned_end && now < *one.lesson.planned_end;
  if (!expected || !ahead) return {};
  return {make_notice(Event::cancelled, one.lesson, now)};
}

std::vector<std::string> Announcer::unfinished() const {
  std::vector<std::string> ids;
  for (const auto& [id, one] : lessons_)
    if (one.live && !(one.ended && one.replay)) ids.push_back(id);
  return ids;
}

}  // namespace tongke::relay::outward
