#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/glib/main_loop.hpp"
#include "relay/app/settings.hpp"
#include "relay/live/directory.hpp"
#include "relay/load/admission.hpp"
#include "relay/load/cpu_meter.hpp"
#include "relay/load/governor.hpp"
#include "school/people/stage.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {

/// Keeps the machine's load within its budget: looks once a second and says how large the pictures are that
/// lessons may still have made, and who of those that join begins with sound.  @thread control
class LoadDesk {
 public:
  struct Use {
    base::glib::MainLoop& control;
    live::Directory& directory;
    /// Whether one of these grades has a place in the lesson.
    std::function<bool(const std::string& lesson, const std::set<school::people::Grade>& grades)> has_grade;
    /// Told of every level that is worse than those before it since all was well, and when all is well again.
    std::function<void(load::Level level)> told;
  };

  LoadDesk(const Settings& settings, Use use);

  void start();
  void stop() { watch_.reset(); }
  /// Takes over `load.enabled` and `load.budget`.
  void reload(const Settings& settings);

  /// For how long a viewer who opens a live lesson is to be content with sound and stills; zero: not at all.
  /// @param link  of the viewer: asked again, the answer is about the same moment
  [[nodiscard]] std::chrono::milliseconds sound_first(const school::Token& viewer, std::string_view link);

 private:
  void look();
  void apply(load::Level before);
  void say(load::Level before);
  [[nodiscard]] bool has_priority(const std::string& lesson) const {
    return use_.has_grade(lesson, priority_);
  }

  Use use_;
  std::set<school::people::Grade> priority_;
  bool enabled_;
  load::CpuMeter meter_;
  const base::Steady::time_point settled_;
  load::Governor governor_;
  load::Admission admission_;
  load::Level level_ = load::Level::all;
  load::Level worst_ = load::Level::all;  ///< told since all was well
  std::uint64_t late_ = 0;                ///< pictures, at the last look
  base::glib::Timer watch_;
};

}  // namespace tongke::relay::app
