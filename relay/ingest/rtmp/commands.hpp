#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "relay/ingest/rtmp/amf0.hpp"

/// What publishers and we say to each other in command messages.
/// @source RTMP 1.0 section 7.2
namespace tongke::relay::ingest::rtmp {

/// A call from the peer.
struct Command {
  std::string name;
  double transaction = 0;              ///< 0: no answer wanted
  std::vector<amf0::Value> arguments;  ///< the first is the command object, often null

  /// The argument at `index` as text; empty when missing or something else.
  [[nodiscard]] std::string_view text(std::size_t index) const;
};

/// @errors protocol: not a command
[[nodiscard]] base::Result<Command> parse_command(base::ByteView payload);

/// Replies, appended to `out` as whole messages. The chunk size has to be the first.
void write_chunk_size(std::vector<std::uint8_t>& out);
void write_connected(std::vector<std::uint8_t>& out, double transaction, std::uint32_t window);
void write_result(std::vector<std::uint8_t>& out, double transaction, amf0::Value value);
void write_call_error(std::vector<std::uint8_t>& out, double transaction, std::string code,
                      std::string description);

enum class Level { status, error };
void write_status(std::vector<std::uint8_t>& out, std::uint32_t stream, Level level, std::string code,
                  std::string description);
void write_on_fc(std::vector<std::uint8_t>& out, std::string_view event, std::string code, std::string name);

/// @source RTMP 1.0 section 7.1.7
enum class UserControl : std::uint16_t {
  stream_begin = 0,
  stream_eof = 1,
  ping_request = 6,
  ping_response = 7
};
void write_user_control(std::vector<std::uint8_t>& out, UserControl event, std::uint32_t value);

void write_acknowledgement(std::vector<std::uint8_t>& out, std::uint32_t received);

}  // namespace tongke::relay::ingest::rtmp
