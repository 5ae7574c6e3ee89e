#include "school/timetable/load.hpp"
#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

Findings broken(const std::vector<Slot>& week, const RuleSettings& rules = {}) {
  return validate(small_people(), rules, week);
}

/// Lessons of `length`, one every `every`, from 8:00.
std::vector<Slot> day_of(ClassId klass, int count, Minutes length, Minutes every) {
  std::vector<Slot> week;
  for (int i = 0; i < count; ++i) week.push_back(lesson(i + 1, klass, 8h + i * every, length));
  return week;
}

}  // namespace

TEST_CASE("daily cap: 1, 2 and 4 hours by stage, none for seniors") {
  struct Case {
    const char* name;
    ClassId klass;
    int fits;  // lessons of 20 minutes
    Minutes cap;
  };
  const std::vector<Case> cases = {{"low", kG2, 3, 60min},
                                   {"middle", kG4, 6, 120min},
                                   {"grade 6 under 六三", kG6, 6, 120min},
                                   {"grade 6 under 五四", kG6Junior, 12, 240min},
                                   {"junior", kG9, 12, 240min}};
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK_FALSE(has(broken(day_of(c.klass, c.fits, 20min, 30min)), Code::daily_cap));
    const Findings over = broken(day_of(c.klass, c.fits + 1, 20min, 30min));
    REQUIRE(of(over, Code::daily_cap).size() == 1);
    const Finding& finding = *of(over, Code::daily_cap)[0];
    CHECK(rows(finding) == Rows{c.fits + 1});
    CHECK(finding.limit == c.cap.count());
    CHECK(finding.amount == (c.cap + 20min).count());
    CHECK(finding.where.class_id == c.klass);
    CHECK(finding.where.day == 1);
  }
  CHECK_FALSE(has(broken(day_of(kG12, 9, 40min, 50min)), Code::daily_long));
  const Findings senior = broken(day_of(kG12, 10, 40min, 50min));
  REQUIRE(of(senior, Code::daily_long).size() == 1);
  CHECK(of(senior, Code::daily_long)[0]->severity == Severity::warning);
  CHECK_FALSE(has_errors(senior));
}

TEST_CASE("daily cap: a pupil's layer groups count with the class") {
  std::vector<Slot> week = day_of(kG2, 2, 20min, 30min);
  Slot layered{.id = {9}, .start = 10h, .length = 30min};
  layered.groups = {kGroupA};
  week.push_back(layered);
  const Findings findings = broken(week);
  REQUIRE(of(findings, Code::daily_cap).size() == 1);
  const Finding& finding = *of(findings, Code::daily_cap)[0];
  CHECK(finding.where.groups == std::vector{kGroupA});
  CHECK(finding.amount == 70);
  CHECK(rows(finding) == Rows{9});
}

TEST_CASE("daily cap: what takes no air time does not count") {
  std::vector<Slot> week = day_of(kG2, 3, 20min, 30min);
  for (const Kind kind : {Kind::eye, Kind::exercise, Kind::rest}) {
    week.push_back(with_kind(
        lesson(100 + static_cast<int>(kind), kG2, 14h + 20min * static_cast<int>(kind), 15min), kind));
  }
  Slot replay = lesson(200, kG2, 15h, 40min);
  replay.delivery = Delivery::recorded;
  Slot few = with_kind(lesson(201, kG4, 15h, 40min), Kind::qa);
  few.invited = 3;
  week.insert(week.end(), {replay, few});
  CHECK_FALSE(has(broken(week), Code::daily_cap));
  week.push_back(with_kind(lesson(202, kG2, 16h, 10min), Kind::homeroom));  // three pupils: few
  CHECK_FALSE(has(broken(week), Code::daily_cap));
  week.push_back(lesson(203, kG2, 16h + 30min, 10min));
  CHECK(has(broken(week), Code::daily_cap));
}

