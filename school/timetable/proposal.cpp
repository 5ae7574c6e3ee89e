#include "school/timetable/proposal.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace tongke::school::timetable {
namespace {

using Lessons = std::vector<const OrdinaryLesson*>;

constexpr Minutes kInterstitial{5};

auto by_time(const OrdinaryLesson* lesson) {
  return std::tuple(iso_day(lesson->day), lesson->start, lesson->period, lesson->id);
}

/// Whose turn it is. Each lesson held gives its subject a claim to a share of the air time; the
/// highest claims go on air and pay a whole lesson for it. Whole numbers, so that it is exact.
class Turns {
 public:
  Turns(std::int64_t on_air, std::int64_t lessons) : on_air_(on_air), lessons_(lessons) {}

  /// The `count` lessons of a day that go on air.
  Lessons pick(const Lessons& day, std::size_t count) {
    for (const OrdinaryLesson* lesson : day) claims_[lesson->subject] += on_air_;
    Lessons left = day;
    Lessons picked;
    while (picked.size() < count && !left.empty()) {
      const auto best = std::ranges::max_element(
          left, {}, [&](const OrdinaryLesson* l) { return claims_[l->subject]; });  // the first of equals
      claims_[(*best)->subject] -= lessons_;
      picked.push_back(*best);
      left.erase(best);
    }
    std::ranges::sort(picked, {}, by_time);
    return picked;
  }

 private:
  std::int64_t on_air_;
  std::int64_t lessons_;
  std::map<SubjectId, std::int64_t> claims_;
};

/// The week of one class in the making.
class ClassWeek {
 public:
  ClassWeek(const RuleSettings& rules, const People::Class& klass, Proposal& out, SlotId& next_id)
      : rules_(rules), class_(klass), limits_(rules.limits(klass.stage)), out_(out), next_id_(next_id) {}

  void make(Lessons lessons) {
    std::ranges::sort(lessons, {}, by_time);
    std::map<int, Lessons> days;
    std::size_t total = 0;
    for (const OrdinaryLesson* lesson : within_weekly_hours(lessons)) {
      if (lesson->kind != Kind::lesson) {
        leave_out(*lesson, LeftOut::Reason::hands_on, Delivery::offline);
      } else {
        days[iso_day(lesson->day)].push_back(lesson);
        ++total;
      }
    }
    std::size_t on_air = 0;
    for (const auto& [day, held] : days) on_air += std::min(held.size(), places());
    Turns turns(static_cast<std::int64_t>(on_air), static_cast<std::int64_t>(total));
    for (const auto& [day, held] : days) make_day(held, turns.pick(held, places()));
  }

 private:
  /// Live lessons that a day's cap has room for.
  [[nodiscard]] std::size_t places() const {
    if (!limits_.daily_cap) return SIZE_MAX;
    return static_cast<std::size_t>(*limits_.daily_cap / limits_.live_length);
  }

  Lessons within_weekly_hours(const Lessons& lessons) {
    Lessons held;
    std::map<SubjectId, int> count;
    for (const OrdinaryLesson* lesson : lessons) {
      const auto most = rules_.weekly_hours.find({class_.grade, lesson->subject});
      if (most == rules_.weekly_hours.end() || lesson->kind != Kind::lesson ||
          ++count[lesson->subject] <= most->second) {
        held.push_back(lesson);
      } else {
        leave_out(*lesson, LeftOut::Reason::weekly_hours, std::nullopt);
      }
    }
    return held;
  }

