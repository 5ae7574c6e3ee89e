#include <algorithm>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "relay/live/lesson.hpp"

// What viewers want of a lesson, and what there is to want.

namespace tongke::relay::live {

namespace wire = pipeline::wire;
namespace log = base::log;

namespace {

constexpr std::chrono::seconds kDemandWatch{5};

struct Metrics {
  base::metrics::Gauge& wanted =
      base::metrics::gauge("tongke_ladder_wanted", "Renditions made on demand that somebody watches");
  base::metrics::Counter& late =
      base::metrics::counter("tongke_ladder_late_pictures_total",
                             "Pictures left out because the machine is too slow for the ladder");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

}  // namespace

void Lesson::want(const std::string& rendition, bool on) { tell(demand_.hold(rendition, on)); }

void Lesson::ask(const std::string& rendition) {
  if (ended_ || !wire::is_on_demand(rendition)) return;
  tell(demand_.ask(rendition, base::Steady::now()));
  if (demand_watch_) return;
  demand_watch_ = base::glib::Timer(control_.context(), kDemandWatch, [this] {
    tell(demand_.expire(base::Steady::now()));
    if (!demand_.expires()) demand_watch_.reset();
  });
}

void Lesson::tell(const std::vector<Demand::Change>& changes) {
  for (const auto& [rendition, on] : changes) {
    if (session_) session_->session->want(rendition, on);
    if (!wire::is_on_demand(rendition)) continue;
    on ? metrics().wanted.Increment() : metrics().wanted.Decrement();
    log::info(on ? "rendition wanted" : "rendition no longer wanted",
              {{"lesson", id_}, {"rendition", rendition}});
  }
}

void Lesson::give_up_demand() {
  for (const auto& rendition : demand_.wanted()) {
    if (wire::is_on_demand(rendition)) metrics().wanted.Decrement();
  }
}

// What a source of this size can be had as. A child that decodes nothing makes none of it.
void Lesson::offer_ladder(const wire::Init& source) {
  const wire::PictureSize size{source.width, source.height};
  std::vector<Offer> offers;
  for (const wire::LadderStep& step : wire::kLadder) {
    if (health_.passthrough_only || !has_step(step, size)) continue;
    offers.push_back(
        {.step = &step, .size = size_of(step, size), .frame_rate = rate_of(step, source.frame_rate)});
  }
  timeline_->offer(std::move(offers));
}

// Totals of one child: a new one begins at nothing.
void Lesson::note_stats(const wire::Stats& stats) {
  const std::uint64_t before = std::min(health_.input.late_pictures, stats.late_pictures);
  metrics().late.Increment(static_cast<double>(stats.late_pictures - before));
  health_.input = stats;
}

void Lesson::request_keyframe() {
  if (session_) session_->session->request_keyframe();
}

}  // namespace tongke::relay::live
