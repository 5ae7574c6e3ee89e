#include "pipeline/worker/ladder/mill.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace tongke::pipeline::worker::ladder {

using base::MediaTime;

void Mill::want(const Wishes& wishes) {
  const auto& steps = wishes.steps;
  for (Wanted& wanted : lines_) wanted.ending = std::ranges::find(steps, &wanted.line->step()) == steps.end();
  for (const wire::LadderStep* step : steps) {
    const bool known =
        std::ranges::any_of(lines_, [&](const Wanted& wanted) { return &wanted.line->step() == step; });
    if (!known) lines_.push_back({.line = std::make_unique<Line>(*step, output_)});
  }
  std::ranges::sort(lines_, std::ranges::greater{},
                    [](const Wanted& wanted) { return wanted.line->step().side; });
  if (!wishes.stills) {
    stills_.reset();
  } else if (!stills_) {
    stills_ = std::make_unique<Stills>([this](MediaTime pts, std::vector<std::uint8_t> webp) {
      output_({.pts = pts, .bytes = std::move(webp)});
    });
  }
  if (wishes.nothing()) stop();
}

void Mill::stop() {
  for (Wanted& wanted : lines_) wanted.line->finish();
  lines_.clear();
  stills_.reset();
  decoder_.reset();
  config_.reset();
  segments_.clear();
  decoding_ = begun_ = false;
}

bool Mill::ready_for(const Unit& unit, base::Steady::time_point now) {
  if (unit.after_loss || now - unit.came > kPatience) {
    decoding_ = false;
    if (decoder_) decoder_->reset();
    segments_.clear();
    begun_ = false;
  }
  if (now - unit.came > kPatience) return false;
  if (unit.config != config_) {
    if (decoder_ && decoding_) decoder_->flush();
    decoding_ = false;
    config_ = unit.config;
    auto decoder = av::PictureDecoder::create(
        *config_, [this](const AVFrame& frame, MediaTime pts) { picture(frame, pts); });
    if (!decoder) base::log::warn("no ladder", {{"error", decoder.error().message}});
    decoder_ = decoder ? std::move(*decoder) : nullptr;
  }
  decoding_ = decoding_ || unit.keyframe;
  return decoding_ && decoder_;
}

void Mill::take(const Unit& unit, base::Steady::time_point now) {
  if (lines_.empty() && !stills_) return;
  if (!ready_for(unit, now)) {
    ++dropped_;
    return;
  }
  if (segments_.empty() || segments_.back().segment.msn != unit.segment.msn)
    segments_.push_back({unit.segment, unit.begins});
  if (auto ok = decoder_->push(unit.bytes, unit.pts); !ok) {
    ++dropped_;
    base::log::debug("ladder", {{"error", ok.error().message}});
  }
}

void Mill::picture(const AVFrame& picture, MediaTime pts) {
  while (segments_.size() > 1 && segments_[1].segment.start <= pts) {
    segments_.pop_front();
    begun_ = false;
  }
  // Pictures that are shown before the first keyframe cannot be decoded whole.
  if (segments_.empty() || pts < segments_.front().segment.start) return;
  const bool begins = !std::exchange(begun_, true);
  if (begins) begin_segment(picture);
  if (stills_) stills_->picture(picture, pts);
  const AVFrame* from = &picture;
  for (Wanted& wanted : lines_) {
    Line& line = *wanted.line;
    if (!line.takes(pts, begins)) continue;
    auto scaled = line.add(*from, segments_.front().segment, pts, begins);
    if (scaled) {
      from = *scaled;
    } else {
      ++dropped_;
      base::log::warn("picture not encoded", {{"step", line.step().name}, {"error", scaled.error().message}});
    }
  }
}

void Mill::begin_segment(const AVFrame& picture) {
  for (Wanted& wanted : lines_) {
    if (wanted.ending) wanted.line->finish();
  }
  std::erase_if(lines_, [](const Wanted& wanted) { return wanted.ending; });
  const wire::PictureSize source{static_cast<std::uint32_t>(picture.width),
                                 static_cast<std::uint32_t>(picture.height)};
  for (Wanted& wanted : lines_) {
    const bool may_begin = segments_.front().begins && has_step(wanted.line->step(), source);
    if (!may_begin && !wanted.line->running()) continue;
    if (auto ok = wanted.line->begin_segment(picture, config_->frame_rate); !ok) {
      ++dropped_;
      base::log::warn("rendition not made",
                      {{"step", wanted.line->step().name}, {"error", ok.error().message}});
    }
  }
}

void Mill::finish() {
  if (decoder_ && decoding_) decoder_->flush();
  stop();
}

}  // namespace tongke::pipeline::worker::ladder
