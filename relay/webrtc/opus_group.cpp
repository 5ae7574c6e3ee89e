#include "relay/webrtc/opus_group.hpp"

#include <array>

namespace tongke::relay::webrtc {
namespace {

constexpr std::uint8_t kCode = 0x03;  ///< of a TOC byte: how many frames the packet has
constexpr std::uint8_t kManyFrames = 3;
constexpr std::uint8_t kOfSeveralLengths = 0x80;
/// TOC, count, and two bytes of length a frame.
constexpr std::size_t kMaxOverhead = 2 + 2 * 24;

/// Samples at 48 kHz of one frame, by the five bits of configuration.
std::uint32_t samples(std::uint8_t toc) {
  static constexpr std::array<std::uint32_t, 4> kSilk = {480, 960, 1920, 2880};
  static constexpr std::array<std::uint32_t, 4> kCelt = {120, 240, 480, 960};
  const std::uint8_t config = toc >> 3U;
  if (config < 12) return kSilk[config % 4];
  if (config < 16) return config % 2 == 0 ? 480 : 960;
  return kCelt[config % 4];
}

std::uint8_t toc(const MediaFrame& frame) { return frame.payload(0).front(); }
bool single(const MediaFrame& frame) { return (toc(frame) & kCode) == 0; }

void add_length(std::vector<std::uint8_t>& out, std::size_t length) {
  if (length < 252) return out.push_back(static_cast<std::uint8_t>(length));
  const std::size_t first = 252 + (length & 3U);
  out.push_back(static_cast<std::uint8_t>(first));
  out.push_back(static_cast<std::uint8_t>((length - first) / 4));
}

}  // namespace

bool OpusGroup::takes(const MediaFrame& frame) const {
  if (frames_.empty()) return true;
  const MediaFrame& before = *frames_.back();
  return single(before) && single(frame) && toc(before) == toc(frame) &&
         frame.rtp_time == before.rtp_time + samples(toc(before)) &&
         bytes_ + frame.payload(0).size() + kMaxOverhead <= MediaFrame::kMaxPayload;
}

void OpusGroup::add(FramePtr frame) {
  bytes_ += frame->payload(0).size();
  frames_.push_back(std::move(frame));
}

bool OpusGroup::full() const {
  if (frames_.empty()) return false;
  const std::uint8_t sort = toc(*frames_.front());
  return !single(*frames_.front()) || samples(sort) * frames_.size() >= rtp_time(kLong, kAudioClock);
}

FramePtr OpusGroup::joined() const {
  const FramePtr& first = frames_.front();
  if (frames_.size() == 1) return first;
  std::vector<std::uint8_t> packet;
  packet.reserve(bytes_ + kMaxOverhead);
  packet.push_back(toc(*first) | kManyFrames);
  packet.push_back(static_cast<std::uint8_t>(kOfSeveralLengths | frames_.size()));
  for (std::size_t i = 0; i + 1 < frames_.size(); ++i) add_length(packet, frames_[i]->payload(0).size() - 1);
  for (const auto& frame : frames_) {
    const auto sound = frame->payload(0).subspan(1);
    packet.insert(packet.end(), sound.begin(), sound.end());
  }
  auto made = std::make_shared<MediaFrame>(*first);
  const auto size = static_cast<std::uint16_t>(packet.size());
  made->bytes = base::SharedBytes(std::move(packet));
  made->packets = {{.at = 0, .size = size, .padding = 0}};
  made->batches = {{.first = 0, .count = 1, .payload = size, .bytes = size}};
  return made;
}

void OpusGroup::clear() noexcept {
  frames_.clear();
  bytes_ = 0;
}

}  // namespace tongke::relay::webrtc
