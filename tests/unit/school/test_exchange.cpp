#include <algorithm>

#include "school/crypto.hpp"
#include "school/demo/seed.hpp"
#include "school/exchange/csv.hpp"
#include "school/exchange/encoding.hpp"
#include "school/exchange/names.hpp"
#include "school/exchange/planner.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::exchange;
using people::kFiveFour;
using people::kSixThree;

namespace {

const people::PhoneMarker kPhones(std::vector<std::uint8_t>(32, 7));

Table table(std::string_view text) {
  auto read = read_table("t.csv", base::as_bytes(text));
  INFO((read ? std::string() : read.error().message));
  REQUIRE(read);
  return std::move(*read);
}

Plan plan(const people::Directory& district, std::vector<std::string_view> texts,
          const ImportOptions& options = {}) {
  std::vector<Table> tables;
  for (const auto text : texts) tables.push_back(table(text));
  return plan_import(district, tables, kPhones, options);
}

people::Directory after(people::Directory district, const Plan& plan) {
  district.apply(plan.changes);
  return district;
}

constexpr std::string_view kPupils =
    "学校,年级,班级,学号,姓名,家长电话,上网条件\n"
    "一小,三年级,1班,20240101,甲,138 1234 5678,宽带\n"
    "一小,三年级,2班,20240201,乙,13912340000,无\n"
    "二中,初一,3班,20240301,丙,+86 13812345678,手机流量\n";

}  // namespace

