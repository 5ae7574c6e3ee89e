#include <fstream>

#include "relay/app/own_data_desk.hpp"
#include "relay/http/api/own_data_json.hpp"
#include "school/token.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/turned_control.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::relay::app;
using namespace std::chrono_literals;
using nlohmann::json;
using relay::http::api::OwnLesson;
using relay::http::api::OwnLessons;
namespace attendance = school::attendance;
namespace people = school::people;
namespace fs = std::filesystem;

namespace {

constexpr base::WallTime kEight{1'772'409'600'000ms};
constexpr std::uint32_t kSeat = school::kRosterSeats + 1;
constexpr std::uint32_t kOther = school::kRosterSeats + 2;

std::string help(std::uint32_t seat, const std::string& text) {
  return json{{"t", "help"},      {"id", 1},      {"room", "r"}, {"seat", seat},
              {"teacher", false}, {"text", text}, {"at", 1}}
      .dump();
}
std::string answer(std::uint32_t seat) { return "a 5 0 r " + std::to_string(seat) + " c1"; }
std::string minute(std::uint32_t seat, int number) {
  return "a " + std::to_string(seat) + " " + std::to_string(29'540'160 + number) + " 1";
}

/// Line logs of some lessons, with two children in them.
struct Lessons {
  test::TempDir dir;
  school::LineLog log{dir.path() / "lessons"};
  attendance::Book book{log};

  void append(const std::string& name, const std::string& line) { REQUIRE(log.append(name, line)); }
  void fill() {
    append("l1.events", R"({"t":"epoch","epoch":"abcdefghij"})");
    append(
        "l1.events",
        R"({"t":"check","seq":5,"media_time":1,"items":[{"kind":"single","text":"哪个大？","options":["3/4","2/3"],"right":[0]}]})");
    for (const std::uint32_t seat : {kSeat, kOther}) {
      const std::string name = seat == kSeat ? "学生1说" : "学生2说";
      for (int i = 0; i < 30; ++i) append("l1.attendance", minute(seat, i));
      append("l1.attendance", "c " + std::to_string(seat) + " 1 1772409600000");
      append("l1.attendance", "k " + std::to_string(seat) + " 1 1772409900000");
      append("l1.attendance", "d " + std::to_string(seat) + " 1 1772409900000");
      append("l1.answers", answer(seat));
      append("l1.talk", help(seat, name));
      append("moved.talk", help(seat, name));
    }
    append("l2.talk", help(kOther, "学生2说"));
    // A member of staff has the same number.
    append("staff.teacher.attendance", minute(kSeat, 0));
    REQUIRE(log.settle());
  }
  [[nodiscard]] std::string all() const {
    std::string text;
    const auto names = log.names().value();
    for (const auto& name : names) text += name + ":\n" + log.read(name).value();
    return text;
  }
};

bool never() { return false; }

OwnLesson of_lesson(const std::string& id) {
  OwnLesson own;
  own.lesson.id = id;
  return own;
}

}  // namespace

TEST_CASE("own data: a child is found wherever a lesson's files name it, by nothing but its number") {
  Lessons lessons;
  lessons.fill();
  const OwnDataFiles files(lessons.log, lessons.book);
  CHECK(files.traces(kSeat, {}, never).value().lessons == std::set<std::string>{"l1", "moved"});
  CHECK(files.traces(kSeat, {"l1"}, never).value().lessons == std::set<std::string>{"moved"});
  CHECK(files.traces(kOther, {}, never).value().lessons == std::set<std::string>{"l1", "l2", "moved"});
  CHECK(files.traces(kSeat + 7, {}, never).value().lessons.empty());
  int looked = 0;
  const auto some = files.traces(kSeat, {}, [&] { return ++looked > 1; }).value();
  CHECK_FALSE(some.complete);
  OwnLesson own = of_lesson("l1");
  REQUIRE(files.read(own, kSeat));
  CHECK(own.attendance.record.minutes.size() == 30);
  CHECK(own.attendance.companions.size() == 1);
  REQUIRE(own.work.help.size() == 1);
  CHECK(own.work.help[0].text == "学生1说");
  REQUIRE(own.work.answers.size() == 1);
  CHECK(own.work.answers[0].question->text == "哪个大？");
}

