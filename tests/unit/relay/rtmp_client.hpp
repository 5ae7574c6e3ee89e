#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "relay/ingest/rtmp/amf0.hpp"
#include "relay/ingest/rtmp/big_endian.hpp"
#include "relay/ingest/rtmp/chunk_writer.hpp"
#include "relay/ingest/rtmp/commands.hpp"
#include "relay/ingest/rtmp/handshake.hpp"

/// What an encoder says, as bytes: for tests that need to say it wrongly.
namespace tongke::tests {

using relay::ingest::rtmp::MessageType;
using relay::ingest::rtmp::amf0::Null;
using relay::ingest::rtmp::amf0::Object;
using relay::ingest::rtmp::amf0::Value;
using Bytes = std::vector<std::uint8_t>;

inline Value text(const std::string& text) { return Value{text}; }

inline Bytes message(MessageType type, const Bytes& payload, std::uint32_t stream = 0) {
  Bytes out;
  relay::ingest::rtmp::write_message(out, type, stream, payload);
  return out;
}

inline Bytes command(std::initializer_list<Value> values, std::uint32_t stream = 0) {
  Bytes payload;
  for (const auto& value : values) relay::ingest::rtmp::amf0::encode(payload, value);
  return message(MessageType::command_amf0, payload, stream);
}

/// C0 C1 C2 of the plain handshake, then a chunk size in which every command is one chunk.
inline Bytes hello() {
  Bytes out(1 + 2 * relay::ingest::rtmp::Handshake::kPacketSize, 0);
  out[0] = 3;
  const auto chunk_size = message(MessageType::set_chunk_size, {0, 0, 0x10, 0});
  relay::ingest::rtmp::append(out, chunk_size);
  return out;
}

inline Bytes connect(const std::string& app = "live", const std::string& tc_url = "rtmp://h/live") {
  return command({text("connect"), Value{1.0}, Value{Object{{{"app", text(app)}, {"tcUrl", text(tc_url)}}}}});
}

inline Bytes publish(const std::string& name = "m1?key=secret") {
  return command({text("publish"), Value{5.0}, Value{Null{}}, text(name), text("live")}, 1);
}

inline Bytes operator+(Bytes a, const Bytes& b) {
  relay::ingest::rtmp::append(a, b);
  return a;
}

}  // namespace tongke::tests
