#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "relay/live/lesson.hpp"

// What viewers want of a lesson, and what there is to want.

namespace tongke::relay::live {

namespace wire = pipeline::wire;
namespace log = base::log;

namespace {

constexpr std::chrono::seconds kDemandWatch{5};
/// A smaller step is made for so long before the larger one is withdrawn: a player that goes on with it finds
/// what it is about to play.
constexpr std::chrono::seconds kSuccession{5};
/// Players learn that a step is gone when they next ask for its playlist, WebRTC's viewers with the next
/// keyframe.
constexpr std::chrono::seconds kFarewell{6};

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
  if (ended_ || !wire::is_on_demand(rendition) || is_capped(rendition)) return;
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

// What the source can be had as. A child that decodes nothing makes none of it.
void Lesson::offer_ladder() {
  if (!timeline_ || !ladder_source_) return;
  const auto& [size, frame_rate] = *ladder_source_;
  std::vector<Offer> offers;
  for (const wire::LadderStep& step : wire::kLadder) {
    if (health_.passthrough_only || step.side > ladder_cap_ || !has_step(step, size)) continue;
    offers.push_back({.step = &step, .size = size_of(step, size), .frame_rate = rate_of(step, frame_rate)});
  }
  timeline_->offer(std::move(offers));
}

bool Lesson::is_capped(std::string_view rendition) const noexcept {
  const wire::LadderStep* step = wire::find_step(rendition);
  return step != nullptr && step->side > ladder_cap_;
}

void Lesson::cap_ladder(std::uint32_t side) {
  const std::uint32_t before = std::exchange(ladder_cap_, side);
  if (before == side) return;
  const auto withdraw = [this] {
    offer_ladder();
    if (timeline_) publish_soon();
    farewell_ = base::glib::Timer(control_.context(), kFarewell, [this] { drop_capped(); });
  };
  if (side > before) return withdraw();
  // The largest that is left, for those who watch what is not.
  const auto capped = [this](const auto& name) { return is_capped(name); };
  const auto left = std::ranges::find_if_not(wire::kLadder, capped, &wire::LadderStep::name);
  if (left != wire::kLadder.end() && std::ranges::any_of(demand_.wanted(), capped))
    ask(std::string(left->name));
  farewell_ = base::glib::Timer(control_.context(), kSuccession, withdraw);
}

void Lesson::drop_capped() {
  farewell_.reset();
  for (const wire::LadderStep& step : wire::kLadder) {
    if (is_capped(step.name)) tell(demand_.drop(std::string(step.name)));
  }
}

// Totals of one child: a new one begins at nothing.
void Lesson::note_stats(const wire::Stats& stats) {
  const std::uint64_t before = std::min(health_.input.late_pictures, stats.late_pictures);
  metrics().late.Increment(static_cast<double>(stats.late_pictures - before));
  late_pictures_ += stats.late_pictures - before;
  health_.input = stats;
}

void Lesson::request_keyframe() {
  if (session_) session_->session->request_keyframe();
}

}  // namespace tongke::relay::live
