#include "relay/outward/notice.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "school/crypto.hpp"

namespace tongke::relay::outward {
namespace {

using base::WallTime;
using nlohmann::json;

constexpr std::array<std::string_view, kEventCount> kEvents = {"lesson.soon",
                                                               "lesson.live",
                                                               "lesson.interrupted",
                                                               "lesson.resumed",
                                                               "lesson.changed",
                                                               "lesson.cancelled",
                                                               "lesson.ended",
                                                               "lesson.replay",
                                                               "recording.trouble",
                                                               "recording.whole",
                                                               "server.busy",
                                                               "server.relieved",
                                                               "trial"};
constexpr std::array<std::string_view, 4> kStates = {"waiting", "live", "interrupted", "ended"};
constexpr std::size_t kIdLetters = 20;                  // 100 bits
constexpr std::int64_t kEndOfTime = 4'102'444'800'000;  // the year 2100, as calendars here have it

template <class E, std::size_t N>
std::optional<E> named(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<E>(found - names.begin());
}

json time_json(const std::optional<WallTime>& time) {
  return time ? json(time->time_since_epoch().count()) : json(nullptr);
}

/// @return false when there is one and it is no time
bool read_time(const json& from, const char* field, std::optional<WallTime>& into) {
  const auto found = from.find(field);
  if (found == from.end() || found->is_null()) return true;
  if (!found->is_number_integer()) return false;
  const auto number = found->get<std::int64_t>();
  if (number < 0 || number >= kEndOfTime) return false;
  into = WallTime(std::chrono::milliseconds(number));
  return true;
}

bool read_text(const json& from, const char* field, std::string& into) {
  const auto found = from.find(field);
  if (found == from.end() || !found->is_string()) return false;
  into = found->get<std::string>();
  return true;
}

bool read_rooms(const json& from, std::vector<RoomLabel>& into) {
  const auto rooms = from.find("rooms");
  if (rooms == from.end() || !rooms->is_array()) return false;
  for (const auto& room : *rooms) {
    RoomLabel& one = into.emplace_back();
    if (!room.is_object() || !read_text(room, "school", one.school) || !read_text(room, "label", one.label))
      return false;
  }
  return true;
}

std::optional<LessonInfo> lesson_from(const json& from) {
  if (!from.is_object()) return std::nullopt;
  LessonInfo lesson;
  std::string state;
  const auto drill = from.find("drill");
  const bool whole = read_text(from, "id", lesson.id) && read_text(from, "title", lesson.title) &&
                     read_text(from, "state", state) && drill != from.end() && drill->is_boolean() &&
                     read_time(from, "planned_start", lesson.planned_start) &&
                     read_time(from, "planned_end", lesson.planned_end) &&
                     read_time(from, "started", lesson.started) && read_time(from, "ended", lesson.ended) &&
                     read_rooms(from, lesson.rooms);
  const auto known = state_from(state);
  if (!whole || !known) return std::nullopt;
  lesson.state = *known;
  lesson.drill = drill->get<bool>();
  return lesson;
}

}  // namespace

std::string_view to_string(Event event) noexcept { return kEvents[static_cast<std::size_t>(event)]; }
std::optional<Event> event_from(std::string_view name) noexcept { return named<Event>(kEvents, name); }
std::string_view to_string(State state) noexcept { return kStates[static_cast<std::size_t>(state)]; }
std::optional<State> state_from(std::string_view name) noexcept { return named<State>(kStates, name); }

Notice make_notice(Event event, LessonInfo lesson, WallTime at) {
  return {.id = school::crypto::readable_id(kIdLetters),
          .event = event,
          .at = at,
          .lesson = std::move(lesson),
          .trouble = {}};
}

json to_json(const Notice& notice) {
  json lesson = nullptr;
  if (has_lesson(notice.event)) {
    json rooms = json::array();
    for (const auto& room : notice.lesson.rooms)
      rooms.push_back({{"school", room.school}, {"label", room.label}});
    lesson = {{"id", notice.lesson.id},
              {"title", notice.lesson.title},
              {"state", to_string(notice.lesson.state)},
              {"drill", notice.lesson.drill},
              {"planned_start", time_json(notice.lesson.planned_start)},
              {"planned_end", time_json(notice.lesson.planned_end)},
              {"started", time_json(notice.lesson.started)},
              {"ended", time_json(notice.lesson.ended)},
              {"rooms", std::move(rooms)}};
  }
  return {{"id", notice.id},
          {"event", to_string(notice.event)},
          {"at", notice.at.time_since_epoch().count()},
          {"lesson", std::move(lesson)},
          {"trouble", notice.trouble.empty() ? json(nullptr) : json(notice.trouble)}};
}

std::optional<Notice> notice_from(const json& from) {
  if (!from.is_object()) return std::nullopt;
  Notice notice;
  std::string event;
  std::optional<WallTime> at;
  if (!read_text(from, "id", notice.id) || !read_text(from, "event", event) || !read_time(from, "at", at) ||
      !at) {
    return std::nullopt;
  }
  const auto known = event_from(event);
  if (!known) return std::nullopt;
  notice.event = *known;
  notice.at = *at;
  if (const auto trouble = from.find("trouble"); trouble != from.end() && trouble->is_string())
    notice.trouble = trouble->get<std::string>();
  if (!has_lesson(notice.event)) return notice;
  auto lesson = lesson_from(from.value("lesson", json()));
  if (!lesson) return std::nullopt;
  notice.lesson = std::move(*lesson);
  return notice;
}

}  // namespace tongke::relay::outward
