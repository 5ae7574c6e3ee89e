#include "pipeline/worker/output/schedule.hpp"

#include <algorithm>
#include <utility>

namespace tongke::pipeline::worker::output {

using wire::TrackKind;

void Schedule::push(Unit unit) {
  unit.dts += shift_;
  unit.pts += shift_;
  if (now_ && unit.dts + rules_.tolerance < *now_) {
    const auto late = *now_ - unit.dts;
    shift_ += late;
    unit.dts += late;
    unit.pts += late;
    ++counts_.late;
  }
  auto& waiting = unit.track == TrackKind::video ? pictures_ : sound_;
  waiting.emplace(unit.dts, std::move(unit));
}

void Schedule::drop(base::MediaTime from) {
  pictures_.erase(pictures_.lower_bound(from), pictures_.end());
  std::erase_if(sound_, [&](const auto& frame) { return frame.first + rules_.sound_frame > from; });
  shift_ = {};
}

std::vector<Unit> Schedule::due(base::MediaTime now) {
  now_ = now;
  std::vector<Unit> out;
  while (!pictures_.empty() && pictures_.begin()->first <= now)
    picture(std::move(pictures_.extract(pictures_.begin()).mapped()), out);
  const base::MediaTime heard = now - rules_.sound_lag;
  while (!sound_.empty() && sound_.begin()->first <= heard)
    sound(std::move(sound_.extract(sound_.begin()).mapped()), out);
  fill(heard - std::max(rules_.grace, rules_.sound_frame), out);
  return out;
}

void Schedule::picture(Unit unit, std::vector<Unit>& out) {
  if (last_video_ && unit.dts <= *last_video_) {
    ++counts_.overtaken;
    return;
  }
  last_video_ = unit.dts;
  if (!sound_until_) sound_until_ = sound_.empty() ? unit.dts : std::min(unit.dts, sound_.begin()->first);
  out.push_back(std::move(unit));
}

// Half a frame: clocks of sound are counted in samples, or in milliseconds, ours in microseconds.
void Schedule::sound(Unit unit, std::vector<Unit>& out) {
  if (sound_until_ && unit.dts < *sound_until_ - rules_.sound_frame / 2) {
    ++counts_.overtaken;
    return;
  }
  fill(unit.dts, out);
  sound_until_ = unit.dts + rules_.sound_frame;
  out.push_back(std::move(unit));
}

void Schedule::fill(base::MediaTime until, std::vector<Unit>& out) {
  if (rules_.sound_frame.count() == 0 || !sound_until_) return;
  while (*sound_until_ + rules_.sound_frame <= until) {
    out.push_back({.track = TrackKind::audio,
                   .dts = *sound_until_,
                   .pts = *sound_until_,
                   .keyframe = true,
                   .bytes = {}});
    *sound_until_ += rules_.sound_frame;
    ++counts_.silent;
  }
}

}  // namespace tongke::pipeline::worker::output
