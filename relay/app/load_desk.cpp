#include "relay/app/load_desk.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::app {
namespace {

namespace log = base::log;
using load::Level;

constexpr std::chrono::seconds kLook{1};
/// From its start on the machine may be busy with what started with it, or made it.
constexpr std::chrono::seconds kSettle{30};
/// Where only sound is left, pages ask again well before this is over.
constexpr std::chrono::milliseconds kSoundOnly{20'000};

struct Metrics {
  base::metrics::Gauge& cpu = base::metrics::gauge("tongke_load_cpu_percent",
                                                   "How busy the machine's CPUs are, over the last seconds");
  base::metrics::Gauge& level = base::metrics::gauge(
      "tongke_load_level", "What is cut: 0 nothing, 1 480p, 2 360p too, 3 240p too, 4 sound and stills only");
  base::metrics::Counter& changes =
      base::metrics::counter("tongke_load_changes_total", "How often that changed");
  base::metrics::Counter& sound_first = base::metrics::counter(
      "tongke_load_sound_first_total", "Answers to pages that sound comes first, the picture in a moment");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

std::set<school::people::Grade> grades_of(const std::vector<std::string>& lines) {
  std::set<school::people::Grade> grades;
  for (const auto& line : lines) {
    if (const auto grade = grade_of(line)) grades.insert(*grade);
  }
  return grades;
}

std::uint64_t late_pictures(const live::Directory& directory) {
  std::uint64_t late = 0;
  for (const auto& [id, lesson] : directory.all()) late += lesson->late_pictures();
  return late;
}

}  // namespace

LoadDesk::LoadDesk(const Settings& settings, Use use)
    : use_(std::move(use)),
      priority_(grades_of(settings.load.priority)),
      enabled_(settings.load.enabled),
      settled_(base::Steady::now() + kSettle),
      governor_(static_cast<double>(settings.load.budget), settled_),
      admission_(static_cast<double>(settings.load.joins)) {}

void LoadDesk::start() {
  metrics().level.Set(0);
  watch_ = base::glib::Timer(use_.control.context(), kLook, [this] { look(); });
}

void LoadDesk::reload(const Settings& settings) {
  governor_.set_budget(static_cast<double>(settings.load.budget));
  if (enabled_ == settings.load.enabled) return;
  enabled_ = settings.load.enabled;
  governor_ = load::Governor(static_cast<double>(settings.load.budget), settled_);
}

void LoadDesk::look() {
  const auto cpu = meter_.sample();
  // Lessons that are over are gone, with what they counted.
  const std::uint64_t late = late_pictures(use_.directory);
  const bool is_late = late > std::exchange(late_, late);
  if (cpu) metrics().cpu.Set(cpu->machine);
  const Level before = level_;
  if (!enabled_) {
    level_ = Level::all;
  } else if (cpu || is_late) {
    const auto use = cpu.value_or(load::CpuUse{.machine = governor_.busy()});
    level_ = governor_.update({.busy = use.machine, .own = use.own, .late = is_late}, base::Steady::now());
  }
  if (level_ != Level::all || before != level_) apply(before);
}

// Every second while something is cut: lessons begin meanwhile.
void LoadDesk::apply(Level before) {
  for (const auto& [id, lesson] : use_.directory.all())
    lesson->cap_ladder(load::largest_side(load::level_for(level_, has_priority(id))));
  if (level_ != before) say(before);
}

void LoadDesk::say(Level before) {
  metrics().level.Set(static_cast<double>(level_));
  metrics().changes.Increment();
  const auto busy = std::to_string(static_cast<int>(governor_.busy()));
  if (level_ > before) {
    log::warn("the machine is too busy; fewer pictures are made",
              {{"level", to_string(level_)}, {"cpu", busy}});
  } else {
    log::info(level_ == Level::all ? "every picture is made again" : "more pictures are made again",
              {{"level", to_string(level_)}, {"cpu", busy}});
  }
  if (level_ == Level::all || level_ > worst_) {
    worst_ = level_;
    use_.told(level_);
  }
}

std::chrono::milliseconds LoadDesk::sound_first(const school::Token& viewer, std::string_view link) {
  using std::chrono::milliseconds;
  // Teachers, office and inspectors are few, and look at what pupils see.
  const bool many = viewer.role == school::Role::pupil || viewer.role == school::Role::guardian;
  if (!enabled_ || !many) return milliseconds(0);
  const bool priority = has_priority(viewer.lesson);
  const auto now = base::Steady::now();
  const auto row = std::chrono::ceil<milliseconds>(admission_.join(link, priority, now) - now);
  auto wait = std::max(row, milliseconds(0));
  if (load::level_for(level_, priority) == Level::sound) wait = std::max(wait, kSoundOnly);
  if (wait > milliseconds(0)) metrics().sound_first.Increment();
  return wait;
}

}  // namespace tongke::relay::app
