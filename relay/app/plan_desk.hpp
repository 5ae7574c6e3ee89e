#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/executor.hpp"
#include "base/result.hpp"
#include "school/arrangements.hpp"
#include "school/lessons.hpp"
#include "school/schedule/day.hpp"
#include "school/schedule/keeper.hpp"
#include "school/schedule/plans.hpp"
#include "school/timetable/rules_config.hpp"

namespace tongke::relay::app {

/// Activates the plan of a day (PL-1): makes every lesson of the published timetable with its
/// rooms, a few at a time so that lessons on air do not notice; a drill (PL-2) has lessons of its
/// own. Asked again after a crash it makes what is missing.  @thread control
class PlanDesk {
 public:
  struct Use {
    base::Executor& control;
    school::Lessons& lessons;
    school::Arrangements& arrangements;
    school::schedule::Plans& plans;
    school::schedule::Keeper& timetable;
    school::timetable::Zone zone;
    /// What has to be configured before a plan goes active; an error says what is missing.
    std::function<base::Result<void>()> ready;
    /// Told before a lesson is removed.
    std::function<void(const std::string& lesson)> removing;
    /// Told when all of them are gone, and their links with them.
    std::function<void()> removed;
    std::function<base::WallTime()> clock;
  };
  using Answer = std::function<void(base::Result<nlohmann::json>)>;

  explicit PlanDesk(Use use) : use_(std::move(use)) {}
  PlanDesk(const PlanDesk&) = delete;
  PlanDesk& operator=(const PlanDesk&) = delete;
  ~PlanDesk() = default;

  /// @param arguments {"date", "drill"?, "reason"?}; answered when all lessons are there:
  ///   {"plan","date","drill","lessons","rooms","pupils","schools","failed":[…],"ms"}
  /// @errors invalid (field), conflict: not configured, or another one is running; io
  void activate(const nlohmann::json& arguments, const std::string& by, const Answer& answer);
  /// Removes the day's lessons, and with them every link.  @param arguments {"date", "drill"?}
  /// @errors not_found, conflict: a lesson has begun; io
  void undo(const nlohmann::json& arguments, const Answer& answer);
  /// [{"plan","date","drill","state","reason","lessons","made_ms"}], the newest first.
  [[nodiscard]] nlohmann::json list() const;

 private:
  struct Job;
  void step(const std::shared_ptr<Job>& job);
  void remove_step(const std::shared_ptr<Job>& job);
  [[nodiscard]] base::Result<void> make(Job& job, const school::schedule::PlannedLesson& planned);
  void finish(const std::shared_ptr<Job>& job);
  [[nodiscard]] nlohmann::json report(const Job& job) const;

  Use use_;
  std::weak_ptr<Job> running_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // work on its way dies with the desk
};

}  // namespace tongke::relay::app
