#pragma once

#include <optional>
#include <span>
#include <vector>

#include "school/timetable/validate.hpp"

namespace tongke::school::timetable {

/// A lesson of the ordinary timetable, as it is held at school.
struct OrdinaryLesson {
  SlotId id;
  ClassId class_id;
  Weekday day{1};
  int period = 0;
  Minutes start{};
  Minutes length{};
  SubjectId subject;
  std::optional<TeacherId> teacher;
  Kind kind = Kind::lesson;  ///< exercise, arts and labour are done away from the screen
};

/// What becomes of an ordinary lesson that is not proposed live.
struct LeftOut {
  enum class Reason : std::uint8_t {
    daily_cap,     ///< the day's air time goes to other lessons
    weekly_hours,  ///< beyond the province's table; not held at all
    evening,       ///< would be on air in the evening
    no_break,      ///< too close to the next live lesson
    hands_on,      ///< better without a screen
  };
  SlotId id;
  Reason reason = Reason::daily_cap;
  std::optional<Delivery> instead;  ///< recorded or offline; nothing where it is not held
};
[[nodiscard]] std::string_view to_string(LeftOut::Reason reason) noexcept;

struct Proposal {
  std::vector<Slot> slots;        ///< drafts: live, then recorded and offline ones, and breaks
  std::vector<LeftOut> left_out;  ///< every ordinary lesson that is not live, and why (PL-3)
  Findings findings;              ///< what still has to be mended, such as a teacher of two grades
};

/// Makes an online week of the ordinary one (PL-3). Each class keeps its clock: a live lesson
/// begins when the ordinary one would (later by its grade's stagger) and lasts as long as its
/// stage allows; eye exercises and exercises go into the breaks. Where the daily cap does not
/// hold all, subjects take turns over the week in proportion to their lessons. The same input
/// gives the same week, in whatever order it comes.
/// @param first_new_id  ids for the breaks count up from here; all other slots keep their
///                      lesson's id
[[nodiscard]] Proposal propose(const People& people, const RuleSettings& rules,
                               std::span<const OrdinaryLesson> ordinary, SlotId first_new_id);

}  // namespace tongke::school::timetable
