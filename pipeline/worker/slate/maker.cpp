#include "pipeline/worker/slate/maker.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/draw/frame.hpp"
#include "pipeline/worker/slate/picture.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::slate {
namespace {

using base::MediaTime;

/// A still picture takes a small part of it, nearly all in its keyframes.
constexpr std::uint32_t kBitRate = 500'000;
constexpr std::uint32_t kLevel = 40;
constexpr std::uint32_t kLargestSide = 4096;

}  // namespace

base::Result<std::unique_ptr<Maker>> Maker::create(const wire::Open& open, MediaSink& sink,
                                                   GMainContext* context) {
  std::unique_ptr<Maker> maker(new Maker(open, sink));
  const wire::Slate& slate = open.slate;
  const bool picture = slate.width != 0 && slate.height != 0;
  if (!picture && slate.sound.empty()) return base::Error{base::Errc::invalid, "a slate of nothing"};
  if (std::max(slate.width, slate.height) > kLargestSide || slate.width % 2 != 0 || slate.height % 2 != 0)
    return base::Error{base::Errc::invalid, "not the size of a picture"};
  if (picture) {
    if (auto ok = maker->open_picture(); !ok) return std::move(ok).error();
  }
  if (!slate.sound.empty()) {
    if (auto ok = maker->open_sound(); !ok) return std::move(ok).error();
  }
  maker->began_ = base::Steady::now() - std::max(slate.owed, MediaTime(0));
  maker->go_on();
  maker->timer_ = base::glib::Timer(context, std::chrono::duration_cast<std::chrono::milliseconds>(kFrame),
                                    [made = maker.get()] { made->go_on(); });
  return maker;
}

base::Result<void> Maker::open_picture() {
  picture_ = picture_of(open_.slate);
  frame_.reset(av_frame_alloc());
  auto encoder =
      av::PictureEncoder::create({.size = {.width = open_.slate.width, .height = open_.slate.height},
                                  .bits_per_second = kBitRate,
                                  .main_profile = true,
                                  .level = kLevel,
                                  .frame_rate = 1e6 / static_cast<double>(kFrame.count())},
                                 [this](base::ByteView avc, MediaTime pts, bool keyframe) {
                                   sink_.on_unit({.kind = TrackKind::video,
                                                  .pts = pts,
                                                  .dts = pts,
                                                  .keyframe = keyframe,
                                                  .bytes = {avc.begin(), avc.end()}});
                                 });
  if (!encoder) return std::move(encoder).error();
  encoder_ = std::move(*encoder);
  sink_.on_config(encoder_->config());
  return {};
}

base::Result<void> Maker::open_sound() {
  const bool opus = open_.slate.sound == "opus";
  sound_rate_ = !opus && open_.slate.sample_rate % 11'025 == 0 ? 44'100 : 48'000;
  sound_.emplace(sound_rate_);
  auto voice = av::VoiceTranscoder::create(
      {.kind = TrackKind::audio, .codec = "pcm_mulaw", .sample_rate = sound_rate_, .channels = 1},
      opus ? av::VoiceTranscoder::Target::opus : av::VoiceTranscoder::Target::aac,
      [this](base::ByteView frame, std::int64_t position) {
        const MediaTime at = timing::from_units(position, sound_rate_);
        sink_.on_unit(
            {.kind = TrackKind::audio, .pts = at, .dts = at, .bytes = {frame.begin(), frame.end()}});
      },
      std::clamp(open_.slate.channels, 1U, 2U));
  if (!voice) return std::move(voice).error();
  voice_ = std::move(*voice);
  sink_.on_config(voice_->output_config());
  return {};
}

void Maker::go_on() {
  const auto until = std::chrono::duration_cast<MediaTime>(base::Steady::now() - began_);
  for (; made_ <= until; made_ += kFrame, ++frames_) make_frame();
}

void Maker::make_frame() {
  if (encoder_) {
    draw::lend(picture_, *frame_);
    const std::int64_t to_keyframe = std::max<std::int64_t>(1, open_.segment_ms * 1000 / kFrame.count());
    if (auto ok = encoder_->encode(*frame_, made_, frames_ % to_keyframe == 0); !ok)
      base::log::warn("slate without its picture", {{"error", ok.error().message}});
  }
  if (voice_) {
    const auto samples = sound_rate_ * static_cast<std::uint64_t>(kFrame.count()) / 1'000'000;
    if (auto ok = voice_->push(sound_->next(samples), made_); !ok)
      base::log::warn("slate without its sound", {{"error", ok.error().message}});
  }
}

}  // namespace tongke::pipeline::worker::slate
