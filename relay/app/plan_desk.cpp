#include "relay/app/plan_desk.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "relay/app/text.hpp"
#include "school/schedule/bridge.hpp"

namespace tongke::relay::app {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;
namespace log = base::log;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

// So many lessons between two looks at the network: each is a few writes of some 0.1 ms.
constexpr std::size_t kSlice = 10;

using Key = std::pair<tt::SlotId, std::uint32_t>;
Key key_of(const schedule::LessonPlan& plan) { return {plan.row, plan.first_room}; }

struct Wish {
  tt::Date day;
  bool drill = false;
};

Result<Wish> wish_of(const json& arguments) {
  const auto text_of = arguments.find("date");
  const auto day = text_of != arguments.end() && text_of->is_string()
                       ? tt::parse_date(text_of->get_ref<const std::string&>())
                       : std::nullopt;
  if (!day) return Error{Errc::invalid, "must be a date such as 2026-11-30", "date"};
  const auto drill = arguments.find("drill");
  if (drill != arguments.end() && !drill->is_boolean())
    return Error{Errc::invalid, "must be true or false", "drill"};
  return Wish{*day, drill != arguments.end() && drill->get<bool>()};
}

}  // namespace

struct PlanDesk::Job {
  schedule::DayPlan plan;
  schedule::ViewPtr view;
  std::vector<schedule::PlannedLesson> todo;
  std::vector<std::string> doomed;  // lessons to remove
  std::size_t next = 0;
  std::size_t made = 0;
  json failed = json::array();
  base::Steady::time_point since = base::Steady::now();
  Answer answer;
};

void PlanDesk::activate(const json& arguments, const std::string& by, const Answer& answer) {
  const auto wish = wish_of(arguments);
  if (!wish) return answer(Error(wish.error()));
  if (running_.lock()) return answer(Error{Errc::conflict, text("plan.busy"), "date"});
  if (wish->day < use_.zone.local(use_.clock()).date) return answer(Error{Errc::invalid, "is over", "date"});
  if (!wish->drill)
    if (auto ready = use_.ready(); !ready) return answer(std::move(ready).error());
  auto job = std::make_shared<Job>();
  job->plan = {.id = 0,
               .day = wish->day,
               .drill = wish->drill,
               .reason = arguments.value("reason", ""),
               .made_by = by,
               .made = use_.clock()};
  job->answer = answer;
  running_ = job;
  // The whole district's day is worked out on the store thread.
  const std::weak_ptr alive = alive_;
  use_.timetable.change(
      [job, zone = use_.zone](schedule::Book&, school::store::Store&,
                              const schedule::View& view) -> Result<void> {
        const auto week = view.week(tt::Week::of(job->plan.day), false);
        job->todo = schedule::lessons_of_day(view.people(), *week, job->plan.day, zone);
        return {};
      },
      [this, alive, job](const Result<void>& done) {
        if (alive.expired()) return;
        if (!done) return job->answer(done.error());
        if (job->todo.empty())
          return job->answer(Error{Errc::conflict, text("plan.nothing_published"), "date"});
        job->view = use_.timetable.current();
        if (const auto* known = use_.plans.active_on(job->plan.day, job->plan.drill)) {
          job->plan = *known;
        } else {
          auto begun = use_.plans.begin(job->plan);
          if (!begun) return job->answer(std::move(begun).error());
          job->plan = std::move(*begun);
        }
        std::set<Key> there;
        for (const auto& one : use_.plans.lessons_of(job->plan.id)) there.insert(key_of(one));
        std::erase_if(job->todo, [&](const auto& one) { return there.contains(key_of(one.plan)); });
        step(job);
      });
}

Result<void> PlanDesk::make(Job& job, const schedule::PlannedLesson& planned) {
  auto lesson = use_.lessons.create(planned.title);
  if (!lesson) return std::move(lesson).error();
  const auto put = [&]() -> Result<void> {
    if (planned.mode != school::LessonMode::open) {
      auto arranged =
          use_.arrangements.arrange(job.view->people(), *lesson, planned.mode, planned.rooms, planned.lead);
      if (!arranged) return std::move(arranged).error();
    }
    schedule::LessonPlan plan = planned.plan;
    plan.lesson = lesson->id;
    plan.plan = job.plan.id;
    return use_.plans.set(std::move(plan));
  };
  auto result = put();
  if (result) return result;
  use_.removing(lesson->id);
  use_.arrangements.forget(lesson->id);
  if (auto gone = use_.lessons.remove(lesson->id); !gone) {
    log::error("half a lesson is left", {{"lesson", lesson->id}, {"why", gone.error().message}});
  }
  return result;
}

