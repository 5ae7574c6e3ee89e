#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "relay/ingest/rtmp/message.hpp"

namespace tongke::relay::ingest::rtmp {

struct ChunkLimits {
  std::size_t max_message_bytes = 4U << 20U;  ///< a 1080p keyframe is well under 1 MB
  std::size_t max_partial_bytes = 6U << 20U;  ///< all unfinished messages together
  std::size_t max_chunk_streams = 32;
};

/// Puts messages together from the interleaved chunks of a connection. Set Chunk Size and
/// Abort are obeyed here, because they change how the very next byte is read, and not
/// returned.
/// @source RTMP 1.0 sections 5.3 and 5.4
class ChunkReader {
 public:
  explicit ChunkReader(const ChunkLimits& limits) : limits_(limits) {}

  /// Eats bytes from the front of `input` up to the end of the next message; without one,
  /// all of them.
  /// @errors protocol: a bound was passed, or chunks that cannot be; the connection is lost
  [[nodiscard]] base::Result<std::optional<Message>> next(base::ByteView& input);

 private:
  struct ChunkStream {
    std::uint32_t timestamp = 0;
    std::uint32_t timestamp_field = 0;  ///< of the last header that had one: the extended one if there was
    bool extended = false;              ///< that header had an extended timestamp; type 3 then repeats it
    std::uint32_t length = 0;
    std::uint32_t message_stream = 0;
    std::uint8_t type = 0;
    bool in_message = false;
    std::vector<std::uint8_t> payload;
  };

  /// Collects a chunk's header; true once it is complete and applied.
  [[nodiscard]] base::Result<bool> header(base::ByteView& input);
  [[nodiscard]] std::size_t header_size();
  [[nodiscard]] base::Result<void> apply_header();
  [[nodiscard]] base::Result<bool> obey(const Message& message);

  const ChunkLimits limits_;
  std::map<std::uint32_t, ChunkStream> streams_;
  std::size_t partial_bytes_ = 0;
  std::size_t chunk_size_ = 128;

  std::array<std::uint8_t, 18> header_{};  ///< basic 3, message 11, extended timestamp 4
  std::size_t header_filled_ = 0;
  ChunkStream* current_ = nullptr;  ///< whose chunk payload comes next
  std::size_t chunk_left_ = 0;
};

}  // namespace tongke::relay::ingest::rtmp
