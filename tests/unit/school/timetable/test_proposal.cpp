#include "school/timetable/proposal.hpp"

#include <map>
#include <random>

#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

constexpr SlotId kFirstNew{100'000};

/// Six lessons of 40 minutes on five days; subject n has about `weights[n]` of 30.
std::vector<OrdinaryLesson> ordinary(ClassId klass, int a_day, std::mt19937* random = nullptr) {
  std::vector<OrdinaryLesson> week;
  for (unsigned day = 1; day <= 5; ++day) {
    for (int period = 0; period < a_day; ++period) {
      const auto subject =
          random == nullptr ? (static_cast<int>(day) + period) % 6 : static_cast<int>((*random)() % 7);
      week.push_back({.id = {klass.value * 1000 + static_cast<int>(day) * 10 + period},
                      .class_id = klass,
                      .day = Weekday(day),
                      .period = period + 1,
                      .start = 8h + period * 50min,
                      .length = 40min,
                      .subject = {subject},
                      .teacher = {}});
    }
  }
  return week;
}

Minutes live_time(const Proposal& proposal, Weekday day) {
  Minutes total{};
  for (const Slot& slot : proposal.slots)
    if (slot.day == day && slot.kind == Kind::lesson && slot.delivery == Delivery::live) total += slot.length;
  return total;
}

}  // namespace

TEST_CASE("proposal: grade 2's day of 6 × 40 minutes becomes an hour live and the rest listed (PL-3)") {
  const auto week = ordinary(kG2, 6);
  const Proposal proposal = propose(small_people(), {}, week, kFirstNew);
  for (unsigned day = 1; day <= 5; ++day) CHECK(live_time(proposal, Weekday(day)) == 60min);
  CHECK(proposal.left_out.size() == 15);
  for (const LeftOut& left : proposal.left_out) {
    CHECK(left.reason == LeftOut::Reason::daily_cap);
    CHECK(left.instead == Delivery::recorded);
  }
  CHECK(proposal.findings.empty());  // eye exercises are in the breaks, too
  CHECK(std::ranges::count(proposal.slots, Kind::eye, &Slot::kind) == 5);
  CHECK(std::ranges::count(proposal.slots, Kind::exercise, &Slot::kind) == 5);
}

TEST_CASE("proposal: the order of the input makes no difference") {
  auto week = ordinary(kG2, 6);
  const auto other = ordinary(kG9, 8);
  week.insert(week.end(), other.begin(), other.end());
  const Proposal first = propose(small_people(), {}, week, kFirstNew);
  std::mt19937 random(7);
  std::ranges::shuffle(week, random);
  const Proposal second = propose(small_people(), {}, week, kFirstNew);
  CHECK(first.slots == second.slots);
  CHECK(first.findings == second.findings);
}

TEST_CASE("proposal: subjects take turns in proportion, and no rule is broken") {
  const auto seed = GENERATE(range(1U, 21U));
  std::mt19937 random(seed);
  const auto week = ordinary(kG2, 6, &random);
  const Proposal proposal = propose(small_people(), {}, week, kFirstNew);
  CHECK_FALSE(has_errors(proposal.findings));
  std::map<SubjectId, std::pair<double, double>> share;  // held, live
  for (const OrdinaryLesson& lesson : week) share[lesson.subject].first += 1;
  for (const Slot& slot : proposal.slots)
    if (slot.subject && slot.delivery == Delivery::live) share[*slot.subject].second += 1;
  for (const auto& [subject, counts] : share) {
    INFO("seed " << seed << " subject " << subject.value << ": " << counts.second << " of " << counts.first);
    CHECK(std::abs(counts.second - counts.first / 2) < 1.5);
  }
  CHECK(proposal.left_out.size() == 15);
}

TEST_CASE("proposal: why a lesson is left out") {
  std::vector<OrdinaryLesson> week = ordinary(kG9, 2);
  RuleSettings rules;
  SECTION("exercise is done without a screen") {
    week[0].kind = Kind::exercise;
    const Proposal proposal = propose(small_people(), rules, week, kFirstNew);
    REQUIRE(proposal.left_out.size() == 1);
    CHECK(proposal.left_out[0].reason == LeftOut::Reason::hands_on);
    CHECK(proposal.left_out[0].instead == Delivery::offline);
  }
  SECTION("the province's table") {
    for (auto& lesson : week) lesson.subject = kMaths;
    rules.weekly_hours[{9, kMaths}] = 8;
    const Proposal proposal = propose(small_people(), rules, week, kFirstNew);
    REQUIRE(proposal.left_out.size() == 2);
    CHECK(proposal.left_out[1].reason == LeftOut::Reason::weekly_hours);
    CHECK_FALSE(proposal.left_out[1].instead);
    CHECK_FALSE(has_errors(proposal.findings));
  }
  SECTION("the evening") {
    week[1].start = 17h + 40min;
    const Proposal proposal = propose(small_people(), rules, week, kFirstNew);
    REQUIRE(proposal.left_out.size() == 1);
    CHECK(proposal.left_out[0].reason == LeftOut::Reason::evening);
  }
  SECTION("no room for a break") {
    week[1].start = week[0].start + 20min;
    const Proposal proposal = propose(small_people(), rules, week, kFirstNew);
    REQUIRE(proposal.left_out.size() == 1);
    CHECK(proposal.left_out[0].reason == LeftOut::Reason::no_break);
    CHECK_FALSE(has_errors(proposal.findings));
  }
  SECTION("a class that nobody knows") {
    for (auto& lesson : week) lesson.class_id = {999};
    const Proposal proposal = propose(small_people(), rules, week, kFirstNew);
    CHECK(proposal.slots.empty());
    CHECK(proposal.findings.size() == week.size());
  }
}

TEST_CASE("proposal: a grade's day begins with its turn") {
  RuleSettings rules;
  rules.stagger[9] = 20min;
  const Proposal proposal = propose(small_people(), rules, ordinary(kG9, 3), kFirstNew);
  CHECK(proposal.findings.empty());
  CHECK(proposal.slots.front().start == 8h + 20min);
}

TEST_CASE("proposal: a teacher of two classes at once shows as a finding") {
  auto week = ordinary(kG9, 1);
  const auto other = ordinary(kG4, 1);
  week.insert(week.end(), other.begin(), other.end());
  for (auto& lesson : week) lesson.teacher = kTeacher;
  CHECK(of(propose(small_people(), {}, week, kFirstNew).findings, Code::teacher_double).size() == 5);
}
