// What the timetable costs for a whole district: 50 schools, 807 classes, 35,000 pupils, a full
// week. Ids only; no names are in it.
//   bench_timetable [ROUNDS]      prints JSON: of the rounds, best and worst time that passed
// and least processor time, in milliseconds
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "base/clock.hpp"
#include "school/timetable/air_ledger.hpp"
#include "school/timetable/edit.hpp"
#include "school/timetable/inherit.hpp"
#include "school/timetable/proposal.hpp"

using namespace tongke;
using namespace tongke::school::timetable;
using namespace std::chrono_literals;

namespace {

constexpr int kSchools = 50;
constexpr int kSubjects = 9;

struct StageSize {
  Grade first, last;
  int classes, pupils;  // in the district
};
// requirements.md 4.1
constexpr StageSize kSizes[] = {
    {1, 2, 150, 6000}, {3, 6, 298, 12500}, {7, 9, 244, 11000}, {10, 12, 115, 5500}};

/// Every fourth class is layered in two groups; one pupil in seven has a brother or sister.
District make_district() {
  District district;
  for (int i = 0; i < kSchools; ++i) district.schools.push_back({{i}, i % 5 == 0 ? kFiveFour : kSixThree});
  for (const StageSize& size : kSizes) {
    for (int i = 0; i < size.classes; ++i) {
      const auto id = static_cast<std::int64_t>(district.classes.size());
      const auto grade = static_cast<Grade>(size.first + i % (size.last - size.first + 1));
      district.classes.push_back({{id}, {i % kSchools}, grade});
      if (id % 4 == 0) district.groups.insert(district.groups.end(), {{2 * id}, {2 * id + 1}});
      const int from = size.pupils * i / size.classes;
      for (int pupil = from; pupil < size.pupils * (i + 1) / size.classes; ++pupil) {
        District::Pupil added{{static_cast<std::int64_t>(district.pupils.size())}, {id}};
        if (id % 4 == 0) added.groups = {{2 * id + pupil % 2}};
        district.pupils.push_back(added);
      }
    }
  }
  std::mt19937 random(1);
  const auto pupils = district.pupils.size();
  for (std::size_t i = 0; i < pupils / 7; ++i)
    district.families.push_back(
        {{district.pupils[i * 7].id, district.pupils[random() % pupils].id}, i % 3 == 0});
  return district;
}

std::vector<OrdinaryLesson> ordinary_week(const District& district) {
  std::vector<OrdinaryLesson> week;
  for (const auto& klass : district.classes) {
    const int a_day = klass.grade <= 6 ? 6 : 8;
    for (unsigned day = 1; day <= 5; ++day) {
      for (int period = 0; period < a_day; ++period) {
        const auto subject = (klass.id.value + static_cast<int>(day) * 2 + period) % kSubjects;
        week.push_back({.id = {static_cast<std::int64_t>(week.size())},
                        .class_id = klass.id,
                        .day = Weekday(day),
                        .period = period + 1,
                        .start = 8h + period * 50min,
                        .length = 40min,
                        .subject = {subject},
                        .teacher = TeacherId{klass.id.value * 8 + period},
                        .kind = subject == 8 ? Kind::exercise : Kind::lesson});
      }
    }
  }
  return week;
}

/// Frames of every stage, as effective_week() spreads them over the classes.
std::vector<Sheet> sheets() {
  std::vector<Sheet> out;
  for (std::size_t stage = 0; stage < kStageCount; ++stage) {
    Sheet sheet{.scope = {.stage = static_cast<Stage>(stage)}, .week = {}, .rows = {}};
    for (unsigned day = 1; day <= 5; ++day)
      for (int period = 0; period < 10; ++period)
        sheet.rows.push_back({.slot = {.id = {static_cast<std::int64_t>(stage * 1000 + day * 100) + period},
                                       .day = Weekday(day),
                                       .period = period,
                                       .start = 8h + period * 40min,
                                       .length = 20min}});
    out.push_back(std::move(sheet));
  }
  return out;
}

double cpu_ms() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return 1e3 * static_cast<double>(used.tv_sec) + 1e-6 * static_cast<double>(used.tv_nsec);
}

template <class Work>
void measure(const char* name, int rounds, Work work) {
  double best = 1e9;
  double worst = 0;
  double cpu = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = base::Steady::now();
    const double cpu_begin = cpu_ms();
    work();
    cpu = std::min(cpu, cpu_ms() - cpu_begin);
    const double ms = std::chrono::duration<double, std::milli>(base::Steady::now() - begin).count();
    best = std::min(best, ms);
    worst = std::max(worst, ms);
  }
  std::printf(R"(,"%s":{"best_ms":%.2f,"worst_ms":%.2f,"cpu_ms":%.2f})", name, best, worst, cpu);
}

template <class T>
T or_die(base::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

/// All classes on air at once, one room each: what a tick of the clock costs.
void measure_air(const People& people, const RuleSettings& rules, int rounds) {
  AirLedger air(people, rules);
  base::WallTime now = rules.zone.wall(Date(std::chrono::year(2026) / 3 / 2), 8h);
  for (const auto& klass : people.classes()) {
    const auto started = air.start({.lesson = std::to_string(klass.id.value), .rooms = {klass.id}}, now);
    if (!started) std::exit(1);
  }
  measure("air_tick", rounds, [&] {
    now += 1s;
    (void)air.advance(now);
    (void)air.next_due();
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  const District district = make_district();
  RuleSettings rules;
  for (Grade grade = 1; grade <= kLastGrade; ++grade)
    for (int subject = 0; subject < kSubjects; ++subject) rules.weekly_hours[{grade, {subject}}] = 7;
  const People people = or_die(People::create(district));
  const auto ordinary = ordinary_week(district);
  const Proposal proposal = propose(people, rules, ordinary, {1'000'000});
  // A week as a careless import gives it: every fifth row somewhere else.
  std::vector<Slot> careless = proposal.slots;
  std::mt19937 random(2);
  for (std::size_t i = 0; i < careless.size(); i += 5) careless[i].start = 7h + (random() % 144) * 5min;
  const auto frames = sheets();
  const Week week{Date(std::chrono::year(2026) / 3 / 2)};

  std::printf(R"({"schools":%d,"classes":%zu,"pupils":%zu,"profiles":%zu,"sibling_pairs":%zu)", kSchools,
              people.classes().size(), district.pupils.size(), people.profiles().size(),
              people.siblings().size());
  std::printf(R"(,"slots":%zu,"findings":%zu,"careless_findings":%zu)", proposal.slots.size(),
              proposal.findings.size(), validate(people, rules, careless).size());
  measure("people", rounds, [&] { (void)or_die(People::create(district)); });
  measure("validate", rounds, [&] { (void)validate(people, rules, proposal.slots); });
  measure("validate_careless", rounds, [&] { (void)validate(people, rules, careless); });
  measure("propose", rounds, [&] { (void)propose(people, rules, ordinary, {1'000'000}); });
  measure("move", rounds,
          [&] { (void)or_die(move(people, rules, careless, careless[0].id, {.start = 10h, .length = {}})); });
  measure("effective_week", rounds, [&] { (void)effective_week(people, frames, week); });
  measure_air(people, rules, rounds);
  std::printf("}\n");
  return 0;
}
