#include <map>
#include <random>
#include <set>

#include "school/timetable/air_ledger.hpp"
#include "school/timetable/edit.hpp"
#include "tests/unit/school/timetable/fixture.hpp"

// Random districts and weeks, against an oracle that looks at one pupil and one minute at a time.
using namespace tongke;
using namespace tongke::test;

namespace {

/// std::mt19937 gives the same numbers everywhere, distributions do not; so: remainders.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937 random_;
};

District random_district(Dice& dice) {
  District district;
  district.schools = {{kSchool, kSixThree}, {kFiveFourSchool, kFiveFour}};
  for (int i = 1; i <= 5; ++i)
    district.classes.push_back(
        {{i}, dice.one_in(2) ? kSchool : kFiveFourSchool, static_cast<Grade>(1 + dice.below(12))});
  for (int i = 1; i <= 3; ++i) district.groups.push_back({i});
  for (int i = 1; i <= 24; ++i) {
    District::Pupil pupil{{i}, {1 + dice.below(5)}};
    for (int group = 1; group <= 3; ++group)
      if (dice.one_in(3)) pupil.groups.push_back({group});
    district.pupils.push_back(pupil);
  }
  for (int i = 1; i <= 5; ++i) district.families.push_back({{{i}, {i + 10}}, dice.one_in(2)});
  return district;
}

Slot random_slot(Dice& dice, int id) {
  Slot slot{.id = {id},
            .day = Weekday(static_cast<unsigned>(1 + dice.below(3))),
            .start = 7h + dice.below(140) * 5min,
            .length = (1 + dice.below(9)) * 5min,
            .kind = dice.one_in(3) ? static_cast<Kind>(dice.below(kKindCount)) : Kind::lesson,
            .delivery = dice.one_in(6) ? Delivery::recorded : Delivery::live};
  if (dice.one_in(3)) {
    slot.groups = {{1 + dice.below(3)}};
  } else {
    std::set<ClassId> classes;
    for (int i = dice.below(3); i >= 0; --i) classes.insert({1 + dice.below(5)});
    slot.classes.assign(classes.begin(), classes.end());
  }
  if (slot.kind == Kind::parent) slot.classes.clear(), slot.groups.clear();
  if (slot.kind == Kind::qa && dice.one_in(2)) slot.invited = static_cast<std::uint32_t>(1 + dice.below(8));
  if (dice.one_in(2)) slot.lead = TeacherId{1 + dice.below(3)};
  if (dice.one_in(2)) slot.subject = kMaths;
  return with_card(slot);
}

std::vector<Slot> random_week(Dice& dice, int count) {
  std::vector<Slot> week;
  for (int i = 1; i <= count; ++i) week.push_back(random_slot(dice, i));
  return week;
}

bool attends(const District::Pupil& pupil, const Slot& slot) {
  if (std::ranges::find(slot.classes, pupil.class_id) != slot.classes.end()) return true;
  return std::ranges::any_of(slot.groups, [&](GroupId group) {
    return std::ranges::find(pupil.groups, group) != pupil.groups.end();
  });
}

std::optional<Minutes> cap_of(const District& district, const District::Pupil& pupil) {
  const auto klass = std::ranges::find(district.classes, pupil.class_id, &District::Class::id);
  const auto school = std::ranges::find(district.schools, klass->school, &District::School::id);
  return RuleSettings().limits(school->bounds.of(klass->grade)).daily_cap;
}

/// Minutes of a day on which any lesson of the pupil is live, one by one. Lessons only: the kind
/// that counts whoever attends.
bool over_cap(const District& district, const std::vector<Slot>& week, const District::Pupil& pupil) {
  const auto cap = cap_of(district, pupil);
  if (!cap) return false;
  std::map<int, std::set<Minutes>> days;
  for (const Slot& slot : week) {
    if (slot.kind != Kind::lesson || slot.delivery != Delivery::live || !attends(pupil, slot)) continue;
    for (Minutes minute = slot.start; minute < slot.end(); ++minute) days[iso_day(slot.day)].insert(minute);
  }
  return std::ranges::any_of(days, [&](const auto& day) { return Minutes(day.second.size()) > *cap; });
}

bool anybody_over_cap(const District& district, const std::vector<Slot>& week) {
  return std::ranges::any_of(district.pupils,
                             [&](const auto& pupil) { return over_cap(district, week, pupil); });
}

std::vector<Slot> only_published(std::vector<Slot> week) {
  std::erase_if(week, [](const Slot& slot) { return slot.state != State::published; });
  return week;
}

}  // namespace

TEST_CASE("property: no accepted week lets a pupil exceed a cap, and every finding names rows") {
  Dice dice(GENERATE(range(1U, 61U)));
  const District district = random_district(dice);
  const auto people = People::create(district);
  REQUIRE(people);
  auto week = random_week(dice, 5 + dice.below(40));
  Findings findings = validate(*people, {}, week);
  if (anybody_over_cap(district, week)) CHECK(has(findings, Code::daily_cap));
  std::set<SlotId> known;
  for (const Slot& slot : week) known.insert(slot.id);
  for (const Finding& finding : findings) {
    CHECK_FALSE(finding.rows.empty());
    CHECK(finding.excess > 0);
    CHECK(std::ranges::is_sorted(finding.rows, std::less_equal<>()));
    for (const SlotId row : finding.rows) CHECK(known.contains(row));
  }
  // Without the rows that errors name, nothing is wrong any more.
  std::set<SlotId> named;
  for (const Finding& finding : findings)
    if (finding.severity == Severity::error) named.insert(finding.rows.begin(), finding.rows.end());
  std::erase_if(week, [&](const Slot& slot) { return named.contains(slot.id); });
  CHECK_FALSE(has_errors(validate(*people, {}, week)));
  CHECK_FALSE(anybody_over_cap(district, week));
}

