#include "pipeline/worker/live/ladder_out.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/live/frames_out.hpp"

namespace tongke::pipeline::worker::live {

std::shared_ptr<LadderOut> LadderOut::create(const wire::Open& open, base::Executor& loop, Emit emit) {
  std::shared_ptr<LadderOut> out(new LadderOut(open, std::move(emit)));
  out->ladder_ = std::make_unique<ladder::Ladder>([&loop, weak = std::weak_ptr(out)] {
    loop.post([weak] {
      if (const auto self = weak.lock()) self->take();
    });
  });
  return out;
}

void LadderOut::want(const std::string& rendition, bool on) {
  if (rendition == wire::kStills) return ladder_->want_stills(on);
  if (const wire::LadderStep* step = wire::find_step(rendition)) want(step_of(*step), on);
}

void LadderOut::want(Step& step, bool on) {
  if (std::exchange(step.wanted, on) == on) return;
  step.turns.reset();
  if (on && step.layer && step.layer->trusted() && turn(step, 0, false)) return;
  if (!on && step.layered) {
    leave_layer(step);
    if (step.rendition) step.rendition->finish();
    return;
  }
  ladder_->want(*step.step, on);
}

void LadderOut::configure(std::shared_ptr<const StreamConfig> config) {
  config_ = std::move(config);
  // Which of the publisher's streams is the source may be what has changed.
  for (auto& [which, step] : steps_) {
    if (step.layered) fall_back(step);
    step.layer.reset();
    step.turns.reset();
  }
}

void LadderOut::add(const timing::Segment& segment, base::MediaTime pts, const AccessUnit& unit) {
  ladder_->add(
      {.config = config_, .segment = segment, .pts = pts, .keyframe = unit.keyframe, .bytes = unit.bytes});
  for (auto& [which, step] : steps_) {
    if (!step.layer) continue;
    step.layer->source(segment, pts, unit.keyframe);
    follow(step);
  }
}

void LadderOut::add_layer(LayerUnit layer, base::MediaTime pts) {
  const wire::LadderStep* which = config_ ? ladder::Layer::step_of(*layer.config, *config_) : nullptr;
  if (!which) return;
  Step& step = step_of(*which);
  if (step.layer && step.layer_id != layer.id) {
    if (!step.layer->silent()) return;
    if (step.layered) fall_back(step);
    step.layer.reset();
  }
  if (!step.layer) step.layer.emplace(*which);
  step.layer_id = layer.id;
  step.layer->add(std::move(layer.config), pts, layer.unit.keyframe, std::move(layer.unit.bytes));
  follow(step);
}

// What the layer has, if the step is the layer; else whether it should be.
void LadderOut::follow(Step& step) {
  if (!step.layered) {
    if (step.wanted && !step.turns && step.layer->trusted()) step.turns = step.layer->newest();
    return;
  }
  const auto untrusted = step.layer->trusted() ? std::nullopt : step.layer->newest();
  for (ladder::Made& made : step.layer->take()) {
    if (!untrusted || made.segment.msn < *untrusted) put(step, std::move(made));
  }
  if (!step.layer->trusted()) fall_back(step);
}

// From a segment on the step is the layer. False when the layer does not have it any more.
bool LadderOut::turn(Step& step, std::uint32_t msn, bool exactly) {
  if (!step.layer->start(std::max(msn, step.newest ? *step.newest + 1 : 0), exactly)) return false;
  step.layered = true;
  base::log::info("step is the publisher's own", {{"step", step.step->name}});
  follow(step);
  return true;
}

void LadderOut::leave_layer(Step& step) {
  step.layered = false;
  step.layer->stop();
  step.first_made = step.newest ? *step.newest + 1 : 0;
}

void LadderOut::fall_back(Step& step) {
  base::log::info("step is made here again", {{"step", step.step->name}});
  leave_layer(step);
  ladder_->want(*step.step, true);
}

void LadderOut::take() {
  for (ladder::Made& made : ladder_->take()) take(std::move(made));
}

void LadderOut::take(ladder::Made made) {
  if (made.step == nullptr)
    return emit_(wire::Still{.pts = made.pts, .webp = base::SharedBytes(std::move(made.bytes))});
  Step& step = step_of(*made.step);
  if (step.layered) return;  // what the mill still had
  if (made.ends) {
    if (step.rendition) step.rendition->finish();
    return;
  }
  if (made.segment.msn < step.first_made) return;
  if (const auto from = step.turns; from && made.segment.msn >= *from) {
    step.turns.reset();
    if (step.layer->trusted() && turn(step, *from, true)) return ladder_->want(*step.step, false);
  }
  put(step, std::move(made));
}

void LadderOut::put(Step& step, ladder::Made made) {
  const std::string name(step.step->name);
  step.newest = made.segment.msn;
  if (!step.rendition) {
    step.rendition =
        std::make_unique<Rendition>(name, TrackKind::video, std::chrono::milliseconds(open_.part_ms),
                                    std::chrono::milliseconds(open_.segment_ms), emit_);
  }
  if (made.config != step.config) {
    step.config = made.config;
    step.packetizer = rtp::H264Packetizer(step.config->extradata);
    if (auto ok = step.rendition->configure(*step.config); !ok)
      base::log::warn("ladder parameters not usable", {{"error", ok.error().message}});
  }
  if (auto frame = picture_frame(step.packetizer, name, made.bytes, made.pts, made.duration, made.keyframe))
    emit_(std::move(*frame));
  step.rendition->add(made.segment, {.time = made.pts,
                                     .pts = made.pts,
                                     .duration = made.duration,
                                     .keyframe = made.keyframe,
                                     .bytes = std::move(made.bytes)});
}

void LadderOut::finish() {
  ladder_->finish();
  take();
}

}  // namespace tongke::pipeline::worker::live
