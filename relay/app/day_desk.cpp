#include "relay/app/day_desk.hpp"

#include <utility>

#include "relay/app/hours_rules.hpp"
#include "relay/app/roster_import.hpp"
#include "relay/app/spool.hpp"
#include "relay/app/text.hpp"
#include "relay/app/timetable_commands.hpp"
#include "relay/app/timetable_export.hpp"
#include "school/store/plan_table.hpp"

namespace tongke::relay::app {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

// Rooms rest within a second of their cap; the plan allows five.
constexpr std::chrono::milliseconds kLook{500};
// Air time before this has no part in any day that can still go on.
constexpr std::chrono::hours kAirMemory{48};

}  // namespace

Result<std::unique_ptr<DayDesk>> DayDesk::open(Use use) {
  auto plans = schedule::Plans::open(use.store);
  if (!plans) return std::move(plans).error();
  std::unique_ptr<DayDesk> desk(new DayDesk(std::move(use), std::move(*plans)));
  if (auto opened = desk->open_parts(); !opened) return std::move(opened).error();
  return desk;
}

Result<void> DayDesk::open_parts() {
  auto rules = rules_of(use_.settings);
  if (!rules) return std::move(rules).error();
  auto timetable = schedule::Keeper::open(use_.store, use_.people.people(), use_.control);
  if (!timetable) return std::move(timetable).error();
  timetable_ = std::move(*timetable);
  auto had = school::store::load_air(use_.store, base::wall_now() - kAirMemory);
  if (!had) return std::move(had).error();
  hours_ = std::make_unique<HoursDesk>(
      HoursDesk::Use{.control = use_.control,
                     .lessons = use_.lessons,
                     .arrangements = use_.people.arrangements(),
                     .plans = plans_,
                     .writer = use_.people.people().writer(),
                     .on_air = [this] { return on_air(); },
                     .send_away =
                         [this](const std::string& lesson) {
                           if (const auto live = use_.directory.find(lesson))
                             live->send_away(ingest::Dismissal::outside_hours);
                         },
                     .pull = [this](const std::string& lesson,
                                    const std::string& url) { use_.directory.get(lesson)->pull(url); }},
      HoursDesk::Options{.rules = *rules, .open_lessons = use_.settings.hours.open_lessons},
      timetable_->current(), std::move(*had));
  timetable_->watch([this](const schedule::ViewPtr& view) { hours_->take(view); });
  planner_ = std::make_unique<PlanDesk>(PlanDesk::Use{.control = use_.control,
                                                      .lessons = use_.lessons,
                                                      .arrangements = use_.people.arrangements(),
                                                      .plans = plans_,
                                                      .timetable = *timetable_,
                                                      .zone = rules->zone,
                                                      .ready = [this] { return ready_for_plans(); },
                                                      .removing = use_.removing,
                                                      .removed = use_.removed,
                                                      .clock = [this] { return hours_->now(); }});
  return {};
}

std::set<std::string> DayDesk::on_air() const {
  std::set<std::string> lessons;
  for (const auto& [id, lesson] : use_.directory.all())
    if (lesson->on_air() == live::OnAir::live) lessons.insert(id);
  return lessons;
}

void DayDesk::start() {
  hours_->look();
  watch_.emplace(use_.control.context(), kLook, [this] { hours_->look(); });
}

void DayDesk::stop() {
  watch_.reset();
  hours_->stop();
}

Result<void> DayDesk::ready_for_plans() const {
  const auto& retention = use_.settings.retention;
  if (retention.officer.empty()) return Error{Errc::conflict, text("plan.no_officer"), "retention.officer"};
  if (retention.term_end.empty())
    return Error{Errc::conflict, text("plan.no_term_end"), "retention.term_end"};
  return {};
}

bool DayDesk::run(const std::string& command, const json& arguments, const Answer& answer) {
  if (command == "plan.activate") {
    planner_->activate(arguments, "command line", answer);
  } else if (command == "plan.undo") {
    planner_->undo(arguments, answer);
  } else if (command == "plan.list") {
    answer(planner_->list());
  } else if (command == "timetable.import") {
    import_spooled(arguments, answer);
  } else if (command.starts_with("timetable.")) {
    timetable_command(command.substr(command.find('.') + 1), arguments, {}, {.by = "command line"}, answer);
  } else {
    return false;
  }
  return true;
}

void DayDesk::import_spooled(const json& arguments, const Answer& answer) {
  const auto request = import_request_from(arguments, use_.spool);
  if (!request) return answer(request.error());
  if (request->files.size() != 1) return answer(Error{Errc::invalid, "one file at a time", "files"});
  auto file = read_roster(request->files.front());
  clear_spool(arguments, use_.spool);
  if (!file) return answer(std::move(file).error());
  timetable_command("import", arguments, std::move(*file), {.by = "command line"}, answer);
}

void DayDesk::timetable_command(const std::string& command, const json& arguments,
                                std::vector<std::uint8_t> file, const Caller& caller, const Answer& answer) {
  const auto said = std::make_shared<json>();
  timetable_->change(
      [=, file = std::move(file), rules = hours_->rules(), now = hours_->now()](
          schedule::Book& book, school::store::Store& store, const schedule::View& view) -> Result<void> {
        const TimetableTools use{.book = book,
                                 .store = store,
                                 .view = view,
                                 .rules = rules,
                                 .now = now,
                                 .school = caller.school,
                                 .by = caller.by};
        auto result = run_timetable(use, command, arguments, file);
        if (!result) return std::move(result).error();
        *said = std::move(*result);
        return {};
      },
      [answer, said](const Result<void>& done) {
        answer(done ? Result<json>(std::move(*said)) : Result<json>(done.error()));
      });
}

http::api::TimetableRoutes DayDesk::routes() {
  return {
      .view = [this] { return timetable_->current(); },
      .zone = hours_->rules().zone,
      .write =
          [this](const http::api::Printing& what) {
            return print_timetable(*timetable_->current(), hours_->rules(), hours_->now(), what);
          },
      .run =
          [this](const std::string& command, const json& arguments, std::vector<std::uint8_t> file,
                 const Caller& caller, const Answer& answer) {
            timetable_command(command, arguments, std::move(file), caller, answer);
          },
      .activate = [this](const json& arguments, const Caller& caller,
                         const Answer& answer) { planner_->activate(arguments, caller.by, answer); },
      .undo_plan = [this](const json& arguments, const Answer& answer) { planner_->undo(arguments, answer); },
      .plans = [this] { return planner_->list(); },
      .asker = {}};
}

}  // namespace tongke::relay::app
