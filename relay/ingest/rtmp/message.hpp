#pragma once

#include <cstdint>
#include <vector>

namespace tongke::relay::ingest::rtmp {

/// @source RTMP 1.0 sections 5.4, 6.2 and 7.1
enum class MessageType : std::uint8_t {
  set_chunk_size = 1,
  abort = 2,
  acknowledgement = 3,
  user_control = 4,
  window_ack_size = 5,
  set_peer_bandwidth = 6,
  audio = 8,
  video = 9,
  data_amf3 = 15,
  command_amf3 = 17,
  data_amf0 = 18,
  command_amf0 = 20,
  aggregate = 22,
};

struct Message {
  MessageType type{};           ///< may hold a value outside the enumeration: peers send what they like
  std::uint32_t timestamp = 0;  ///< milliseconds, wraps around
  std::uint32_t stream = 0;
  std::vector<std::uint8_t> payload;
};

}  // namespace tongke::relay::ingest::rtmp