TEST_CASE("evening: start and end are checked, and nothing lets a lesson through") {
  struct Case {
    const char* name;
    Slot slot;
    bool refused;
  };
  Slot few = with_kind(lesson(1, kG4, 18h + 30min, 20min), Kind::qa);
  few.invited = 3;
  Slot seven = few;
  seven.invited = 7;
  Slot lesson_for_three = lesson(1, kG4, 18h + 30min, 20min);
  lesson_for_three.invited = 3;
  Slot two_classes = few;
  two_classes.classes = {kG4, kG6};
  Slot replay = lesson(1, kG4, 19h, 20min);
  replay.delivery = Delivery::recorded;
  Slot parents{.id = {1}, .start = 19h, .length = 60min, .kind = Kind::parent};
  const std::vector<Case> cases = {
      {"18:30", lesson(1, kG4, 18h + 30min, 20min), true},
      {"17:50 for 20 minutes", lesson(1, kG4, 17h + 50min, 20min), true},
      {"17:40 for 20 minutes", lesson(1, kG4, 17h + 40min, 20min), false},
      {"7:00", lesson(1, kG4, 7h, 20min), true},
      {"7:30", lesson(1, kG4, 7h + 30min, 20min), false},
      {"three pupils' questions", few, false},
      {"seven pupils' questions", seven, true},
      {"a whole class's questions", with_kind(lesson(1, kG4, 19h, 20min), Kind::qa), true},
      {"questions of two classes", two_classes, true},
      {"a lesson for three", lesson_for_three, true},
      {"homeroom", with_kind(lesson(1, kG9, 19h, 20min), Kind::homeroom), true},
      {"replay", replay, false},
      {"parents' meeting", parents, false},
      {"parents' meeting with pupils", with_kind(lesson(1, kG4, 19h, 20min), Kind::parent), true},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(has(broken({c.slot}), Code::evening) == c.refused);
    CHECK(has_errors(broken({c.slot})) == c.refused);
  }
  RuleSettings rules;
  rules.evening = {20h, 6h};
  CHECK_FALSE(has(broken({lesson(1, kG4, 19h, 20min)}, rules), Code::evening));
}

TEST_CASE("weekly hours: the fifth maths lesson for a limit of four") {
  RuleSettings rules;
  rules.weekly_hours[{4, kMaths}] = 4;
  std::vector<Slot> week;
  for (unsigned day = 1; day <= 5; ++day) {
    week.push_back(lesson(day, kG4, 8h, 20min));
    week.back().day = Weekday(day);
    week.back().subject = kMaths;
  }
  week[1].delivery = Delivery::recorded;
  const Findings findings = broken(week, rules);
  REQUIRE(of(findings, Code::weekly_hours).size() == 1);
  const Finding& finding = *of(findings, Code::weekly_hours)[0];
  CHECK(rows(finding) == Rows{5});
  CHECK(finding.amount == 5);
  CHECK(finding.limit == 4);
  CHECK(finding.where.subject == kMaths);
  week.pop_back();
  CHECK_FALSE(has_errors(broken(week, rules)));
  week.back().subject = SubjectId{99};
  CHECK_FALSE(has_errors(broken(week, rules)));
}

TEST_CASE("breaks: ten minutes, with exercises in the short ones") {
  struct Case {
    Minutes second;
    std::optional<Slot> between;
    bool too_short, without_exercise;
  };
  const auto pause = [](Kind kind, Minutes start, Minutes length) {
    return with_kind(lesson(9, kG9, start, length), kind);
  };
  const std::vector<Case> cases = {
      {8h + 40min, {}, true, false},
      {8h + 49min, pause(Kind::eye, 8h + 40min, 5min), true, false},
      {8h + 50min, {}, false, true},
      {8h + 50min, pause(Kind::eye, 8h + 42min, 5min), false, false},
      {8h + 50min, pause(Kind::exercise, 8h + 40min, 10min), false, false},
      {8h + 50min, pause(Kind::rest, 8h + 40min, 10min), false, true},
      {8h + 50min, pause(Kind::eye, 8h + 48min, 5min), false, true},  // runs into the lesson
      {9h + 40min, {}, false, false},
  };
  for (const Case& c : cases) {
    INFO(format_time(c.second));
    std::vector<Slot> week = {lesson(1, kG9, 8h, 40min), lesson(2, kG9, c.second, 40min)};
    if (c.between) week.push_back(*c.between);
    const Findings findings = broken(week);
    CHECK(has(findings, Code::short_break) == c.too_short);
    CHECK(has(findings, Code::no_exercise) == c.without_exercise);
    for (const Code code : {Code::short_break, Code::no_exercise})
      for (const Finding* finding : of(findings, code)) CHECK(rows(*finding) == Rows{1, 2});
  }
}

