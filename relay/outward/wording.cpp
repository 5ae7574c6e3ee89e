#include "relay/outward/wording.hpp"

#include <algorithm>
#include <vector>

#include "relay/outward/text.hpp"
#include "school/clean_text.hpp"

namespace tongke::relay::outward {
namespace {

namespace tt = school::timetable;
using base::WallTime;
using school::Language;

// More classes than this nobody reads in a group.
constexpr std::size_t kMostClasses = 8;

struct Style {
  const Letterhead& letterhead;
  Language language;
  std::size_t limit;

  [[nodiscard]] std::string say(std::string_view key) const { return phrase(key, language); }
  [[nodiscard]] std::string say(std::string_view key, std::string_view value) const {
    return phrase(key, language, value);
  }
  [[nodiscard]] std::string count(std::size_t n) const { return say("count", std::to_string(n)); }
};

std::string clock_of(const Style& style, WallTime time) {
  return tt::format_time(std::chrono::duration_cast<tt::Minutes>(style.letterhead.zone.local(time).time));
}

/// "10:40-11:00", with the date unless it is the day of `said`.
std::string times_of(const Style& style, const LessonInfo& lesson, WallTime said) {
  if (!lesson.planned_start) return {};
  const auto& zone = style.letterhead.zone;
  std::string times = clock_of(style, *lesson.planned_start);
  if (lesson.planned_end) times += "-" + clock_of(style, *lesson.planned_end);
  const tt::Date day = zone.local(*lesson.planned_start).date;
  return day == zone.local(said).date ? times : tt::format_date(day) + " " + times;
}

/// Empty when the title says them already, as the timetable's titles do.
std::string classes_of(const Style& style, const LessonInfo& lesson) {
  std::string classes;
  std::string school;
  std::size_t said = 0;
  bool in_title = true;
  for (const RoomLabel& room : lesson.rooms) {
    if (lesson.title.find(room.label) == std::string::npos) in_title = false;
    if (++said > kMostClasses) continue;
    if (!classes.empty()) classes += style.say("comma");
    if (room.school != school) classes += room.school + " ";
    school = room.school;
    classes += room.label;
  }
  if (in_title) return {};
  if (said > kMostClasses) classes += " " + style.say("more.classes", std::to_string(said));
  return classes;
}

std::string clipped(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  text.resize(school::utf8_prefix(std::string_view(text).substr(0, limit)));
  return text;
}

std::string heading(const Style& style, const Notice& notice) {
  return (notice.lesson.drill ? style.say("drill") : std::string()) + style.say(to_string(notice.event));
}

std::string page_line(const Style& style) {
  return style.letterhead.page.empty() ? std::string() : "\n" + style.say("line.page", style.letterhead.page);
}

std::string in_full(const Style& style, const Notice& notice) {
  std::string out = style.say("brand") + heading(style, notice);
  if (notice.event == Event::trial) return clipped(out, style.limit);
  if (has_lesson(notice.event)) out += style.say("colon") + notice.lesson.title;
  if (const auto times = times_of(style, notice.lesson, notice.at); !times.empty())
    out += "\n" + style.say("line.time", times);
  if (const auto classes = classes_of(style, notice.lesson); !classes.empty())
    out += "\n" + style.say("line.classes", classes);
  if (!notice.trouble.empty()) out += "\n" + style.say("line.reason", style.say("trouble." + notice.trouble));
  return clipped(out + page_line(style), style.limit);
}

/// Times are said where they are the news.
std::string item(const Style& style, const Notice& notice) {
  std::string out = notice.lesson.title;
  if (notice.event != Event::soon && notice.event != Event::changed) return out;
  if (const auto times = times_of(style, notice.lesson, notice.at); !times.empty()) out += " " + times;
  return out;
}

struct Group {
  Event event;
  bool drill;
  std::vector<const Notice*> notices;
};

std::vector<Group> grouped(std::span<const Notice> notices) {
  std::vector<Group> groups;
  for (const Notice& notice : notices) {
    auto group = std::ranges::find_if(groups, [&](const Group& known) {
      return known.event == notice.event && known.drill == notice.lesson.drill;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), {notice.event, notice.lesson.drill, {}});
    group->notices.push_back(&notice);
  }
  return groups;
}

/// "正在直播（12）：…；…", within `room` bytes.
std::string group_line(const Style& style, const Group& group, std::size_t room) {
  std::string line = "\n" + heading(style, *group.notices.front()) + style.count(group.notices.size());
  std::string between = style.say("colon");
  if (!has_lesson(group.event)) return line;
  for (std::size_t i = 0; i < group.notices.size(); ++i) {
    const std::string next = between + item(style, *group.notices[i]);
    const std::string more = style.say("more.lessons", std::to_string(group.notices.size() - i));
    const bool last = i + 1 == group.notices.size();
    if (line.size() + next.size() + (last ? 0 : more.size() + between.size()) > room) {
      return i == 0 ? line : line + " " + more;
    }
    line += next;
    between = style.say("semicolon");
  }
  return line;
}

std::string digest(const Style& style, std::span<const Notice> notices) {
  const auto groups = grouped(notices);
  const std::string tail = page_line(style);
  std::string out = style.say("brand") + style.say("digest", std::to_string(notices.size()));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t used = std::min(style.limit, out.size() + tail.size());
    out += group_line(style, groups[i], (style.limit - used) / (groups.size() - i));
  }
  return clipped(out + tail, style.limit);
}

}  // namespace

std::string wording(std::span<const Notice> notices, const Letterhead& letterhead, Language language,
                    std::size_t limit) {
  const Style style{.letterhead = letterhead, .language = language, .limit = limit};
  return notices.size() == 1 ? in_full(style, notices.front()) : digest(style, notices);
}

}  // namespace tongke::relay::outward
