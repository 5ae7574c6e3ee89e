#include <deque>
#include <optional>

#include "relay/app/hours_desk.hpp"
#include "relay/app/hours_rules.hpp"
#include "school/people/registry.hpp"
#include "school/schedule/book.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace std::chrono_literals;
using relay::app::AirObserver;
using relay::app::HoursDesk;
namespace tt = school::timetable;
namespace people = school::people;

namespace {

class Control final : public base::Executor {
 public:
  void post(Task) override {}
  void post_after(std::chrono::milliseconds, Task) override {}
};

/// Writes down what it is told.
class Listener final : public AirObserver {
 public:
  void air_runs_out(const std::string& lesson, std::string_view rule,
                    const std::vector<people::PublicId>& rooms, std::chrono::milliseconds left) override {
    heard.push_back(lesson + " warn " + std::string(rule) + " " + std::to_string(rooms.size()) + " " +
                    std::to_string(left / 1min));
  }
  void rooms_rest(const std::string& lesson, std::string_view rule,
                  const std::vector<people::PublicId>& rooms) override {
    heard.push_back(lesson + " rest " + std::string(rule) + " " + std::to_string(rooms.size()));
    rested.insert(rested.end(), rooms.begin(), rooms.end());
  }
  void rooms_wake(const std::string& lesson, const std::vector<people::PublicId>& rooms) override {
    heard.push_back(lesson + " wake " + std::to_string(rooms.size()));
  }
  [[nodiscard]] std::vector<std::string> take() { return std::exchange(heard, {}); }

  std::vector<std::string> heard;
  std::vector<people::PublicId> rested;
};

constexpr tt::Date kDay{std::chrono::local_days(std::chrono::year(2026) / 11 / 26)};

/// Classes 3(1) and 3(2) with a cap of 60 minutes, 6(1) of the other school with 240.
class School {
 public:
  explicit School(bool open_lessons = true) : store(*school::store::Store::open(dir.path() / "tongke.db")) {
    auto registry = people::Registry::open(store);
    REQUIRE(registry);
    REQUIRE(registry->commit(store, test::small_district()));
    auto book = school::schedule::Book::open(store);
    REQUIRE(book);
    auto made = school::schedule::View::make(registry->current(), book->current());
    REQUIRE(made);
    view = *made;
    lessons.emplace(*school::Lessons::open(store));
    arrangements.emplace(*school::Arrangements::open(store));
    plans.emplace(*school::schedule::Plans::open(store));
    writer = *school::store::StoreThread::start({.file = dir.path() / "tongke.db"});
    open_lessons_ = open_lessons;
    open_desk();
  }

  void open_desk() {
    tt::RuleSettings rules;
    rules.stages[1].daily_cap = 60min;
    auto had = school::store::load_air(store, now - 24h);
    REQUIRE(had);
    desk = std::make_unique<HoursDesk>(
        HoursDesk::Use{
            .control = control,
            .lessons = *lessons,
            .arrangements = *arrangements,
            .plans = *plans,
            .writer = *writer,
            .on_air = [this] { return on_air; },
            .send_away =
                [this](const std::string& lesson) {
                  sent_away.push_back(lesson);
                  on_air.erase(lesson);
                },
            .pull = [this](const std::string& lesson, const std::string&) { pulled.push_back(lesson); }},
        HoursDesk::Options{.rules = rules, .open_lessons = open_lessons_, .clock = [this] { return now; }},
        view, std::move(*had));
    desk->observe(listener);
  }

  /// Waits for the store thread by going with it to its end.
  void settle() { writer = nullptr; }

  std::string lesson(std::vector<std::uint32_t> classes) {
    auto made = lessons->create("课");
    REQUIRE(made);
    if (classes.empty()) return made->id;
    std::vector<school::Arrangements::RoomPlan> rooms;
    for (const auto id : classes) rooms.push_back({.seating = {.original_class = {id}}, .teacher = {}});
    const auto mode = rooms.size() == 1 ? school::LessonMode::class_lesson : school::LessonMode::joint;
    REQUIRE(arrangements->arrange(view->people(), *made, mode, rooms, {}));
    return made->id;
  }
  void at(std::chrono::milliseconds time) {
    now = tt::Zone().wall(kDay, time);
    desk->look();
  }
  [[nodiscard]] std::string refused(const std::string& lesson) const {
    const auto allowed = desk->admits(lesson);
    return allowed ? std::string() : allowed.error().field;
  }

