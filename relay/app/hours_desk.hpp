#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/executor.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/app/air_observer.hpp"
#include "relay/http/api/air_status.hpp"
#include "school/arrangements.hpp"
#include "school/lessons.hpp"
#include "school/schedule/plans.hpp"
#include "school/schedule/view.hpp"
#include "school/store/plan_table.hpp"
#include "school/store/store_thread.hpp"
#include "school/timetable/air_ledger.hpp"

namespace tongke::relay::app {

/// The rules of the hour on air (PL-11, PL-12): who may publish now, which rooms have to rest, and
/// how long is left. It looks at what is really on air and keeps each room's minutes, over a
/// restart too. Drills count in a ledger of their own.
/// @thread control, where nothing else is said
class HoursDesk {
 public:
  struct Use {
    base::Executor& control;
    const school::Lessons& lessons;
    const school::Arrangements& arrangements;
    const school::schedule::Plans& plans;
    school::store::StoreThread& writer;
    /// Lessons with media flowing, by id.
    std::function<std::set<std::string>()> on_air;
    /// Dismisses a lesson's publisher.
    std::function<void(const std::string& lesson)> send_away;
    /// Pulls a camera, unless somebody publishes.
    std::function<void(const std::string& lesson, const std::string& url)> pull;
  };
  struct Options {
    school::timetable::RuleSettings rules;
    bool open_lessons = true;  ///< lessons without classes are outside of the rules
    std::function<base::WallTime()> clock = [] { return base::wall_now(); };
  };

  /// @param had  what was on air today before a restart
  HoursDesk(Use use, Options options, const school::schedule::ViewPtr& view,
            std::vector<school::store::AirRow> had);
  HoursDesk(const HoursDesk&) = delete;
  HoursDesk& operator=(const HoursDesk&) = delete;
  ~HoursDesk() = default;

  /// A lesson that is not teaching, such as the demo.
  void exempt(const std::string& lesson) { exempt_.insert(lesson); }
  /// A camera to be pulled while the hour lets its lesson be on air.
  void camera(const std::string& lesson, const std::string& url) { cameras_[lesson].url = url; }
  /// Outlives the desk.
  void observe(AirObserver& observer) { observers_.push_back(&observer); }
  /// Rosters may have changed: then minutes are counted anew from what was on air.
  void take(const school::schedule::ViewPtr& view);

  /// Whether the hour lets the lesson be published to.
  /// @errors forbidden, with the rule's code as field
  [[nodiscard]] base::Result<void> admits(const std::string& lesson) const;
  /// The same as of the last look(), for handshakes that must not wait.  @thread any
  [[nodiscard]] base::Result<void> foresees(const std::string& lesson) const;
  /// How long the lesson has; nothing for one outside of the rules.
  [[nodiscard]] std::optional<http::api::AirStatus> status(const std::string& lesson) const;
  /// Whether a room of a lesson rests, on air or while its teacher is away.
  [[nodiscard]] bool rests(const school::Room& room) const;

  /// Sees who came on air or left it and does what is due; several times a second.
  void look();
  /// Everything on air goes off it: writes what their rooms had.
  void stop();

  [[nodiscard]] const school::timetable::RuleSettings& rules() const noexcept { return rules_; }
  [[nodiscard]] base::WallTime now() const { return clock_(); }

 private:
  using Ledger = school::timetable::AirLedger;
  [[nodiscard]] std::optional<school::timetable::AirRequest> request_of(const std::string& lesson) const;
  [[nodiscard]] const Ledger& ledger_for(const std::string& lesson) const;
  [[nodiscard]] Ledger& ledger_for(const std::string& lesson);
  void went_on_air(const std::string& lesson, base::WallTime now);
  void went_off_air(const std::string& lesson, base::WallTime now);
  void send_away(const std::string& lesson, school::timetable::Code rule);
  void wake_rooms(base::WallTime now);
  void tell(const school::timetable::AirEvent& event);
  void keep(std::vector<school::store::AirRow> rows);
  void foresee(base::WallTime now);
  void watch_roomless();
  void watch_cameras();
  [[nodiscard]] std::vector<school::store::AirRow> running(base::WallTime now) const;

  Use use_;
  const school::timetable::RuleSettings rules_;
  const bool open_lessons_;
  const std::function<base::WallTime()> clock_;
  struct Camera {
    std::string url;
    bool admitted = false;
  };

  std::set<std::string> exempt_;
  std::map<std::string, Camera> cameras_;
  std::vector<AirObserver*> observers_;
  school::people::Snapshot people_;         // that the ledgers know
  std::vector<school::store::AirRow> had_;  // today's, for a ledger that is made anew
  Ledger ledger_;
  Ledger drill_;
  std::set<std::string> on_air_;  // lessons the ledgers know
  std::map<std::string, std::set<school::people::PublicId>> resting_;
  base::WallTime kept_{};  // when running minutes were last written
  base::WallTime foreseen_{};
  base::Guarded<std::map<std::string, school::timetable::Code, std::less<>>> refused_;
};

}  // namespace tongke::relay::app
