#include "school/timetable/import_matrix.hpp"

#include "school/timetable/import_rows.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::school::timetable;
using Lines = std::vector<std::vector<std::string>>;

TEST_CASE("matrix: a list of rows is none") {
  CHECK_FALSE(unroll_matrix({}));
  const Lines list = {{"班级", "星期", "节次", "时间"}, {"3(2)", "周一", "1", "8:00-8:20"}};
  CHECK_FALSE(unroll_matrix(list));
  const Lines numbers = {{"1", "2", "3"}, {"一", "x", "2"}};
  CHECK_FALSE(unroll_matrix(numbers));
}

TEST_CASE("matrix: days across, periods down, a block for each class") {
  const Lines sheet = {
      {"第一小学 三年级2班线上课程表"},
      {"", "节次", "时间", "周一", "周二", "周三"},
      {"上午", "1", "8:00-8:20", "数学（王老师）", "语文\n李老师", "-"},
      {"", "眼保健操", "8:20-8:30", "", "", ""},
      {"", "第2节", "8:30～8:50", "", "体育 赵老师", "班会"},
      {},
      {"三年级1班课表"},
      {"节次", "星期一", "星期二"},
      {"第一节 9:00-9:20", "英语/孙老师", ""},
  };
  const auto result = unroll_matrix(sheet);
  REQUIRE(result);
  const std::string two = "三年级2班";
  const Lines wanted = {
      {"school", "class", "weekday", "period", "time", "kind", "subject", "lead"},
      {"第一小学", two, "周一", "1", "8:00-8:20", "", "数学", "王老师"},
      {"第一小学", two, "周二", "1", "8:00-8:20", "", "语文", "李老师"},
      {"第一小学", two, "周一", "", "8:20-8:30", "眼保健操", "", ""},
      {"第一小学", two, "周二", "", "8:20-8:30", "眼保健操", "", ""},
      {"第一小学", two, "周三", "", "8:20-8:30", "眼保健操", "", ""},
      {"第一小学", two, "周二", "第2节", "8:30～8:50", "", "体育", "赵老师"},
      {"第一小学", two, "周三", "第2节", "8:30～8:50", "班会", "", ""},
      {"", "三年级1班", "星期一", "第一节", "9:00-9:20", "", "英语", "孙老师"},
  };
  CHECK(result->lines == wanted);
  REQUIRE(result->origins.size() == wanted.size());
  CHECK(result->origins[2].line == 3);
  CHECK(result->origins[2].column == 5);
  CHECK(result->origins[8].line == 9);
}

TEST_CASE("matrix: a block without a class has none, and the list's reader says so") {
  const Lines sheet = {{"节次", "周一", "周二"}, {"1 8:00-8:20", "数学", "语文"}};
  const auto result = unroll_matrix(sheet);
  REQUIRE(result);
  REQUIRE(result->lines.size() == 3);
  CHECK(result->lines[1][1].empty());
  CHECK(result->lines[1][3] == "1");
  CHECK(result->lines[1][4] == "8:00-8:20");
}
