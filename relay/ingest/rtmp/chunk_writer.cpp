#include "relay/ingest/rtmp/chunk_writer.hpp"

#include <algorithm>

#include "relay/ingest/rtmp/big_endian.hpp"

namespace tongke::relay::ingest::rtmp {

void write_message(std::vector<std::uint8_t>& out, MessageType type, std::uint32_t stream,
                   base::ByteView payload) {
  const bool control = type != MessageType::command_amf0;
  const std::uint8_t chunk_stream = control ? 2 : stream == 0 ? 3 : 5;
  out.push_back(chunk_stream);
  append_be(out, 0, 3);  // timestamp: nothing we say has one
  append_be(out, static_cast<std::uint32_t>(payload.size()), 3);
  out.push_back(static_cast<std::uint8_t>(type));
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(stream >> shift));
  for (std::size_t at = 0; at < payload.size(); at += kOutputChunkSize) {
    if (at != 0) out.push_back(0xC0U | chunk_stream);
    append(out, payload.subspan(at, std::min(kOutputChunkSize, payload.size() - at)));
  }
}

}  // namespace tongke::relay::ingest::rtmp
