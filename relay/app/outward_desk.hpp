#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "relay/app/settings.hpp"
#include "relay/live/on_air.hpp"
#include "relay/outward/announcer.hpp"
#include "relay/outward/courier.hpp"
#include "school/arrangements.hpp"
#include "school/lessons.hpp"
#include "school/people/directory.hpp"
#include "school/schedule/plans.hpp"

namespace tongke::relay::app {

/// What the outside is told of lessons, wired: sees what happens to them, takes names out, and hands
/// notices to the courier. Without receivers it does nothing.  @thread control
class OutwardDesk {
 public:
  struct Use {
    const Settings& settings;
    base::glib::MainLoop& control;
    const school::Lessons& lessons;
    const school::Arrangements& arrangements;
    const school::schedule::Plans& plans;
    std::function<school::people::Snapshot()> people;
    /// What is on air of a lesson now.
    std::function<live::OnAir(const std::string& lesson)> on_air;
    /// Whether there is a recording of it; may wait for the disk.
    std::function<bool(const std::string& lesson)> recorded;
    std::string page;              ///< the home page's address; empty = none that others could open
    std::filesystem::path folder;  ///< of the journal
    std::function<base::WallTime()> clock = [] { return base::wall_now(); };
  };

  /// What `use` names outlives the desk.  @errors invalid: `[outward]`; io: the journal
  [[nodiscard]] static base::Result<std::unique_ptr<OutwardDesk>> open(Use use);

  /// Begins to look for lessons that are about to begin.
  void start();
  /// From now on nothing is news: the server is stopping.
  void stop();

  // ---- what happens to lessons ----
  void on_air(const std::string& lesson, live::OnAir state);
  void replay_ready(const std::string& lesson);
  /// @param trouble  code; empty = everything is recorded again
  void recording(const std::string& lesson, const std::string& trouble);
  /// The machine makes fewer pictures than it should.
  /// @param level  load::Level's name; empty = all of them again
  void server(const std::string& level);
  /// Before the lesson is removed.
  void removing(const std::string& lesson);

  using Answer = std::function<void(base::Result<nlohmann::json>)>;
  /// Runs "outward.test" and answers when all receivers have, as trials_json() has it.
  /// @return false for any other command; then nothing is answered
  bool run(const std::string& command, const nlohmann::json& arguments, const Answer& answer);

 private:
  explicit OutwardDesk(Use use) : use_(std::move(use)) {}
  [[nodiscard]] outward::LessonInfo describe(const school::Lesson& lesson, outward::State state) const;
  [[nodiscard]] bool listens() const noexcept { return courier_ && !stopped_; }
  void warn_of_unknown_schools() const;
  void catch_up();
  void look();
  void tell(std::vector<outward::Notice> notices);
  void tell_some(std::size_t most);

  Use use_;
  std::vector<std::pair<std::string, std::string>> schools_;  // receivers that want one only, and which
  std::optional<outward::Announcer> announcer_;
  std::deque<outward::Notice> untold_;  // made just now; as many as there are lessons at one time
  std::unique_ptr<outward::Journal> journal_;
  std::unique_ptr<outward::Courier> courier_;  // after the journal, which it writes to its end
  std::optional<base::glib::Timer> watch_;
  bool stopped_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // what comes back late finds it gone
};

/// `[outward]` for a courier that keeps nothing.  @errors invalid
[[nodiscard]] base::Result<outward::Courier::Options> outward_options(const Settings& settings,
                                                                      std::string page);

/// [{"receiver","delivered","hint","said","ms"}]
[[nodiscard]] nlohmann::json trials_json(const std::vector<outward::Trial>& trials);

/// The home page's address, if others than this machine can open it; empty otherwise.
[[nodiscard]] std::string outward_page(const Settings& settings, std::uint16_t http);

}  // namespace tongke::relay::app
