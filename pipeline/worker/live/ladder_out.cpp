#include "pipeline/worker/live/ladder_out.hpp"

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
  if (const wire::LadderStep* step = wire::find_step(rendition)) ladder_->want(*step, on);
}

void LadderOut::add(const timing::Segment& segment, base::MediaTime pts, const AccessUnit& unit) {
  ladder_->add(
      {.config = config_, .segment = segment, .pts = pts, .keyframe = unit.keyframe, .bytes = unit.bytes});
}

void LadderOut::take() {
  for (ladder::Made& made : ladder_->take()) take(std::move(made));
}

void LadderOut::take(ladder::Made made) {
  if (made.step == nullptr)
    return emit_(wire::Still{.pts = made.pts, .webp = base::SharedBytes(std::move(made.bytes))});
  auto& [rendition, config, packetizer] = steps_[made.step];
  if (!rendition) {
    rendition = std::make_unique<Rendition>(std::string(made.step->name), TrackKind::video,
                                            std::chrono::milliseconds(open_.part_ms),
                                            std::chrono::milliseconds(open_.segment_ms), emit_);
  }
  if (made.ends) return rendition->finish();
  if (made.config != config) {
    config = made.config;
    packetizer = rtp::H264Packetizer(config->extradata);
    if (auto ok = rendition->configure(*config); !ok)
      base::log::warn("ladder parameters not usable", {{"error", ok.error().message}});
  }
  if (auto frame =
          picture_frame(packetizer, made.step->name, made.bytes, made.pts, made.duration, made.keyframe))
    emit_(std::move(*frame));
  rendition->add(made.segment, {.time = made.pts,
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
