#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "relay/app/retention_search.hpp"
#include "relay/app/settings.hpp"
#include "relay/live/directory.hpp"
#include "relay/record/catalog.hpp"
#include "school/arrangements.hpp"
#include "school/lessons.hpp"
#include "school/people/keeper.hpp"
#include "school/retention/deletion.hpp"
#include "school/retention/holds.hpp"
#include "school/retention/rules.hpp"

namespace tongke::relay::app {

/// `[retention]` as rules.  @errors invalid: names the key
struct RetentionPlan {
  school::retention::Rules rules;
  school::timetable::Minutes time{};  ///< of the daily job
  bool term_known = false;            ///< else attendance is not deleted
};
[[nodiscard]] base::Result<RetentionPlan> retention_of(const Settings& settings);
/// The same for a page, with the key that says each: RetentionRoutes::rules.
[[nodiscard]] nlohmann::json rules_of(const Settings& settings);

/// Deletes what is older than its rule, once a day and when asked, and keeps the proof: a line of
/// the deletion log for each thing that went. Reading and deleting files happens on a thread of
/// its own.  @thread control
class RetentionDesk {
 public:
  struct Use {
    base::glib::MainLoop& control;
    school::store::Store& store;  ///< control's own connection
    school::store::StoreThread& writer;
    const school::Lessons& lessons;
    const school::Arrangements& arrangements;
    std::function<school::people::Snapshot()> people;
    const live::Directory& directory;
    record::Catalog& catalog;
    std::filesystem::path lesson_files;  ///< of the line logs: "<lesson>.<kind>"
    /// Told when a lesson's recording is gone.
    std::function<void(const std::string& lesson)> media_gone;
    std::function<base::WallTime()> clock = [] { return base::wall_now(); };
  };
  using Answer = std::function<void(base::Result<nlohmann::json>)>;

  /// What `use` names outlives the desk.  @errors io
  [[nodiscard]] static base::Result<std::unique_ptr<RetentionDesk>> open(Use use, RetentionPlan plan);
  /// Stops after the file in hand.
  ~RetentionDesk();
  RetentionDesk(const RetentionDesk&) = delete;
  RetentionDesk& operator=(const RetentionDesk&) = delete;

  /// Begins to watch for the hour of the daily job.
  void start();
  /// Runs the job now; `dry_run` only says what would go.
  /// @return {"dry_run","deleted":[{kind,lesson,items,bytes,hash}],"failed":[…],"held":[…]} by `answer`
  void run(bool dry_run, const Answer& answer);
  /// Runs "retention.run", "….hold", "….release" or "….report".
  /// @return false for any other command; then nothing is answered
  bool command(const std::string& name, const nlohmann::json& arguments, const Answer& answer);

  [[nodiscard]] school::retention::Holds& holds() noexcept { return holds_; }

  using Recordings = std::shared_ptr<const std::vector<school::retention::Kept>>;
  using RecordingsAnswer = std::function<void(base::Result<Recordings>)>;
  /// All recordings by when their time is over, as it was within the last minute.
  /// @errors conflict: the daily job is at work; overload: too many ask at once
  void recordings(const RecordingsAnswer& answer);
  /// When the daily job takes what is due at `due`; what is overdue goes with the next.
  [[nodiscard]] base::WallTime taken_at(base::WallTime due) const;

 private:
  enum class Wish : std::uint8_t { run, dry_run, report };
  struct Job;
  RetentionDesk(Use use, RetentionPlan plan, school::retention::Holds holds);
  [[nodiscard]] RetentionSearch search() const;
  void begin(Wish wish, const Answer& answer);
  [[nodiscard]] bool graduates(const std::string& lesson) const;
  void carry_out(const std::shared_ptr<Job>& job) const;
  void gone(const std::shared_ptr<Job>& job);
  void report(const std::shared_ptr<Job>& job);
  [[nodiscard]] nlohmann::json report_of(const Job& job,
                                         const std::vector<school::retention::Deletion>& lines) const;
  [[nodiscard]] base::Result<school::retention::Hold> typed(const std::string& name,
                                                            const std::string& lesson, const std::string& by,
                                                            const std::string& reason);
  void daily();
  void listed(const Recordings& recordings, base::WallTime at);

  Use use_;
  const RetentionPlan plan_;
  school::retention::Holds holds_;
  std::optional<school::timetable::Date> ran_on_;
  std::optional<base::glib::Timer> watch_;
  bool busy_ = false;
  Recordings listed_;  // as they were at listed_at_
  base::WallTime listed_at_{};
  std::vector<RecordingsAnswer> asking_;                   // wait for the list that the worker is making
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // what comes back late finds it gone
  std::atomic<bool> stopping_{false};
  std::thread worker_;
};

}  // namespace tongke::relay::app
