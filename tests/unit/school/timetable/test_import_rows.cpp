#include "school/timetable/import_rows.hpp"

#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using Why = BadCell::Why;
using Lines = std::vector<std::vector<std::string>>;

namespace {

Directory directory() {
  return {
      .school = [](std::string_view name) { return name == "一小" ? std::optional(kSchool) : std::nullopt; },
      .class_named =
          [](std::optional<SchoolId> school, std::string_view name) {
            return school == kSchool && name == "四（1）班" ? std::optional(kG4) : std::nullopt;
          },
      .group = [](std::optional<SchoolId>, std::string_view name) -> std::optional<GroupId> {
        if (name == "A组") return kGroupA;
        if (name == "B组") return kGroupB;
        return {};
      },
      .subject = [](std::string_view name) { return name == "数学" ? std::optional(kMaths) : std::nullopt; },
      .teacher =
          [](std::optional<SchoolId>, std::string_view name) {
            return name == "王老师" ? std::optional(kTeacher) : std::nullopt;
          },
      .place = [](std::optional<SchoolId>, std::string_view) -> std::optional<PlaceId> { return {}; },
  };
}

ImportedRows imported(const Lines& lines) {
  auto result = import_rows(lines, directory());
  REQUIRE(result);
  return std::move(*result);
}

}  // namespace

TEST_CASE("import: a timetable with Chinese headers") {
  const auto result = imported({
      {"学校", "班级", "星期", "节次", "时间", "学科", "主讲教师", "教学目标", "教学建议", "评价方式",
       "备注"},
      {"一小", "四（1）班", "周二", "第3节", "9:40-10:00", "数学", "王老师", "会比较分数", "备纸笔",
       "随堂检测", "x"},
      {"", " ", "　"},
      {"一小", "四（1）班", "周二", "4", "10:10～10:30", "数学", "", "", "", "读给家长听"},
  });
  CHECK(result.bad.empty());
  CHECK(result.ignored == std::vector<std::string>{"备注"});
  REQUIRE(result.rows.size() == 2);
  const ImportedRow& first = result.rows[0];
  CHECK(first.line == 2);
  CHECK(first.scope == Scope{.class_id = kG4});
  CHECK_FALSE(first.week);
  const Slot& slot = first.row.slot;
  CHECK(slot.day == std::chrono::Tuesday);
  CHECK(slot.period == 3);
  CHECK(slot.start == 9h + 40min);
  CHECK(slot.length == 20min);
  CHECK(slot.subject == kMaths);
  CHECK(slot.lead == kTeacher);
  CHECK(slot.card == Card{"会比较分数", "备纸笔", Evaluation::quick_check, ""});
  CHECK(result.rows[1].line == 4);
  CHECK(result.rows[1].row.slot.card == Card{"", "", Evaluation::text, "读给家长听"});
}

TEST_CASE("import: English headers, stages, dates and groups") {
  const auto result = imported({
      {"Stage", "Grade", "Date", "Start", "End", "Kind", "Delivery", "Groups"},
      {"low", "", "2026-03-04", "8:00", "8:20", "lesson", "live", ""},
      {"", "Grade 4", "2026/3/8", "8:00 AM", "8:20 AM", "arts", "offline", "A组;B组"},
      {"小学中高段", "", "2026年3月4日", "8:20", "8:25", "眼保健操", "", ""},
      {"", "高三", "2026-03-04", "8:20", "8:25", "空", "", ""},
  });
  CHECK(result.bad.empty());
  REQUIRE(result.rows.size() == 4);
  CHECK(result.rows[0].scope == Scope{.stage = Stage::low});
  CHECK(result.rows[0].week->monday == Date(std::chrono::year(2026) / 3 / 2));
  CHECK(result.rows[0].row.slot.day == std::chrono::Wednesday);
  CHECK(result.rows[1].scope == Scope{.grade = 4});
  CHECK(result.rows[1].row.slot.day == std::chrono::Sunday);
  CHECK(result.rows[1].row.slot.groups == std::vector{kGroupA, kGroupB});
  CHECK(result.rows[1].row.slot.delivery == Delivery::offline);
  CHECK(result.rows[2].row.slot.kind == Kind::eye);
  CHECK(result.rows[3].row.blank);
  CHECK(result.rows[3].scope.grade == Grade{12});
}

TEST_CASE("import: groups are told apart however an office writes the mark between them") {
  const std::vector<std::string> header = {"年级", "星期", "节次", "时间", "分组"};
  for (const std::string cell :
       {"A组,B组", "A组;B组", "A组、B组", "A组，B组", "A组；B组", "、A组、、 B组 、"}) {
    INFO(cell);
    const auto result = imported({header, {"四年级", "周一", "1", "8:00-8:20", cell}});
    CHECK(result.bad.empty());
    REQUIRE(result.rows.size() == 1);
    CHECK(result.rows[0].row.slot.groups == std::vector{kGroupA, kGroupB});
  }
}