void PlanDesk::step(const std::shared_ptr<Job>& job) {
  for (std::size_t i = 0; i < kSlice && job->next < job->todo.size(); ++i) {
    const auto& planned = job->todo[job->next++];
    auto made = make(*job, planned);
    if (made) {
      ++job->made;
    } else {
      job->failed.push_back({{"row", planned.plan.row.value},
                             {"title", planned.title},
                             {"code", to_string(made.error().kind)},
                             {"message", made.error().message},
                             {"field", made.error().field}});
    }
  }
  if (job->next == job->todo.size()) return finish(job);
  use_.control.post([this, alive = std::weak_ptr(alive_), job] {
    if (!alive.expired()) step(job);
  });
}

void PlanDesk::finish(const std::shared_ptr<Job>& job) {
  json answer = report(*job);
  log::info("plan is active",
            {{"plan", job->plan.id}, {"drill", job->plan.drill ? "yes" : "no"}, {"lessons", job->made}});
  job->answer(std::move(answer));
}

json PlanDesk::report(const Job& job) const {
  const auto& people = job.view->people();
  std::set<school::people::SchoolId> schools;
  std::size_t rooms = 0;
  std::size_t pupils = 0;
  const auto all = use_.plans.lessons_of(job.plan.id);
  for (const auto& one : all) {
    for (const auto& room : use_.arrangements.of(one.lesson).rooms) {
      ++rooms;
      pupils += expected_in(people, room.seating).size();
      const auto* in_class = people.find(room.seating.original_class);
      const auto* group = people.find(room.seating.group);
      if (in_class) schools.insert(in_class->school);
      if (group) schools.insert(group->school);
    }
  }
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now() - job.since);
  return {{"plan", job.plan.id},     {"date", tt::format_date(job.plan.day)},
          {"drill", job.plan.drill}, {"lessons", all.size()},
          {"made", job.made},        {"rooms", rooms},
          {"links", pupils},         {"schools", schools.size()},
          {"failed", job.failed},    {"ms", ms.count()}};
}

void PlanDesk::undo(const json& arguments, const Answer& answer) {
  const auto wish = wish_of(arguments);
  if (!wish) return answer(Error(wish.error()));
  if (running_.lock()) return answer(Error{Errc::conflict, text("plan.busy"), "date"});
  const auto* plan = use_.plans.active_on(wish->day, wish->drill);
  if (!plan) return answer(Error{Errc::not_found, text("plan.none"), "date"});
  auto job = std::make_shared<Job>();
  job->plan = *plan;
  job->answer = answer;
  for (const auto& one : use_.plans.lessons_of(plan->id)) {
    const auto* lesson = use_.lessons.find(one.lesson);
    if (lesson && lesson->started) return answer(Error{Errc::conflict, text("plan.begun"), "date"});
    if (lesson) job->doomed.push_back(one.lesson);
  }
  running_ = job;
  remove_step(job);
}

void PlanDesk::remove_step(const std::shared_ptr<Job>& job) {
  for (std::size_t i = 0; i < kSlice && job->next < job->doomed.size(); ++i) {
    const std::string& lesson = job->doomed[job->next++];
    use_.removing(lesson);
    use_.arrangements.forget(lesson);
    auto gone = use_.plans.forget(lesson);
    if (gone) gone = use_.lessons.remove(lesson);
    if (!gone) return job->answer(std::move(gone).error());
  }
  if (job->next < job->doomed.size()) {
    return use_.control.post([this, alive = std::weak_ptr(alive_), job] {
      if (!alive.expired()) remove_step(job);
    });
  }
  if (auto done = use_.plans.set_state(job->plan.id, schedule::DayPlan::State::undone); !done)
    return job->answer(std::move(done).error());
  use_.removed();
  log::info("plan is undone", {{"plan", job->plan.id}, {"lessons", job->doomed.size()}});
  job->answer(json{
      {"plan", job->plan.id}, {"date", tt::format_date(job->plan.day)}, {"removed", job->doomed.size()}});
}

json PlanDesk::list() const {
  json out = json::array();
  for (const auto& [id, plan] : use_.plans.all()) {
    out.insert(out.begin(), json{{"plan", id},
                                 {"date", tt::format_date(plan.day)},
                                 {"drill", plan.drill},
                                 {"state", to_string(plan.state)},
                                 {"reason", plan.reason},
                                 {"lessons", use_.plans.count_of(id)},
                                 {"made_ms", plan.made.time_since_epoch().count()}});
  }
  return out;
}

}  // namespace tongke::relay::app
