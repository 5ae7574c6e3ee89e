#include "relay/webrtc/media_frame.hpp"

#include <algorithm>

#include "relay/webrtc/rtp.hpp"
#include "relay/webrtc/udp_socket.hpp"

namespace tongke::relay::webrtc {
namespace {

/// Payloads that differ by no more are padded to one length.
constexpr std::size_t kMaxPadding = 16;
/// Room left in a batch for an audio packet to ride along.
constexpr std::size_t kMaxBatch = UdpSocket::kMaxSegments - 2;

/// Cuts [first, …) into a run of nearly equal payloads, perhaps with a shorter one behind.
MediaFrame::Batch next_batch(std::vector<MediaFrame::Packet>& packets, std::size_t first) {
  std::size_t least = packets[first].size;
  std::size_t most = least;
  std::size_t end = first + 1;
  for (; end < packets.size() && end - first < kMaxBatch; ++end) {
    const std::size_t low = std::min<std::size_t>(least, packets[end].size);
    const std::size_t high = std::max<std::size_t>(most, packets[end].size);
    if (high - low > kMaxPadding) break;
    least = low;
    most = high;
  }
  MediaFrame::Batch batch{.first = static_cast<std::uint16_t>(first),
                          .count = 0,
                          .payload = static_cast<std::uint16_t>(most),
                          .bytes = 0};
  for (std::size_t i = first; i < end; ++i) {
    packets[i].padding = static_cast<std::uint8_t>(most - packets[i].size);
    batch.bytes += static_cast<std::uint32_t>(most);
  }
  if (end < packets.size() && end - first < kMaxBatch && packets[end].size < most) {
    batch.bytes += packets[end].size;
    ++end;
  }
  batch.count = static_cast<std::uint16_t>(end - first);
  return batch;
}

}  // namespace

FramePtr MediaFrame::make(const pipeline::wire::Frame& frame, std::uint8_t rendition, std::uint32_t number,
                          std::uint32_t rtp_time) {
  auto made = std::make_shared<MediaFrame>();
  made->bytes = frame.bytes;
  made->kind = frame.kind;
  made->rendition = rendition;
  made->number = number;
  made->key = frame.key;
  made->pts = frame.pts;
  made->rtp_time = rtp_time;
  base::ByteView rest = frame.bytes.view();
  while (const auto payload = rtp::next_framed(rest)) {
    if (payload->empty() || payload->size() > kMaxPayload || made->packets.size() >= kMaxPackets)
      return nullptr;
    made->packets.push_back({.at = static_cast<std::uint32_t>(payload->data() - frame.bytes.view().data()),
                             .size = static_cast<std::uint16_t>(payload->size()),
                             .padding = 0});
  }
  if (made->packets.empty() || !rest.empty()) return nullptr;
  for (std::size_t at = 0; at < made->packets.size();) {
    made->batches.push_back(next_batch(made->packets, at));
    at += made->batches.back().count;
  }
  return made;
}

}  // namespace tongke::relay::webrtc
