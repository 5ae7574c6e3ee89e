#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/ingest/rtmp/message.hpp"

/// RTMP media messages as FLV: the payloads are the same, only the framing differs.
/// @source FLV 10.1 annex E; Enhanced RTMP v2 (fourcc video and audio)
namespace tongke::relay::ingest::rtmp::flv {

/// Slots of header chunks, as ingest::Chunk::slot numbers them.
enum Slot : std::uint8_t { kFileHeader = 0, kMetadata = 1, kVideoHeader = 2, kAudioHeader = 3 };

/// The FLV file header, announcing audio and video, with the first back pointer.
inline constexpr std::array<std::uint8_t, 13> kFile = {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0};

struct Kind {
  ChunkKind kind = ChunkKind::media;
  std::uint8_t slot = 0;
};

/// What an audio, video or data message is to somebody who joins later. Of data only
/// `onMetaData` is a header.
[[nodiscard]] Kind classify(MessageType type, base::ByteView payload);

/// A whole tag with its back pointer. `type` must be audio, video or data_amf0.
[[nodiscard]] std::vector<std::uint8_t> tag(MessageType type, std::uint32_t timestamp,
                                            base::ByteView payload);

}  // namespace tongke::relay::ingest::rtmp::flv