TEST_CASE("own data: what is erased is in no file, and all else stays") {
  Lessons lessons;
  lessons.fill();
  OwnDataFiles files(lessons.log, lessons.book);
  CHECK(files.erase(kSeat, [] { return true; }).error().kind == base::Errc::unavailable);
  lessons.append("l2.talk", help(kSeat, "学生1说"));  // still on its way
  REQUIRE(files.erase(kSeat, never));
  const std::string left = lessons.all();
  CHECK(left.find("学生1说") == std::string::npos);
  OwnLesson own = of_lesson("l1");
  REQUIRE(files.read(own, kSeat));
  CHECK(own.attendance.record.minutes.size() == 30);
  CHECK(own.attendance.record.declared == attendance::Declared::tv);
  CHECK(own.attendance.contacts.empty());
  CHECK(own.attendance.companions.empty());
  CHECK(own.work.empty());
  CHECK(lessons.log.read("staff.teacher.attendance").value() == minute(kSeat, 0) + "\n");
  OwnLesson other = of_lesson("l1");
  REQUIRE(files.read(other, kOther));
  CHECK(other.attendance.contacts.size() == 1);
  CHECK(other.work.help.size() == 1);
  CHECK(other.work.answers.size() == 1);
  REQUIRE(files.erase(kSeat, never));
  CHECK(lessons.all() == left);
}

TEST_CASE("own data: marks of erasures are whole numbers of rows, and go") {
  const test::TempDir dir;
  const ErasureMarks marks(dir.path() / "erasing");
  CHECK(marks.all().value().empty());
  REQUIRE(marks.add({7}));
  REQUIRE(marks.add({7}));
  REQUIRE(marks.add({12}));
  for (const char* strange : {"x", "7x", "0", "-1", "99999999999"})
    std::ofstream(dir.path() / "erasing" / strange) << "";
  auto all = marks.all().value();
  std::ranges::sort(all);
  CHECK(all == std::vector<people::PupilId>{{7}, {12}});
  REQUIRE(marks.remove({7}));
  REQUIRE(marks.remove({7}));
  CHECK(marks.all().value() == std::vector<people::PupilId>{{12}});
  CHECK_FALSE(ErasureMarks("/proc/nowhere").add({1}));
}

namespace {

/// A desk over some lessons, without a server.
class Desk {
 public:
  Desk() : store_(open_store()) {
    auto all = std::make_shared<people::Directory>();
    all->apply(test::small_district());
    people = all;
    lessons.fill();
    const auto made = catalog_.create("分数的比较").value();
    lesson = made.id;
    REQUIRE(arranged_.arrange(*people, made, school::LessonMode::class_lesson,
                              {{.seating = {.original_class = {1}, .group = {}}, .teacher = {}}}, {}));
    REQUIRE(catalog_.note_started(lesson, kEight));
    for (int i = 0; i < 30; ++i) lessons.append(lesson + ".attendance", minute(kSeat, i));
    REQUIRE(lessons.log.settle());
    restart();
  }
  void restart() {
    desk.reset();
    desk = std::make_unique<OwnDataDesk>(OwnDataDesk::Use{.control = control,
                                                          .lessons = catalog_,
                                                          .arrangements = arranged_,
                                                          .people = [this] { return people; },
                                                          .log = lessons.log,
                                                          .book = lessons.book,
                                                          .forget_seat =
                                                              [this](std::uint32_t seat, auto done) {
                                                                if (deaf) return false;
                                                                forgotten.push_back(seat);
                                                                done();
                                                                return true;
                                                              },
                                                          .marks = marks});
  }
  base::Result<OwnLessons> collect(people::PupilId pupil) {
    std::optional<base::Result<OwnLessons>> found;
    bool done = false;
    desk->collect(people, pupil, [&](base::Result<OwnLessons> lessons_of) {
      control.post([&, lessons_of = std::move(lessons_of)] {
        found = lessons_of;
        done = true;
      });
    });
    control.turn_until(done);
    return std::move(*found);
  }
  base::Result<void> erase(people::PupilId pupil) {
    base::Result<void> answer;
    bool done = false;
    desk->erase(pupil, [&](const base::Result<void>& erased) {
      answer = erased;
      done = true;
    });
    control.turn_until(done);
    return answer;
  }
  void leave_roster(people::PupilId pupil) {
    auto all = std::make_shared<people::Directory>(*people);
    all->apply({.erased_pupils = {pupil}});
    people = all;
  }

  Lessons lessons;
  test::TurnedControl control;
  people::Snapshot people;
  ErasureMarks marks{lessons.dir.path() / "erasing"};
  std::vector<std::uint32_t> forgotten;
  std::atomic<bool> deaf{false};
  std::string lesson;
  std::unique_ptr<OwnDataDesk> desk;