  test::TempDir dir;
  school::store::Store store;
  Control control;
  Listener listener;
  school::schedule::ViewPtr view;
  std::optional<school::Lessons> lessons;
  std::optional<school::Arrangements> arrangements;
  std::optional<school::schedule::Plans> plans;
  std::unique_ptr<school::store::StoreThread> writer;
  base::WallTime now = tt::Zone().wall(kDay, 7h);
  std::set<std::string> on_air;
  std::vector<std::string> sent_away;
  std::vector<std::string> pulled;
  std::unique_ptr<HoursDesk> desk;

 private:
  bool open_lessons_ = true;
};

}  // namespace

TEST_CASE("hours: at the cap only the rooms of that stage rest, the lead warned before (A8)") {
  School school;
  const auto joint = school.lesson({1, 3});
  school.on_air = {joint};
  school.at(9h);
  CHECK(school.listener.take().empty());
  auto status = school.desk->status(joint);
  REQUIRE(status);
  CHECK(status->left == 60min);
  CHECK(status->rule == "daily_cap");
  CHECK(status->rooms == 2);
  school.at(9h + 55min);
  CHECK(school.listener.take() == std::vector{joint + " warn daily_cap 1 5"});
  school.at(9h + 59min);
  CHECK(school.listener.take() == std::vector{joint + " warn daily_cap 1 1"});
  school.at(10h + 500ms);
  CHECK(school.listener.take() == std::vector{joint + " rest daily_cap 1"});
  const auto& rooms = school.arrangements->of(joint).rooms;
  CHECK(school.desk->rests(rooms[0]));
  CHECK_FALSE(school.desk->rests(rooms[1]));
  CHECK(school.sent_away.empty());  // the other class goes on
  CHECK(school.desk->status(joint)->resting == 1);

  // A teacher whose line breaks comes back to the same classes.
  school.on_air.clear();
  school.at(10h + 1s);
  CHECK(school.desk->rests(rooms[0]));
  school.on_air = {joint};
  school.at(10h + 2s);
  CHECK(school.desk->rests(rooms[0]));
  CHECK(school.listener.take() == std::vector{joint + " rest daily_cap 1"});

  const auto another = school.lesson({1});
  CHECK(school.refused(another) == "daily_cap");
  CHECK(school.refused(school.lesson({2})).empty());
  // Into another joint lesson the class comes resting.
  const auto second = school.lesson({1, 3});
  school.on_air.insert(second);
  school.at(10h + 3s);
  CHECK(school.listener.take() == std::vector{second + " rest daily_cap 1"});
  CHECK(school.desk->rests(school.arrangements->of(second).rooms[0]));
  school.on_air.erase(second);
  school.at(10h + 4s);
  CHECK_FALSE(school.desk->foresees(another));

  // Until there are other minutes: another day, though nobody is on air. A lesson that has ended is
  // forgotten.
  school.on_air.clear();
  REQUIRE(school.lessons->set_state(second, school::LessonState::ended));
  school.at(17h);
  school.at(23h + 59min);
  CHECK(school.desk->rests(rooms[0]));
  CHECK(school.listener.take().empty());
  school.at(24h + 9h);
  CHECK_FALSE(school.desk->rests(rooms[0]));
  CHECK(school.listener.take() == std::vector{joint + " wake 1"});
}

TEST_CASE("hours: when no room is left the publisher goes, and may not come back") {
  School school;
  const auto lesson = school.lesson({1});
  school.on_air = {lesson};
  school.at(9h);
  school.at(10h);
  CHECK(school.sent_away == std::vector{lesson});
  CHECK(school.refused(lesson) == "daily_cap");
  school.at(10h + 1s);
  school.on_air = {lesson};  // whoever got in all the same
  school.at(10h + 2s);
  CHECK(school.sent_away == std::vector{lesson, lesson});
}