TEST_CASE("double booking: pupils, leads and places") {
  Slot a = lesson(1, kG9, 8h, 40min);
  Slot b = lesson(2, kG4, 8h + 20min, 20min);
  CHECK_FALSE(has_errors(broken({a, b})));
  a.lead = b.lead = kTeacher;
  const Findings lead = broken({a, b});
  REQUIRE(of(lead, Code::teacher_double).size() == 1);
  CHECK(rows(*of(lead, Code::teacher_double)[0]) == Rows{1, 2});
  CHECK(of(lead, Code::teacher_double)[0]->where.teacher == kTeacher);
  CHECK(of(lead, Code::teacher_double)[0]->amount == 20);
  b.lead.reset();
  a.place = b.place = PlaceId{5};
  CHECK(has(broken({a, b}), Code::room_double));
  b.place.reset();
  b.classes = {kG9};
  CHECK(has(broken({a, b}), Code::class_double));
  b.start = 8h + 40min;
  CHECK_FALSE(has(broken({a, b}), Code::class_double));
  b.start = 8h;
  b.delivery = Delivery::offline;
  CHECK_FALSE(has(broken({a, b}), Code::class_double));
}

TEST_CASE("double booking: a class and its layer group at once") {
  Slot group{.id = {2}, .start = 8h + 10min, .length = 20min};
  group.groups = {kGroupB};
  const Findings findings = broken({lesson(1, kG4, 8h, 20min), group});
  REQUIRE(of(findings, Code::class_double).size() == 1);
  CHECK(of(findings, Code::class_double)[0]->where.groups == std::vector{kGroupB});
  // Two groups beside each other are what layering is for.
  Slot other = group;
  other.id = {3};
  other.groups = {kGroupA};
  CHECK_FALSE(has_errors(broken({group, other})));
}

TEST_CASE("continuous: 20 minutes in primary schools, 30 above, as a warning") {
  CHECK_FALSE(has(broken({lesson(1, kG4, 8h, 20min)}), Code::continuous));
  CHECK(has(broken({lesson(1, kG4, 8h, 21min)}), Code::continuous));
  CHECK_FALSE(has(broken({lesson(1, kG9, 8h, 30min)}), Code::continuous));
  const Findings findings = broken({lesson(1, kG9, 8h, 20min), lesson(2, kG9, 8h + 25min, 15min)});
  REQUIRE(of(findings, Code::continuous).size() == 1);
  CHECK(of(findings, Code::continuous)[0]->amount == 35);
  CHECK(of(findings, Code::continuous)[0]->severity == Severity::warning);
}

TEST_CASE("stagger: a grade's first lesson waits its turn") {
  RuleSettings rules;
  rules.stagger[4] = 10min;
  const Findings findings = broken({lesson(1, kG4, 8h, 20min), lesson(2, kG9, 8h, 20min)}, rules);
  REQUIRE(of(findings, Code::stagger).size() == 1);
  CHECK(rows(*of(findings, Code::stagger)[0]) == Rows{1});
  CHECK(of(findings, Code::stagger)[0]->where.grade == Grade{4});
  CHECK_FALSE(has(broken({lesson(1, kG4, 8h + 10min, 20min)}, rules), Code::stagger));
}

TEST_CASE("siblings: two lessons at once are listed, one lesson for both is not") {
  District district = small_district();
  district.families = {{.pupils = {{9101}, {4101}}, .shares_device = true}, {.pupils = {{4102}, {4103}}}};
  const auto people = People::create(district);
  REQUIRE(people);
  std::vector<Slot> week = {lesson(1, kG9, 9h, 40min), lesson(2, kG4, 9h, 20min)};
  const auto clashes = [&] {
    const Findings findings = validate(*people, {}, week);
    std::vector<Finding> out;
    for (const Finding* finding : of(findings, Code::sibling_clash)) out.push_back(*finding);
    return out;
  };
  const auto found = clashes();
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::warning);
  CHECK(rows(found[0]) == Rows{1, 2});
  CHECK(found[0].where.pupils == std::vector<PupilId>{{4101}, {9101}});
  CHECK(found[0].where.shared_device);
  CHECK(found[0].amount == 20);
  week[1].start = 9h + 40min;
  CHECK(clashes().empty());
  week.pop_back();
  week[0].classes = {kG9, kG4};
  CHECK(clashes().empty());
}