 private:
  school::store::Store open_store() {
    return school::store::Store::open(school::store::locate("", lessons.dir.path() / "tongke.db").value())
        .value();
  }
  school::store::Store store_;
  school::Lessons catalog_ = school::Lessons::open(store_).value();
  school::Arrangements arranged_ = school::Arrangements::open(store_).value();
};

}  // namespace

TEST_CASE("own data desk: the lessons of a child's class, and those it left a trace in") {
  Desk desk;
  const auto found = desk.collect({1}).value();
  CHECK_FALSE(found.truncated);
  std::map<std::string, bool> seated;
  for (const auto& own : found.lessons) seated[own.lesson.id] = own.room.has_value();
  CHECK(seated == std::map<std::string, bool>{{desk.lesson, true}, {"l1", false}, {"moved", false}});
  CHECK(found.lessons.front().lesson.title == "分数的比较");  // the newest
  // A classmate who was never there has the lesson too; a child of another class has none.
  CHECK(desk.collect({3}).value().lessons.size() == 1);
  CHECK(desk.collect({5}).value().lessons.empty());
}

TEST_CASE("own data: an export names its own child's doings, in words") {
  Desk desk;
  const auto found = desk.collect({1}).value();
  json all = json::array();
  for (const auto& own : found.lessons)
    all.push_back(relay::http::api::own_json(*desk.people, own, kEight + 40min));
  CHECK(all[0]["title"] == "分数的比较");
  CHECK(all[0]["room"] == "三年级1班");
  CHECK(all[0]["started_at"] == kEight.time_since_epoch().count());
  CHECK(all[0]["attendance"]["state"] == "live");
  CHECK(all[0]["attendance"]["minutes"] == 30);
  CHECK(all[0]["attendance"]["intervals"].size() == 1);
  const auto first = std::ranges::find(all, "l1", [](const json& one) { return one["id"]; });
  REQUIRE(first != all.end());
  const json& old = *first;
  CHECK(old["room"].is_null());
  CHECK(old["attendance"]["declared"] == "tv");
  CHECK(old["attendance"]["companions"] == json::parse(R"([{"who":"mother","since":1772409600000}])"));
  CHECK(old["attendance"]["contacts"] == json::parse(R"([{"by":"called","way":"tv","at":1772409900000}])"));
  CHECK(old["answers"] == json::parse(R"([{"check":5,"item":0,"answer":[0],"right":true,
      "question":{"kind":"single","text":"哪个大？","options":["3/4","2/3"]}}])"));
  CHECK(old["help"] == json::parse(R"([{"from_teacher":false,"teacher":null,"text":"学生1说","at":1}])"));
  CHECK(all.dump().find("学生2") == std::string::npos);
  CHECK(all.dump().find(std::to_string(kSeat)) == std::string::npos);
}

TEST_CASE("own data desk: an erasure is over when no file names the child and no mark is left") {
  Desk desk;
  REQUIRE(desk.marks.add({1}));
  desk.leave_roster({1});
  REQUIRE(desk.erase({1}));
  CHECK(desk.lessons.all().find("学生1说") == std::string::npos);
  CHECK(desk.marks.all().value().empty());
  CHECK(desk.forgotten == std::vector<std::uint32_t>{kSeat, kSeat});  // before the files, and after
}

TEST_CASE("own data desk: an erasure that was cut short goes on at the next start, unless it never began") {
  Desk desk;
  REQUIRE(desk.marks.add({1}));
  REQUIRE(desk.marks.add({2}));  // the roster still has the second
  desk.leave_roster({1});
  desk.deaf = true;
  CHECK(desk.erase({1}).error().kind == base::Errc::overload);
  CHECK(desk.lessons.all().find("学生1说") != std::string::npos);
  desk.deaf = false;
  desk.restart();
  desk.desk->start();
  const auto deadline = base::Steady::now() + 20s;
  bool turned = false;
  while (!desk.marks.all().value().empty() && base::Steady::now() < deadline) {
    turned = false;
    desk.control.post([&] { turned = true; });
    desk.control.turn_until(turned);
    std::this_thread::yield();
  }
  CHECK(desk.marks.all().value().empty());
  CHECK(desk.lessons.all().find("学生1说") == std::string::npos);
  CHECK(desk.lessons.all().find("学生2说") != std::string::npos);
}