TEST_CASE("hours: no teaching in the evening, few may be helped (A9)") {
  School school;
  const auto lesson = school.lesson({3});
  const auto help = school.lesson({2});
  REQUIRE(school.plans->set({.lesson = help, .kind = tt::Kind::qa, .invited = 3}));
  const auto open = school.lesson({});
  school.on_air = {lesson, open, help};
  school.at(17h + 30min);
  CHECK(school.refused(lesson).empty());
  school.at(17h + 55min);
  CHECK(school.listener.take() == std::vector{lesson + " warn evening 1 5"});
  school.at(18h);
  CHECK(school.sent_away == std::vector{lesson});
  school.at(18h + 5min);
  CHECK(school.refused(lesson) == "evening");
  CHECK(school.refused(help).empty());
  CHECK(school.refused(open).empty());
  CHECK_FALSE(school.desk->status(open));
  CHECK_FALSE(school.desk->foresees(lesson));
  CHECK(school.desk->foresees(open));
}

TEST_CASE("hours: where the district wants it, open lessons keep the evening too, not the demo") {
  School school(false);
  const auto open = school.lesson({});
  const auto demo = school.lesson({});
  school.desk->exempt(demo);
  school.on_air = {open, demo};
  school.at(17h + 59min);
  CHECK(school.sent_away.empty());
  school.at(18h);
  CHECK(school.sent_away == std::vector{open});
  CHECK(school.refused(open) == "evening");
  CHECK(school.refused(demo).empty());
}

TEST_CASE("hours: minutes live through a restart, whatever the end was") {
  School school;
  const auto lesson = school.lesson({1});
  school.on_air = {lesson};
  school.at(9h);
  school.at(9h + 20min);  // written while it runs: a kill loses seconds
  SECTION("killed") {}
  SECTION("stopped") { school.desk->stop(); }
  school.settle();
  school.writer = *school::store::StoreThread::start({.file = school.dir.path() / "tongke.db"});
  school.open_desk();
  CHECK(school.desk->status(lesson)->left == 40min);
  school.at(9h + 30min);  // the publisher is back
  school.at(9h + 40min);
  CHECK(school.desk->status(lesson)->left == 30min);
  const auto copied = std::make_shared<const people::Directory>(school.view->people());
  auto changed = school::schedule::View::make(copied, std::make_shared<const school::schedule::Timetable>());
  REQUIRE(changed);
  school.desk->take(*changed);  // a changed roster counts anew
  CHECK(school.desk->status(lesson)->left == 30min);
}

TEST_CASE("hours: a drill takes nothing of the day") {
  School school;
  const auto plan = school.plans->begin({.day = kDay, .drill = true});
  REQUIRE(plan);
  const auto drill = school.lesson({1});
  REQUIRE(school.plans->set({.lesson = drill, .plan = plan->id}));
  const auto lesson = school.lesson({1});
  school.on_air = {drill};
  school.at(9h);
  school.at(9h + 30min);
  CHECK(school.desk->status(drill)->left == 30min);
  CHECK(school.desk->status(lesson)->left == 60min);
}

TEST_CASE("hours: a camera is pulled while its lesson may be on air") {
  School school;
  const auto lesson = school.lesson({3});
  school.desk->camera(lesson, "rtsp://camera");
  school.at(7h);
  CHECK(school.pulled.empty());
  school.at(7h + 31min);
  school.at(7h + 32min);
  CHECK(school.pulled == std::vector{lesson});
}

TEST_CASE("hours: the configuration's numbers become rules, or name the key") {
  relay::app::Settings settings;
  const auto rules = relay::app::rules_of(settings);
  REQUIRE(rules);
  CHECK(rules->stages[0].daily_cap == 60min);
  CHECK_FALSE(rules->stages[3].daily_cap);
  CHECK(rules->evening.from == 18h);
  CHECK(rules->evening.to == 7h + 30min);
  settings.hours.evening = "18:00";
  CHECK(relay::app::rules_of(settings).error().field == "hours.evening");
  settings.hours.evening = "18:00-18:00";
  CHECK_FALSE(relay::app::rules_of(settings));
  settings.hours.evening = "18:00-07:30";
  settings.hours.zone = "Harbin";
  CHECK(relay::app::rules_of(settings).error().field == "hours.zone");
}