TEST_CASE("references: rows that cannot be taught") {
  Slot nobody{.id = {1}, .start = 8h, .length = 20min};
  CHECK(has(broken({nobody}), Code::no_audience));
  CHECK(has(broken({lesson(1, ClassId{999}, 8h, 20min)}), Code::unknown_class));
  nobody.groups = {GroupId{999}};
  CHECK(has(broken({nobody}), Code::unknown_group));
  for (const auto& [start, length] : {std::pair<Minutes, Minutes>{8h, 0min},
                                      {8h, -5min},
                                      {23h + 50min, 20min},
                                      {-1min, 5min},
                                      {Minutes::max(), 5min},
                                      {8h, Minutes::max()},
                                      {Minutes::min(), Minutes::min()}}) {
    CHECK(has(broken({lesson(1, kG4, start, length)}), Code::bad_time));
  }
  RuleSettings rules;
  rules.max_rooms = 2;
  Slot joint = lesson(1, kG4, 8h, 20min);
  joint.classes = {kG4, kG6, kG9};
  joint.lead = kTeacher;
  CHECK(has(broken({joint}, rules), Code::too_many_rooms));
}

TEST_CASE("card: what a published lesson has to say") {
  Slot slot = lesson(1, kG4, 8h, 20min);
  CHECK_FALSE(has_errors(broken({slot})));
  slot.state = State::published;
  const Findings bare = broken({slot});
  for (const Code code : {Code::goal_required, Code::advice_required, Code::evaluation_required})
    CHECK(has(bare, code));
  slot = with_card(slot);
  CHECK_FALSE(has_errors(broken({slot})));
  slot.card.evaluation = Evaluation::text;
  CHECK(has(broken({slot}), Code::evaluation_required));
  slot.card.evaluation_text = "读给家长听";
  CHECK_FALSE(has_errors(broken({slot})));
  slot.card.goal = std::string(" 　");
  CHECK(has(broken({slot}), Code::goal_required));
  slot.card.goal.clear();
  for (int i = 0; i < 200; ++i) slot.card.goal += "好";
  CHECK_FALSE(has_errors(broken({slot})));
  slot.card.goal += "!";
  CHECK(has(broken({slot}), Code::goal_too_long));
  CHECK_FALSE(has_errors(broken({[] {
    Slot rest = with_kind(lesson(1, kG4, 8h, 20min), Kind::rest);
    rest.state = State::published;
    return rest;
  }()})));
}

TEST_CASE("rule settings: numbers that would switch a rule off are refused") {
  CHECK(check(RuleSettings()));
  const auto field = [](auto change) {
    RuleSettings rules;
    change(rules);
    const auto result = check(rules);
    return result ? std::string() : result.error().field;
  };
  CHECK(field([](auto& r) { r.evening.to = r.evening.from; }) == "evening");
  CHECK(field([](auto& r) { r.evening.from = 25h; }) == "evening.from");
  CHECK(field([](auto& r) { r.stages[0].daily_cap.reset(); }) == "low.daily_cap");
  CHECK(field([](auto& r) { r.stages[1].daily_cap = 0min; }) == "middle.daily_cap");
  CHECK(field([](auto& r) { r.min_break = -1min; }) == "min_break");
  CHECK(field([](auto& r) { r.air_warnings = {1min, 5min}; }) == "air_warnings");
  CHECK(field([](auto& r) { r.weekly_hours[{1, kMaths}] = -1; }) == "weekly_hours");
  CHECK(field([](auto& r) { r.max_rooms = 0; }) == "max_rooms");
  CHECK(field([](auto& r) { r.stages[2].live_length = 0min; }) == "junior.live_length");
}

TEST_CASE("load: what a day asks of a class, by its busiest pupils") {
  Slot layered{.id = {3}, .start = 9h, .length = 15min};
  layered.groups = {kGroupA};
  Slot task = lesson(4, kG4, 14h, 30min);
  task.delivery = Delivery::offline;
  const std::vector<Slot> week = {lesson(1, kG4, 8h, 20min), lesson(2, kG4, 8h + 25min, 10min), layered, task,
                                  with_kind(lesson(5, kG4, 8h + 40min, 5min), Kind::eye)};
  const auto load = load_of(small_people(), {}, week, kG4);
  REQUIRE(load);
  CHECK((*load)[0] == DayLoad{45min, 30min, 30min});
  CHECK((*load)[1] == DayLoad{});
  CHECK_FALSE(load_of(small_people(), {}, week, ClassId{999}));
}