  void make_day(const Lessons& held, const Lessons& picked) {
    for (const OrdinaryLesson* lesson : held)
      if (std::ranges::find(picked, lesson) == picked.end())
        leave_out(*lesson, LeftOut::Reason::daily_cap, Delivery::recorded);
    if (picked.empty()) return;
    const Minutes shift = stagger(picked.front()->start);
    std::optional<Minutes> last_end;
    int breaks = 0;
    for (std::size_t i = 0; i < picked.size(); ++i) {
      Slot slot = slot_of(*picked[i], Delivery::live);
      slot.start += shift;
      slot.length = std::min(slot.length, limits_.live_length);
      if (i + 1 < picked.size())
        slot.length = std::min(slot.length, picked[i + 1]->start + shift - rules_.min_break - slot.start);
      if (slot.length < std::min(picked[i]->length, limits_.live_length) / 2 || slot.length <= Minutes(0)) {
        leave_out(*picked[i], LeftOut::Reason::no_break, Delivery::recorded);
        continue;
      }
      if (rules_.evening.touches(slot.start, slot.end())) {
        leave_out(*picked[i], LeftOut::Reason::evening, Delivery::recorded);
        continue;
      }
      if (last_end) add_break(slot, *last_end, breaks++);
      last_end = slot.end();
      out_.slots.push_back(std::move(slot));
    }
  }

  /// How much later the day begins than at school.
  [[nodiscard]] Minutes stagger(Minutes first) const {
    const auto offset = rules_.stagger.find(class_.grade);
    if (offset == rules_.stagger.end()) return Minutes(0);
    return std::max(Minutes(0), rules_.day_start + offset->second - first);
  }

  /// Eye exercises, and exercises in the second break of a day, at the beginning of the break.
  void add_break(const Slot& next, Minutes from, int which) {
    if (next.start - from < kInterstitial) return;
    Slot rest{.id = next_id_,
              .day = next.day,
              .start = from,
              .length = kInterstitial,
              .kind = which == 1 ? Kind::exercise : Kind::eye,
              .classes = {class_.id}};
    ++next_id_.value;
    out_.slots.push_back(std::move(rest));
  }

  [[nodiscard]] Slot slot_of(const OrdinaryLesson& lesson, Delivery delivery) const {
    return {.id = lesson.id,
            .day = lesson.day,
            .period = lesson.period,
            .start = lesson.start,
            .length = lesson.length,
            .kind = lesson.kind,
            .delivery = delivery,
            .subject = lesson.subject,
            .lead = lesson.teacher,
            .classes = {class_.id}};
  }

  void leave_out(const OrdinaryLesson& lesson, LeftOut::Reason reason, std::optional<Delivery> instead) {
    if (instead) out_.slots.push_back(slot_of(lesson, *instead));
    out_.left_out.push_back({lesson.id, reason, instead});
  }

  const RuleSettings& rules_;
  const People::Class& class_;
  const StageLimits& limits_;
  Proposal& out_;
  SlotId& next_id_;
};

}  // namespace

std::string_view to_string(LeftOut::Reason reason) noexcept {
  static constexpr std::array<std::string_view, 5> kNames = {"daily_cap", "weekly_hours", "evening",
                                                             "no_break", "hands_on"};
  return kNames.at(static_cast<std::size_t>(reason));
}

Proposal propose(const People& people, const RuleSettings& rules, std::span<const OrdinaryLesson> ordinary,
                 SlotId first_new_id) {
  std::map<ClassId, Lessons> by_class;
  for (const OrdinaryLesson& lesson : ordinary) by_class[lesson.class_id].push_back(&lesson);
  Proposal out;
  for (auto& [id, lessons] : by_class) {
    const auto index = people.find(id);
    if (!index) {
      for (const OrdinaryLesson* lesson : lessons)
        out.findings.push_back({.code = Code::unknown_class,
                                .where = {.day = iso_day(lesson->day)},
                                .rows = {lesson->id},
                                .amount = id.value,
                                .excess = 1});
      continue;
    }
    ClassWeek(rules, people.classes()[*index], out, first_new_id).make(std::move(lessons));
  }
  std::ranges::sort(out.left_out, {}, &LeftOut::id);
  const Findings broken = validate(people, rules, out.slots);
  out.findings.insert(out.findings.end(), broken.begin(), broken.end());
  std::ranges::sort(out.findings);
  return out;
}

}  // namespace tongke::school::timetable