TEST_CASE("property: the order of slots, classes, pupils and families makes no difference") {
  const auto seed = GENERATE(range(1U, 31U));
  Dice dice(seed);
  District district = random_district(dice);
  auto week = random_week(dice, 40);
  const auto people = People::create(district);
  const Findings findings = validate(*people, {}, week);
  std::mt19937 random(seed);
  for (Slot& slot : week) std::ranges::shuffle(slot.classes, random);
  std::ranges::shuffle(week, random);
  std::ranges::shuffle(district.classes, random);
  std::ranges::shuffle(district.groups, random);
  std::ranges::shuffle(district.pupils, random);
  std::ranges::shuffle(district.families, random);
  for (auto& family : district.families) std::ranges::reverse(family.pupils);
  const auto shuffled = People::create(district);
  CHECK(validate(*shuffled, {}, week) == findings);
}

TEST_CASE("property: whatever is asked, the published rows break no rule") {
  const auto seed = GENERATE(range(1U, 31U));
  Dice dice(seed);
  const District district = random_district(dice);
  const auto people = People::create(district);
  std::vector<Slot> week = random_week(dice, 25);  // a bad draft, as imported
  int accepted = 0;
  for (int step = 0; step < 60; ++step) {
    const SlotId row{1 + dice.below(30)};
    const std::vector<SlotId> rows = {row};
    const Slot wish = random_slot(dice, static_cast<int>(row.value));
    const auto ask = [&]() -> base::Result<Verdict> {
      switch (dice.below(5)) {
        case 0:
          return move(*people, {}, week, row, {wish.day, wish.start, wish.length});
        case 1:
          return add(*people, {}, week, wish);
        case 2:
          return remove(*people, {}, week, row);
        default:
          return publish(*people, {}, week, rows);
      }
    };
    auto verdict = ask();
    if (!verdict) continue;
    accepted += verdict->accepted() ? 1 : 0;
    week = std::move(verdict->week);
    const auto published = only_published(week);
    INFO("seed " << seed << " step " << step);
    CHECK_FALSE(has_errors(validate(*people, {}, published)));
    CHECK_FALSE(anybody_over_cap(district, published));
  }
  CHECK(accepted > 0);
}

TEST_CASE("property: on air nobody gets more than the cap, and only rooms at their cap rest") {
  const auto seed = GENERATE(range(1U, 41U));
  Dice dice(seed);
  const District district = random_district(dice);
  const auto people = People::create(district);
  const RuleSettings rules;
  AirLedger air(*people, rules);
  const Date monday(std::chrono::year(2026) / 3 / 2);
  base::WallTime now = rules.zone.wall(monday, 7h + 30min);
  struct OnAir {
    std::set<Room> rooms;
  };
  std::map<std::string, OnAir> live;
  std::map<PupilId, AirTime> had;  // the oracle: second by second what each pupil was shown
  const auto shown = [&](const District::Pupil& pupil) {
    return std::ranges::any_of(live, [&](const auto& lesson) {
      return std::ranges::any_of(lesson.second.rooms, [&](const Room& room) {
        if (const auto* klass = std::get_if<ClassId>(&room)) return *klass == pupil.class_id;
        return std::ranges::find(pupil.groups, std::get<GroupId>(room)) != pupil.groups.end();
      });
    });
  };
  const auto settle = [&] {
    for (const AirEvent& event : air.advance(now)) {
      if (event.what != AirEvent::What::rest) continue;
      for (const Room& room : event.rooms) {
        live[event.lesson].rooms.erase(room);
        if (event.rule == Code::daily_cap) CHECK(air.left(room, now) == AirTime(0));
      }
    }
    for (const auto& [id, lesson] : live)
      for (const Room& room : lesson.rooms) CHECK(air.left(room, now) != AirTime(0));
  };
  const auto pass = [&](std::chrono::minutes time) {
    const base::WallTime end = now + time;
    while (now < end) {
      const auto due = air.next_due();
      const base::WallTime next = due ? std::min(*due, end) : end;
      for (const auto& pupil : district.pupils)
        if (shown(pupil)) had[pupil.id] += next - now;
      now = next;
      settle();
    }
  };
  for (int step = 0; step < 40; ++step) {
    const std::string id = "lesson" + std::to_string(dice.below(4));
    if (live.contains(id)) {
      air.stop(id, now);
      live.erase(id);
    } else {
      AirRequest request{.lesson = id, .rooms = {}};
      for (int i = dice.below(3); i >= 0; --i) {
        const Room room =
            dice.one_in(3) ? Room(GroupId{1 + dice.below(3)}) : Room(ClassId{1 + dice.below(5)});
        if (std::ranges::find(request.rooms, room) == request.rooms.end()) request.rooms.push_back(room);
      }
      if (air.start(request, now)) live[id].rooms = {request.rooms.begin(), request.rooms.end()};
      settle();
    }
    pass(Minutes(1 + dice.below(24)));
  }
  for (const auto& pupil : district.pupils) {
    INFO("seed " << seed << " pupil " << pupil.id.value);
    if (const auto cap = cap_of(district, pupil)) CHECK(had[pupil.id] <= *cap);
    CHECK(had[pupil.id] <= air.used(pupil.class_id, now));
  }
}
