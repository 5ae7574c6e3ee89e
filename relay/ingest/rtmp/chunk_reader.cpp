#include "relay/ingest/rtmp/chunk_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "relay/ingest/rtmp/big_endian.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;

constexpr std::uint32_t kExtendedMark = 0xFFFFFF;
constexpr std::array<std::size_t, 4> kMessageHeaderSize = {11, 7, 3, 0};

std::size_t basic_size(std::uint8_t first) {
  const unsigned id = first & 0x3FU;
  return id == 0 ? 2 : id == 1 ? 3 : 1;
}

std::uint32_t chunk_stream_id(ByteView header) {
  const unsigned id = header[0] & 0x3FU;
  if (id == 0) return 64U + header[1];
  if (id == 1) return 64U + header[1] + 256U * header[2];
  return id;
}

}  // namespace

base::Result<std::optional<Message>> ChunkReader::next(ByteView& input) {
  while (!input.empty()) {
    if (current_ == nullptr) {
      auto complete = header(input);
      if (!complete) return std::move(complete).error();
      if (!*complete) break;
    }
    ChunkStream& stream = *current_;
    const std::size_t taken = std::min(chunk_left_, input.size());
    append(stream.payload, input.first(taken));
    input = input.subspan(taken);
    chunk_left_ -= taken;
    partial_bytes_ += taken;
    if (chunk_left_ != 0) break;
    current_ = nullptr;
    if (stream.payload.size() < stream.length) continue;

    stream.in_message = false;
    partial_bytes_ -= stream.payload.size();
    Message message{.type = static_cast<MessageType>(stream.type),
                    .timestamp = stream.timestamp,
                    .stream = stream.message_stream,
                    .payload = std::exchange(stream.payload, {})};
    auto obeyed = obey(message);
    if (!obeyed) return std::move(obeyed).error();
    if (!*obeyed) return std::optional(std::move(message));
  }
  return std::optional<Message>();
}

// How long the header being collected is, as far as can be told: grows while it fills.
std::size_t ChunkReader::header_size() {
  if (header_filled_ == 0) return 1;
  const std::size_t basic = basic_size(header_[0]);
  if (header_filled_ < basic) return basic;
  const unsigned format = header_[0] >> 6U;
  const std::size_t plain = basic + kMessageHeaderSize[format];
  if (header_filled_ < plain) return plain;
  bool extended = false;
  if (format == 3) {
    const auto known = streams_.find(chunk_stream_id(header_));
    extended = known != streams_.end() && known->second.extended;
  } else {
    extended = read_be(ByteView(header_).subspan(basic), 3) == kExtendedMark;
  }
  return plain + (extended ? 4 : 0);
}

base::Result<bool> ChunkReader::header(ByteView& input) {
  while (header_filled_ < header_size()) {
    if (input.empty()) return false;
    header_[header_filled_++] = input[0];
    input = input.subspan(1);
  }
  auto applied = apply_header();
  if (!applied) return std::move(applied).error();
  header_filled_ = 0;
  return true;
}

base::Result<void> ChunkReader::apply_header() {
  const ByteView bytes(header_);
  const std::uint32_t id = chunk_stream_id(bytes);
  const unsigned format = header_[0] >> 6U;
  auto found = streams_.find(id);
  if (found == streams_.end()) {
    // Type 1 on a new chunk stream is seen in the wild (it only lacks the message stream).
    if (format > 1)
      return Error{Errc::protocol, "chunk stream " + std::to_string(id) + " starts without a header"};
    if (streams_.size() >= limits_.max_chunk_streams) return Error{Errc::protocol, "too many chunk streams"};
    found = streams_.try_emplace(id).first;
  }
  ChunkStream& stream = found->second;
  if (stream.in_message && format != 3) return Error{Errc::protocol, "message header inside a message"};

  const std::size_t basic = basic_size(header_[0]);
  if (format != 3) {
    const std::uint32_t field = read_be(bytes.subspan(basic), 3);
    stream.extended = field == kExtendedMark;
    stream.timestamp_field =
        stream.extended ? read_be(bytes.subspan(basic + kMessageHeaderSize[format]), 4) : field;
    if (format <= 1) {
      stream.length = read_be(bytes.subspan(basic + 3), 3);
      stream.type = header_[basic + 6];
    }
    if (format == 0) {
      const ByteView le = bytes.subspan(basic + 7, 4);
      stream.message_stream =
          le[0] | std::uint32_t{le[1]} << 8U | std::uint32_t{le[2]} << 16U | std::uint32_t{le[3]} << 24U;
    }
  }
  if (!stream.in_message) {
    if (stream.length > limits_.max_message_bytes) {
      return Error{Errc::protocol, "message of " + std::to_string(stream.length) + " bytes"};
    }
    // Type 3 after type 0 takes that header's timestamp as its delta (section 5.3.1.2.4).
    stream.timestamp = format == 0 ? stream.timestamp_field : stream.timestamp + stream.timestamp_field;
    stream.in_message = true;
  }
  current_ = &stream;
  chunk_left_ = std::min(chunk_size_, stream.length - stream.payload.size());
  if (partial_bytes_ + chunk_left_ > limits_.max_partial_bytes) {
    return Error{Errc::protocol, "too many bytes in unfinished messages"};
  }
  return {};
}

base::Result<bool> ChunkReader::obey(const Message& message) {
  const ByteView payload(message.payload);
  switch (message.type) {
    case MessageType::set_chunk_size: {
      if (payload.size() < 4) return Error{Errc::protocol, "short Set Chunk Size"};
      const std::uint32_t size = read_be(payload, 4);
      if (size == 0 || size > 0x7FFFFFFF) return Error{Errc::protocol, "chunk size " + std::to_string(size)};
      chunk_size_ = size;
      return true;
    }
    case MessageType::abort: {
      if (payload.size() < 4) return Error{Errc::protocol, "short Abort"};
      const auto stream = streams_.find(read_be(payload, 4));
      if (stream != streams_.end() && stream->second.in_message) {
        partial_bytes_ -= stream->second.payload.size();
        stream->second.payload = {};
        stream->second.in_message = false;
      }
      return true;
    }
    default:
      return false;
  }
}

}  // namespace tongke::relay::ingest::rtmp
