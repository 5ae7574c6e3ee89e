#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "relay/app/hours_desk.hpp"
#include "relay/app/people_desk.hpp"
#include "relay/app/plan_desk.hpp"
#include "relay/app/settings.hpp"
#include "relay/http/api/timetable.hpp"
#include "relay/live/directory.hpp"
#include "school/schedule/keeper.hpp"
#include "school/schedule/plans.hpp"

namespace tongke::relay::app {

/// The school day in the running server, wired: the timetable, the plans made of it, and the
/// rules of the hour on air.  @thread control
class DayDesk {
 public:
  struct Use {
    const Settings& settings;
    school::store::Store& store;  ///< control's own connection
    base::glib::MainLoop& control;
    school::Lessons& lessons;
    PeopleDesk& people;
    live::Directory& directory;
    std::filesystem::path spool;  ///< where commands leave files
    /// Told before a lesson is removed.
    std::function<void(const std::string& lesson)> removing;
    /// Told when lessons are gone, and their links with them.
    std::function<void()> removed;
  };
  /// What `use` names outlives the desk.  @errors io; invalid: `[hours]` or `[retention]`
  [[nodiscard]] static base::Result<std::unique_ptr<DayDesk>> open(Use use);

  [[nodiscard]] HoursDesk& hours() noexcept { return *hours_; }
  [[nodiscard]] school::schedule::Plans& plans() noexcept { return plans_; }
  [[nodiscard]] school::schedule::Keeper& timetable() noexcept { return *timetable_; }

  /// Begins to look at what is on air.
  void start();
  /// Writes what was on air.
  void stop();

  using Answer = PlanDesk::Answer;
  /// Runs "timetable.…" or "plan.…" and answers when it is done.
  /// @return false for any other command; then nothing is answered
  bool run(const std::string& command, const nlohmann::json& arguments, const Answer& answer);
  /// The API's door to the same.
  [[nodiscard]] http::api::TimetableRoutes routes();

 private:
  DayDesk(Use use, school::schedule::Plans plans) : use_(std::move(use)), plans_(std::move(plans)) {}
  [[nodiscard]] base::Result<void> open_parts();
  [[nodiscard]] base::Result<void> ready_for_plans() const;
  [[nodiscard]] std::set<std::string> on_air() const;
  using Caller = http::api::TimetableCaller;
  void timetable_command(const std::string& command, const nlohmann::json& arguments,
                         std::vector<std::uint8_t> file, const Caller& caller, const Answer& answer);
  void import_spooled(const nlohmann::json& arguments, const Answer& answer);

  Use use_;
  school::schedule::Plans plans_;
  std::unique_ptr<school::schedule::Keeper> timetable_;
  std::unique_ptr<HoursDesk> hours_;
  std::unique_ptr<PlanDesk> planner_;
  std::optional<base::glib::Timer> watch_;
};

}  // namespace tongke::relay::app
