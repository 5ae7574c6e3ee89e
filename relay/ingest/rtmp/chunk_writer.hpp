#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "relay/ingest/rtmp/message.hpp"

namespace tongke::relay::ingest::rtmp {

/// What we announce and cut our messages by: larger than anything a server has to say to a
/// publisher, so each is one chunk.
constexpr std::size_t kOutputChunkSize = 4096;

/// Appends a message as chunks with full headers on chunk stream 2 (control), 3
/// (commands of the connection) or 5 (commands of a stream). Set Chunk Size must have been
/// sent before a payload of more than 128 bytes.
/// @source RTMP 1.0 section 5.3.1
void write_message(std::vector<std::uint8_t>& out, MessageType type, std::uint32_t stream,
                   base::ByteView payload);

}  // namespace tongke::relay::ingest::rtmp