TEST_CASE("csv: as people save it") {
  struct Case {
    const char* what;
    std::string_view text;
    std::vector<CsvRow> rows;
  };
  const std::vector<Case> cases = {
      {"plain", "a,b\nc,d\n", {{1, {"a", "b"}}, {2, {"c", "d"}}}},
      {"CRLF, no end", "a,b\r\nc,d", {{1, {"a", "b"}}, {2, {"c", "d"}}}},
      {"old Mac", "a,b\rc,d\r", {{1, {"a", "b"}}, {2, {"c", "d"}}}},
      {"tabs", "a\tb,c\nd\te\n", {{1, {"a", "b,c"}}, {2, {"d", "e"}}}},
      {"semicolons", "a;b\nc;d\n", {{1, {"a", "b"}}, {2, {"c", "d"}}}},
      {"quotes", "\"a,\"\"1\"\"\",\"b\"\n", {{1, {"a,\"1\"", "b"}}}},
      {"line breaks in quotes", "\"a\r\nb\",c\nd,e\n", {{1, {"a\r\nb", "c"}}, {3, {"d", "e"}}}},
      {"stray quotes", "a\"b,c\nx \"y\",z\n", {{1, {"a\"b", "c"}}, {2, {"x \"y\"", "z"}}}},
      {"after a quote", "\"a\"b,c\n", {{1, {"ab", "c"}}}},
      {"empty rows", "a,b\n\n,,\n \nc\n", {{1, {"a", "b"}}, {4, {" "}}, {5, {"c"}}}},
      {"ragged", "a,b,c\nd\ne,f,g,h\n", {{1, {"a", "b", "c"}}, {2, {"d"}}, {3, {"e", "f", "g", "h"}}}},
      {"nothing", "", {}},
      {"title above", "名册\na\tb\tc\n", {{1, {"名册"}}, {2, {"a", "b", "c"}}}},
  };
  for (const auto& [what, text, rows] : cases) {
    INFO(what);
    const Csv csv = read_csv(text);
    CHECK(csv.rows == rows);
    CHECK_FALSE(csv.open_quote);
  }
  const Csv open = read_csv("a,b\nc,\"d\ne,f\n");
  CHECK(open.rows.size() == 1);
  CHECK(open.open_quote == 2);
  CHECK(read_csv(std::string(100'000, ',') + "x").rows.empty() == false);
}

TEST_CASE("encoding: found by mark, by being UTF-8, else GBK") {
  const std::string utf8 = "学号,姓名";
  CHECK(decode_text(base::as_bytes(utf8))->encoding == "UTF-8");
  CHECK(decode_text(base::as_bytes("\xEF\xBB\xBF" + utf8))->text == utf8);
  const auto gbk = decode_text(base::as_bytes("\xD1\xA7\xBA\xC5,\xD0\xD5\xC3\xFB"));
  REQUIRE(gbk);
  CHECK(gbk->text == utf8);
  CHECK(gbk->encoding == "GB18030");
  const std::string_view utf16("\xFF\xFE\x66\x5B\xF7\x53,\0\xD3\x59\x0D\x54", 12);
  CHECK(decode_text(base::as_bytes(utf16))->text == utf8);
  CHECK(decode_text({})->text.empty());
  for (const std::string_view bad :
       {std::string_view("\xD0\xCF\x11\xE0...."), std::string_view("a\xFF\xFF\xFF"),
        std::string_view("\xFF\xFE\x00\xD8", 4)}) {
    CHECK_FALSE(decode_text(base::as_bytes(bad)));
  }
}

TEST_CASE("names: grades and classes as schools write them") {
  struct Case {
    const char* text;
    std::optional<people::Grade> grade;
    std::optional<ClassName> six_three;
    std::optional<ClassName> five_four;
  };
  const std::vector<Case> cases = {
      {"2", 3, {{3, 2}}, {{3, 2}}},
      {"2班", 3, {{3, 2}}, {{3, 2}}},
      {"二班", 3, {{3, 2}}, {{3, 2}}},
      {"十二班", 3, {{3, 12}}, {{3, 12}}},
      {"2", {}, {}, {}},
      {"三年级2班", {}, {{3, 2}}, {{3, 2}}},
      {"三年级(2)班", 3, {{3, 2}}, {{3, 2}}},
      {"３（２）", {}, {{3, 2}}, {{3, 2}}},
      {"三（二）班", {}, {{3, 2}}, {{3, 2}}},
      {"三年二班", {}, {{3, 2}}, {{3, 2}}},
      {"3-2", {}, {{3, 2}}, {{3, 2}}},
      {"302", {}, {{3, 2}}, {{3, 2}}},
      {"1012", {}, {{10, 12}}, {{10, 12}}},
      {"三年级2班", 4, {}, {}},  // not what the grade column says
      {"初一3班", {}, {{7, 3}}, {{6, 3}}},
      {"初四(1)班", {}, {}, {{9, 1}}},
      {"高二（5）班", {}, {{11, 5}}, {{11, 5}}},
      {"高中三年级10班", {}, {{12, 10}}, {{12, 10}}},
      {"七年级1班", {}, {{7, 1}}, {{7, 1}}},
      {"Grade 3 Class 2", {}, {{3, 2}}, {{3, 2}}},
      {"初3班", {}, {}, {}},
      {"3(0)", {}, {}, {}},
      {"13(1)", {}, {}, {}},
      {"火箭班", 3, {}, {}},
      {"", 3, {}, {}},
      {"1 2 3", {}, {}, {}},
  };
  for (const auto& [text, grade, six_three, five_four] : cases) {
    INFO(text);
    CHECK(parse_class(text, kSixThree, grade) == six_three);
    CHECK(parse_class(text, kFiveFour, grade) == five_four);
  }
  CHECK(parse_grade("三年级", kSixThree) == 3);
  CHECK(parse_grade("Grade 11", kSixThree) == 11);
  CHECK(parse_grade("初一", kFiveFour) == 6);
  CHECK(parse_grade("高三", kFiveFour) == 12);
  CHECK_FALSE(parse_grade("2023级", kSixThree));
  CHECK_FALSE(parse_grade("十三年级", kSixThree));
  CHECK(parse_classes("3(1)、3（2）,4(1)", kSixThree, {}) == std::vector<ClassName>{{3, 1}, {3, 2}, {4, 1}});
  CHECK(parse_classes("三年级1、2班", kSixThree, {}) == std::vector<ClassName>{{3, 1}, {3, 2}});
  CHECK(parse_classes(" ", kSixThree, {}) == std::vector<ClassName>{});
  CHECK_FALSE(parse_classes("3(1)、全部", kSixThree, {}));
  for (people::Grade grade = 1; grade <= 12; ++grade) {
    const ClassName name{grade, 11};
    CHECK(parse_class(class_label(name), kSixThree, {}) == name);
  }
}

TEST_CASE("names: cells as spreadsheets leave them") {
  CHECK(trimmed("\u3000 甲\u00a0\t") == "甲");
  CHECK(trimmed("=\"0012\"") == "0012");
  CHECK(trimmed("'0012") == "0012");
  CHECK(plain("ＡＢ（３）") == "ab(3)");
  CHECK(people::phone_digits("+86 138-1234-5678") == "13812345678");
  CHECK(people::phone_digits("0451-53721234") == "045153721234");
  CHECK(people::phone_digits("5678") == "5678");
  CHECK_FALSE(people::phone_digits("12345"));
  CHECK_FALSE(people::phone_digits("无"));
  CHECK(holds_identity_number("11010519491231002X"));
  CHECK(holds_identity_number("G11010519491231002X"));
  CHECK_FALSE(holds_identity_number("110105194912310021"));
  CHECK_FALSE(holds_identity_number("20240101"));
}

TEST_CASE("phones: only the ending is kept, and only with the secret it can be checked") {
  const people::PhoneMark mark = kPhones.mark("5678");
  CHECK(kPhones.matches(mark, "5678"));
  CHECK_FALSE(kPhones.matches(mark, "5679"));
  CHECK_FALSE(people::PhoneMarker(crypto::random_bytes(32)).matches(mark, "5678"));
  CHECK(kPhones.mark("5678").hash != mark.hash);
}

TEST_CASE("table: header under titles, Chinese or English, and what kind of list it is") {
  CHECK(table(kPupils).kind == Kind::pupils);
  const auto english = table("\xEF\xBB\xBFRoster 2026\n\nSchool;Grade;Class;Pupil Number;Name\nX;3;1;7;Y\n");
  CHECK(english.kind == Kind::pupils);
  REQUIRE(english.rows.size() == 1);
  CHECK(english.rows[0].line == 4);
  CHECK(english.rows[0][Column::name] == "Y");
  CHECK(table("学校,学制\n一小,六三\n").kind == Kind::schools);
  CHECK(table("工号,姓名,学科,任教班级\n1,a,语文,3(1)\n").kind == Kind::staff);
  CHECK(table("年级,学科,层次,学号\n3,数学,A,1\n").kind == Kind::groups);
  CHECK(table("班级,学号,姓名,父亲电话,母亲电话\n301,1,a,13800000001,13800000002\n").rows[0][Column::phone] ==
        "13800000001,13800000002");
  CHECK_FALSE(read_table("t", base::as_bytes("一,二,三\n1,2,3\n")));
  CHECK_FALSE(read_table("t", {}));
}

TEST_CASE("import: a first roster makes schools, classes, pupils and homes") {
  const Plan first = plan({}, {"学校,学制\n一小,六三\n二中,五四\n", kPupils});
  CHECK(first.report.problems.empty());
  CHECK(first.report.tally(Kind::schools) == Tally{2, 0, 0});
  CHECK(first.report.tally(Kind::pupils) == Tally{3, 0, 0});
  const auto district = after({}, first);
  const auto* one = district.school_named("一小");
  const auto* two = district.school_named("二中");
  REQUIRE(one);
  REQUIRE(two);
  const auto* a = district.pupil_numbered(one->id, "20240101");
  const auto* c = district.pupil_numbered(two->id, "20240301");
  REQUIRE(a);
  REQUIRE(c);
  CHECK(a->condition == people::Condition::wifi);
  CHECK(a->home == c->home);  // the same telephone
  CHECK(district.children_of(a->home).size() == 2);
  CHECK(kPhones.matches(*district.find(a->home), "5678"));
  CHECK(district.find(a->home)->phones.size() == 1);
  CHECK(district.find(c->original_class)->grade == 6);  // 初一 under 五四
}

TEST_CASE("import: a second time changes nothing, and a changed list changes what it says") {
  const auto district = after({}, plan({}, {kPupils}));
  const Plan again = plan(district, {kPupils});
  CHECK(again.changes.empty());
  CHECK(again.report.tally(Kind::pupils) == Tally{0, 0, 3});

  const Plan changed =
      plan(district,
           {"学校,班级,学号,姓名,上网条件,状态\n一小,302,20240101,甲甲,,\n一小,302,20240201,乙,,转出\n"});
  CHECK(changed.report.problems.empty());
  CHECK(changed.report.tally(Kind::pupils) == Tally{0, 2, 0});
  REQUIRE(changed.report.differences.size() == 2);
  CHECK(changed.report.differences[0].what == "20240101");
  CHECK(changed.report.differences[0].details ==
        std::vector<std::string>{"姓名", "班级: 三年级1班 → 三年级2班"});  // the name itself is not told
  const auto later = after(district, changed);
  const auto* moved = later.pupil_numbered(later.school_named("一小")->id, "20240101");
  CHECK(moved->public_id == district.pupil_numbered(moved->school, "20240101")->public_id);
  CHECK(moved->condition == people::Condition::wifi);  // an empty cell says nothing
  CHECK(later.pupil_numbered(moved->school, "20240201")->standing == people::Standing::left);
  CHECK(later.pupil_count() == 3);
}

TEST_CASE("import: every bad row is named by line and reason, the others are taken") {
  const auto district = after({}, plan({}, {kPupils}));
  const Plan mixed = plan(district, {"学校,年级,班级,学号,姓名,家长电话,上网条件,状态\n"
                                     "一小,3,1,1,好,,,\n"
                                     "三小,3,1,2,错,,,\n"
                                     "一小,十三,1,3,错,,,\n"
                                     "一小,3,9z,4,错,,,\n"
                                     "一小,3,,5,错,,,\n"
                                     "一小,3,1,,错,,,\n"
                                     "一小,3,1,7,,,,\n"
                                     "一小,3,1,2.02301E+11,错,,,\n"
                                     "一小,3,1,11010519491231002X,错,,,\n"
                                     "一小,3,1,10,错,123,,\n"
                                     "一小,3,1,11,错,,5G,\n"
                                     "一小,3,1,12,错,,,飞走\n"
                                     "一小,3,1,1,别人,,,\n"
                                     "一小,3,1,1,好,,,\n"
                                     "一小,3,1,15,\"a\nb\",,,\n"
                                     "一小,3,1,17,\"没完\n"});
  std::vector<std::pair<std::size_t, Reason>> found;
  for (const auto& problem : mixed.report.problems) found.emplace_back(problem.line, problem.reason);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::pair<std::size_t, Reason>>{{3, Reason::unknown_school},
                                                             {4, Reason::bad_grade},
                                                             {5, Reason::bad_class},
                                                             {6, Reason::missing},
                                                             {7, Reason::missing},
                                                             {8, Reason::missing},
                                                             {9, Reason::damaged_number},
                                                             {10, Reason::identity_card},
                                                             {11, Reason::bad_phone},
                                                             {12, Reason::bad_condition},
                                                             {13, Reason::bad_standing},
                                                             {14, Reason::duplicate},
                                                             {16, Reason::unclean},
                                                             {18, Reason::open_quote}});
  CHECK(mixed.report.tally(Kind::pupils) == Tally{1, 0, 0});
  CHECK(plan(district, {"班级,学号,姓名\n301,9,a\n"}, {.school = "一小"}).report.problems.empty());
  CHECK(plan(district, {"学校,班级,学号,姓名\n新,301,9,a\n"}, {.new_schools = true}).report.problems.empty());
}

TEST_CASE("import: a teacher's telephone makes no family") {
  std::string text = "学校,班级,学号,姓名,电话\n";
  for (int i = 1; i <= 9; ++i) text += "一小,301," + std::to_string(i) + ",x,13800000000\n";
  const Plan shared = plan({}, {text});
  CHECK(shared.report.notes.size() == 9);
  CHECK(shared.report.notes[0].reason == Reason::shared_phone);
  const auto district = after({}, shared);
  for (const auto& pupil : district.pupils()) CHECK(district.children_of(pupil.home).size() == 1);
}

TEST_CASE("import: siblings known from a row further down, and by home code") {
  const auto district = after({}, plan({}, {"学校,班级,学号,姓名,电话\n一小,301,1,a,13800000001\n"}));
  const auto later = after(district, plan(district, {"学校,班级,学号,姓名,电话,家庭编号\n"
                                                     "一小,302,2,b,13800000001,\n"
                                                     "一小,301,1,a,13800000001,\n"
                                                     "一小,303,3,c,,F1\n"
                                                     "一小,304,4,d,,F1\n"}));
  const auto school = later.school_named("一小")->id;
  const auto home = [&](const char* number) { return later.pupil_numbered(school, number)->home; };
  CHECK(home("1") == home("2"));
  CHECK(home("3") == home("4"));
  CHECK(home("3") != home("1"));
}

TEST_CASE("import: staff with subjects, classes, homeroom, duties; their rows are summed up") {
  constexpr std::string_view kStaff =
      "学校,工号,姓名,职务,学科,任教班级,班主任班级,备课组长\n"
      "一小,T1,王,任课教师,语文,3(1)、3(2),3(1),三年级\n"
      "一小,T1,王,,道法,3(1),,\n"
      "一小,,赵,校长、技术员,,,,\n"
      ",D1,督,督学,,,,\n";
  const auto first = plan({}, {kStaff});
  CHECK(first.report.problems.empty());
  const auto district = after({}, first);
  const auto school = district.school_named("一小")->id;
  const auto* teacher = district.staff_numbered(school, "T1");
  REQUIRE(teacher);
  CHECK(teacher->teaching.size() == 3);
  CHECK(teacher->leads.size() == 1);
  CHECK(district.subject_named("道德与法治"));
  CHECK(district.homerooms_of(teacher->id).size() == 1);
  const auto* head = district.staff_numbered(school, "赵");
  REQUIRE(head);
  CHECK(head->has(people::Duty::school_office));
  CHECK(head->has(people::Duty::technician));
  CHECK(district.staff_numbered({}, "D1")->has(people::Duty::inspector));
  CHECK(plan(district, {kStaff}).changes.empty());

  const auto fewer = plan(district, {"学校,工号,姓名,学科,任教班级\n一小,T1,王,语文,3(2)\n"});
  CHECK(after(district, fewer).staff_numbered(school, "T1")->teaching.size() == 1);
  const auto bad =
      plan(district,
           {"学校,工号,姓名,职务,学科,任教班级\n一小,T9,x,厨师,,\n一小,T8,x,,,3(1)\n一小,T7,x,,语文,3\n"});
  REQUIRE(bad.report.problems.size() == 3);
  CHECK(bad.report.problems[0].reason == Reason::bad_duty);
  CHECK(bad.report.problems[1].reason == Reason::missing);
  CHECK(bad.report.problems[2].reason == Reason::bad_class);
}

TEST_CASE("import: a list of a layer group is the whole group") {
  const auto district = after({}, plan({}, {kPupils}));
  const auto first =
      plan(district, {"学校,年级,学科,层次,学号\n一小,3,数学,A,20240101\n一小,3,数学,A,20240201\n"});
  CHECK(first.report.problems.empty());
  const auto grouped = after(district, first);
  REQUIRE(grouped.groups().size() == 1);
  CHECK(grouped.groups()[0].members.size() == 2);
  CHECK(plan(grouped, {"学校,年级,学科,层次,学号\n一小,3,数学,A,20240101\n一小,3,数学,A,20240201\n"})
            .changes.empty());
  const auto moved =
      plan(grouped, {"学校,年级,学科,层次,学号\n一小,3,数学,A,20240101\n一小,3,数学,B,20240201\n"
                     "一小,3,数学,B,20240101\n一小,3,数学,B,999\n"});
  REQUIRE(moved.report.problems.size() == 2);
  CHECK(moved.report.problems[0].reason == Reason::two_groups);
  CHECK(moved.report.problems[1].reason == Reason::unknown_pupil);
  const auto later = after(grouped, moved);
  CHECK(later.groups()[0].members.size() == 1);
  CHECK(later.groups()[1].members.size() == 1);
}

TEST_CASE("demo: a district of real size, the same for the same seed") {
  const auto tables = demo::demo_district({.schools = 50, .seed = 1});
  const Plan made = plan_import({}, tables, kPhones);
  CHECK(made.report.problems.empty());
  CHECK(made.report.tally(Kind::schools).created == 50);
  const auto pupils = made.report.tally(Kind::pupils).created;
  CHECK(pupils > 34'000);
  CHECK(pupils < 36'000);
  const auto teachers = made.report.tally(Kind::staff).created;
  CHECK(teachers > 2'300);
  CHECK(teachers < 3'500);
  const auto district = after({}, made);
  std::size_t none = 0;
  for (const auto& pupil : district.pupils()) none += pupil.condition == people::Condition::none ? 1 : 0;
  CHECK(none > 350);
  CHECK(none < 1'000);
  for (const auto& one : district.classes()) {
    CHECK(one.homeroom);
    CHECK(district.pupils_of(one.id).size() >= 30);
  }
  CHECK(plan_import(district, tables, kPhones).changes.empty());

  const auto same = demo::demo_district({.schools = 50, .seed = 1});
  const auto other = demo::demo_district({.schools = 50, .seed = 2});
  CHECK(same[1].rows.size() == tables[1].rows.size());
  CHECK(same[1].rows[999].cells == tables[1].rows[999].cells);
  CHECK(other[1].rows[999].cells != tables[1].rows[999].cells);
  CHECK(plan_import({}, demo::demo_district({.schools = 1, .seed = 9}), kPhones).report.problems.empty());
}