TEST_CASE("import: every bad cell by line and reason, and the good lines kept") {
  struct Case {
    std::vector<std::string> cells;  // school, class, weekday, start, end, minutes, subject, teacher, goal
    std::vector<std::pair<Column, Why>> bad;
  };
  const std::string school = "一小";
  const std::string klass = "四（1）班";
  const std::vector<Case> cases = {
      {{school, klass, "1", "8:00", "8:20", "", "数学", "", ""}, {}},
      {{school, klass, "1", "8:00", "", "20"}, {}},
      {{school, klass, "1", "8:00", "8:20", "20"}, {}},
      {{school, "四（9）班", "1", "8:00", "8:20"}, {{Column::class_name, Why::unknown}}},
      {{"二小", klass, "1", "8:00", "8:20"},
       {{Column::school, Why::unknown}, {Column::class_name, Why::unknown}}},
      {{"", "", "1", "8:00", "8:20"}, {{Column::class_name, Why::missing}}},
      {{school, klass, "周八", "8:00", "8:20"}, {{Column::weekday, Why::malformed}}},
      {{school, klass, "", "8:00", "8:20"}, {{Column::weekday, Why::missing}}},
      {{school, klass, "1", "", "8:20"}, {{Column::start, Why::missing}}},
      {{school, klass, "1", "8", "8:20"}, {{Column::start, Why::malformed}}},
      {{school, klass, "1", "8:00"}, {{Column::end, Why::missing}}},
      {{school, klass, "1", "8:00", "8:xx"}, {{Column::end, Why::malformed}}},
      {{school, klass, "1", "8:20", "8:00"}, {{Column::end, Why::contradiction}}},
      {{school, klass, "1", "8:00", "8:20", "30"}, {{Column::minutes, Why::contradiction}}},
      {{school, klass, "1", "8:00", "", "0"}, {{Column::minutes, Why::malformed}}},
      {{school, klass, "1", "23:50", "", "20"}, {{Column::minutes, Why::contradiction}}},
      {{school, klass, "1", "8:00-8:20", "8:30"}, {{Column::end, Why::contradiction}}},
      {{school, klass, "1", "8:00", "8:20", "", "炼金术", "谁", std::string(201, 'g')},
       {{Column::subject, Why::unknown}, {Column::lead, Why::unknown}, {Column::goal, Why::too_long}}},
  };
  Lines lines = {{"学校", "班级", "星期", "开始", "结束", "分钟", "学科", "教师", "教学目标"}};
  std::vector<BadCell> expected;
  for (const Case& c : cases) {
    lines.push_back(c.cells);
    for (const auto& [column, why] : c.bad) expected.push_back({lines.size(), column, why});
  }
  const auto result = imported(lines);
  CHECK(result.rows.size() == 3);
  REQUIRE(result.bad.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO("line " << expected[i].line << " " << to_string(expected[i].column) << "; got line "
                 << result.bad[i].line << " " << to_string(result.bad[i].column) << " "
                 << to_string(result.bad[i].why));
    CHECK(result.bad[i] == expected[i]);
  }
}

TEST_CASE("import: a file without what it needs") {
  const auto field = [](const Lines& lines) { return import_rows(lines, directory()).error().field; };
  CHECK(field({}) == "header");
  CHECK(field({{"班级", "开始"}}) == "weekday");
  CHECK(field({{"班级", "星期"}}) == "start");
  CHECK(field({{"星期", "开始", "Weekday"}}) == "weekday");
}

TEST_CASE("import: words") {
  CHECK(grade_word("三") == Grade{3});
  CHECK(grade_word("九年级") == Grade{9});
  CHECK(grade_word("G12") == Grade{12});
  CHECK(grade_word("高一") == Grade{10});
  for (const char* text : {"初一", "13", "0", "高四", "", "年级", "grade"}) {
    INFO(text);
    CHECK_FALSE(grade_word(text));
  }
  CHECK(period_word("第十二节") == 12);
  CHECK_FALSE(period_word("31"));
  CHECK_FALSE(time_range_word("8:20-8:00"));
  CHECK(column_from(" CLASS ") == Column::class_name);
  CHECK(kind_word("Break")->kind == Kind::rest);
  for (std::size_t i = 0; i < kKindCount; ++i)
    CHECK(kind_word(to_string(static_cast<Kind>(i)))->kind == static_cast<Kind>(i));
  for (std::size_t i = 0; i < kColumnCount; ++i)
    CHECK(column_from(to_string(static_cast<Column>(i))) == static_cast<Column>(i));
}
