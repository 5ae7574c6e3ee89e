#include <filesystem>

#include "school/crypto.hpp"
#include "school/lessons.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::school;

TEST_CASE("lessons: live through a restart of the store") {
  const test::TempDir dir;
  std::string id;
  {
    auto store = store::Store::open(dir.path() / "tongke.db");
    REQUIRE(store);
    auto lessons = Lessons::open(*store);
    REQUIRE(lessons);
    const auto made = lessons->create("三年级数学：分数的意义");
    REQUIRE(made);
    id = made->id;
    CHECK(made->publish_key.size() == 26);
    CHECK(lessons->reserve_seats(id, 42).value() == 1);
    CHECK(lessons->reserve_seats(id, 2).value() == 43);
    CHECK(lessons->set_state(id, LessonState::ended).value().ended.has_value());
    CHECK_FALSE(lessons->set_state("nope", LessonState::ended));
  }
  auto store = store::Store::open(dir.path() / "tongke.db");
  REQUIRE(store);
  auto lessons = Lessons::open(*store);
  REQUIRE(lessons);
  const Lesson* lesson = lessons->find(id);
  REQUIRE(lesson);
  CHECK(lesson->title == "三年级数学：分数的意义");
  CHECK(lesson->state == LessonState::ended);
  CHECK(lesson->seats == 44);
  CHECK_FALSE(lessons->set_state(id, LessonState::open).value().ended.has_value());
}

TEST_CASE("lessons: a title is one line of real text") {
  const test::TempDir dir;
  auto store = store::Store::open(dir.path() / "tongke.db");
  REQUIRE(store);
  auto lessons = Lessons::open(*store);
  REQUIRE(lessons);
  for (const std::string& bad : {std::string(), std::string(201, 'x'), std::string("a\nb"),
                                 std::string("\xff"), std::string("\xe4\xb8"), std::string("\xc0\xaf")}) {
    const auto result = lessons->create(bad);
    REQUIRE_FALSE(result);
    CHECK(result.error().field == "title");
  }
}

TEST_CASE("store: a file that is no database is an error that names it") {
  const test::TempDir dir;
  const auto store = store::Store::open(dir.path());
  REQUIRE_FALSE(store);
  CHECK(store.error().message.find(dir.path().string()) != std::string::npos);
}
