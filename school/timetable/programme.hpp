#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "school/timetable/labels.hpp"
#include "school/timetable/model.hpp"

namespace tongke::school::timetable {

/// What lies between two lessons.
[[nodiscard]] constexpr bool is_pause(Kind kind) noexcept {
  return kind == Kind::rest || kind == Kind::eye || kind == Kind::exercise;
}

/// One line of a timetable, with dates and names instead of weekdays and ids.
struct Entry {
  SlotId id;
  Date date{};
  int period = 0;  ///< as Slot's
  Minutes start{};
  Minutes length{};
  Kind kind = Kind::lesson;
  Delivery delivery = Delivery::live;
  std::string subject;  ///< empty: the kind says what it is
  std::string lead;     ///< may be empty
  std::string goal;
  std::string advice;
  [[nodiscard]] Minutes end() const { return start + length; }
};

/// The timetable of a class, a grade's channel or a teacher, ready to be written out.
struct Programme {
  std::string id;     ///< of the calendar or channel: letters, digits, "-", "."
  std::string title;  ///< "三年级（2）班"
  std::vector<Entry> entries;
};

/// How ids become names on paper; an empty answer leaves the name out.
struct Names {
  std::function<std::string(SubjectId)> subject;
  std::function<std::string(TeacherId)> teacher;
};

/// What pupils of `class_id` who are in any of `groups` have in `week`, by time. Only published
/// slots, unless a draft is asked for.
struct Audience {
  ClassId class_id;
  std::vector<GroupId> groups = {};
  bool drafts = false;
};
[[nodiscard]] std::vector<Entry> entries_for(const Audience& audience, Week week, std::span<const Slot> slots,
                                             const Names& names);

/// What one screen shows of what several classes have, each by time as entries_for() gives it: one thing at
/// a time, of what is live a lesson rather than a pause, a lesson that most of them have, then the first's,
/// then what begins last. An entry that gives way in the middle is there twice.
[[nodiscard]] std::vector<Entry> one_at_a_time(std::span<const std::vector<Entry>> classes);

/// What an entry is called: its subject, else its kind.
[[nodiscard]] std::string title_of(const Entry& entry, Language language);

/// A page to print on A4, landscape: days across, times down, what may be done any time below.
/// @param stylesheet  address of print_css() for pages under a content security policy; empty:
///                    the style is in the page, for a file that is handed on
[[nodiscard]] std::string to_html(const Programme& programme, Week week, Language language,
                                  std::string_view stylesheet = {});
[[nodiscard]] std::string_view print_css();

/// An iCalendar file of what is live, without breaks. Times are in UTC, which every calendar
/// understands without zone files.
/// @param made    when: the DTSTAMP
/// @param domain  makes the UIDs unique in the world and the same in every export
/// @source RFC 5545
[[nodiscard]] std::string to_ics(const Programme& programme, Zone zone, base::WallTime made,
                                 std::string_view domain, Language language);

/// A programme guide of what is live, breaks included, one channel a programme (TV-3, TV-5).
/// @source xmltv.dtd 0.5
[[nodiscard]] std::string to_xmltv(std::span<const Programme> channels, Zone zone);

}  // namespace tongke::school::timetable
