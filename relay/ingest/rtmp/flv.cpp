#include "relay/ingest/rtmp/flv.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "relay/ingest/rtmp/big_endian.hpp"

namespace tongke::relay::ingest::rtmp::flv {
namespace {

using base::ByteView;

constexpr unsigned kKeyFrame = 1;
constexpr unsigned kSequenceStart = 0;

Kind classify_video(ByteView payload) {
  const unsigned first = payload[0];
  const unsigned frame = first >> 4U & 7U;
  if ((first & 0x80U) != 0) {  // enhanced: packet type in the low bits, fourcc follows
    constexpr unsigned kCodedFrames = 1;
    constexpr unsigned kCodedFramesX = 3;
    const unsigned packet = first & 0x0FU;
    if (packet == kSequenceStart) return {ChunkKind::header, kVideoHeader};
    const bool picture = packet == kCodedFrames || packet == kCodedFramesX;
    return {picture && frame == kKeyFrame ? ChunkKind::keyframe : ChunkKind::media};
  }
  constexpr unsigned kAvc = 7;
  constexpr unsigned kHevcByUsage = 12;  // not in the standard; Chinese encoders and CDNs use it
  const unsigned codec = first & 0x0FU;
  if ((codec == kAvc || codec == kHevcByUsage) && payload.size() >= 2) {
    if (payload[1] == kSequenceStart) return {ChunkKind::header, kVideoHeader};
    if (payload[1] != 1) return {};
  }
  return {frame == kKeyFrame ? ChunkKind::keyframe : ChunkKind::media};
}

Kind classify_audio(ByteView payload) {
  constexpr unsigned kEnhanced = 9;
  constexpr unsigned kAac = 10;
  const unsigned format = payload[0] >> 4U;
  const bool starts = (format == kEnhanced && (payload[0] & 0x0FU) == kSequenceStart) ||
                      (format == kAac && payload.size() >= 2 && payload[1] == kSequenceStart);
  return starts ? Kind{ChunkKind::header, kAudioHeader} : Kind{};
}

Kind classify_data(ByteView payload) {
  static constexpr std::string_view kOnMetaData{"\x02\x00\x0AonMetaData", 13};
  return base::as_text(payload).starts_with(kOnMetaData) ? Kind{ChunkKind::header, kMetadata} : Kind{};
}

}  // namespace

Kind classify(MessageType type, ByteView payload) {
  if (payload.empty()) return {};
  if (type == MessageType::video) return classify_video(payload);
  if (type == MessageType::audio) return classify_audio(payload);
  return classify_data(payload);
}

std::vector<std::uint8_t> tag(MessageType type, std::uint32_t timestamp, ByteView payload) {
  assert(type == MessageType::audio || type == MessageType::video || type == MessageType::data_amf0);
  constexpr std::size_t kHeaderSize = 11;
  std::vector<std::uint8_t> out;
  out.reserve(kHeaderSize + payload.size() + 4);
  const auto size = static_cast<std::uint32_t>(payload.size());
  out.push_back(static_cast<std::uint8_t>(type));
  append_be(out, size, 3);
  append_be(out, timestamp, 3);
  out.push_back(static_cast<std::uint8_t>(timestamp >> 24U));  // the high byte comes last
  append_be(out, 0, 3);                                        // stream id, always 0
  append(out, payload);
  append_be(out, static_cast<std::uint32_t>(kHeaderSize) + size, 4);
  return out;
}

}  // namespace tongke::relay::ingest::rtmp::flv
