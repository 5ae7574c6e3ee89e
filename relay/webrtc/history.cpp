#include "relay/webrtc/history.hpp"

namespace tongke::relay::webrtc {
namespace {

/// A rate is what came in this long: about one GOP, so that keyframes are in it.
constexpr base::MediaTime kWindow{std::chrono::seconds(2)};

}  // namespace

void History::push(FramePtr frame) {
  measure(*frame);
  bytes_ += frame->bytes.size();
  const bool had_key = key_ < frames_.size();
  if (frame->key) {
    key_ = frames_.size();
  } else if (!had_key) {
    key_ = frames_.size() + 1;
  }
  frames_.push_back(std::move(frame));
  trim();
}

void History::trim() {
  const auto drop_front = [&] {
    bytes_ -= frames_.front()->bytes.size();
    frames_.pop_front();
    // Once the keyframe itself goes, nothing left can be decoded: past the end.
    key_ = key_ > 0 ? key_ - 1 : frames_.size();
  };
  const base::MediaTime newest = frames_.back()->pts;
  while (key_ > 0 && frames_.size() > 1 && newest - frames_.front()->pts > kRepair) drop_front();
  while (bytes_ > kMaxBytes && frames_.size() > 1) drop_front();
}

void History::clear() {
  frames_.clear();
  bytes_ = 0;
  key_ = 0;
}

const MediaFrame* History::find(std::uint32_t number) const noexcept {
  if (frames_.empty()) return nullptr;
  const std::uint32_t ahead = number - frames_.front()->number;
  return ahead < frames_.size() ? frames_[ahead].get() : nullptr;
}

void History::measure(const MediaFrame& frame) {
  // Also after a pause: what is made only at times has no rate over it.
  const bool paused = frame.pts - window_start_ > 4 * kWindow;
  if (window_start_ < base::MediaTime(0) || frame.pts < window_start_ || paused) {
    window_start_ = frame.pts;
    window_bytes_ = 0;
  }
  const auto length = frame.pts - window_start_;
  if (length >= kWindow) {
    const auto measured = window_bytes_ * 8 * 1'000'000 / static_cast<std::uint64_t>(length.count());
    bitrate_ = bitrate_ == 0 ? measured : (bitrate_ + measured) / 2;
    window_start_ = frame.pts;
    window_bytes_ = 0;
  }
  window_bytes_ += frame.bytes.size();
}

}  // namespace tongke::relay::webrtc
