#include "relay/ingest/rtmp/commands.hpp"

#include <utility>

#include "relay/ingest/rtmp/big_endian.hpp"
#include "relay/ingest/rtmp/chunk_writer.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

using amf0::Null;
using amf0::Object;
using amf0::Value;

void write_command(std::vector<std::uint8_t>& out, std::uint32_t stream, const std::vector<Value>& values) {
  std::vector<std::uint8_t> payload;
  for (const auto& value : values) amf0::encode(payload, value);
  write_message(out, MessageType::command_amf0, stream, payload);
}

void write_number(std::vector<std::uint8_t>& out, MessageType type, std::uint32_t number) {
  std::vector<std::uint8_t> payload;
  append_be(payload, number, 4);
  write_message(out, type, 0, payload);
}

Value text(std::string_view text) { return Value{std::string(text)}; }

Object info(Level level, std::string code, std::string description) {
  return {{{"level", text(level == Level::error ? "error" : "status")},
           {"code", Value{std::move(code)}},
           {"description", Value{std::move(description)}}}};
}

}  // namespace

std::string_view Command::text(std::size_t index) const {
  return index < arguments.size() ? arguments[index].string() : std::string_view();
}

base::Result<Command> parse_command(base::ByteView payload) {
  auto values = amf0::decode_all(payload);
  if (!values) return std::move(values).error();
  if (values->size() < 2 || (*values)[0].string().empty()) {
    return base::Error{base::Errc::protocol, "command without name or transaction"};
  }
  Command command{
      .name = std::string((*values)[0].string()), .transaction = (*values)[1].number(), .arguments = {}};
  for (std::size_t i = 2; i < values->size(); ++i) command.arguments.push_back(std::move((*values)[i]));
  return command;
}

void write_chunk_size(std::vector<std::uint8_t>& out) {
  write_number(out, MessageType::set_chunk_size, kOutputChunkSize);
}

void write_connected(std::vector<std::uint8_t>& out, double transaction, std::uint32_t window) {
  write_number(out, MessageType::window_ack_size, window);
  std::vector<std::uint8_t> bandwidth;
  append_be(bandwidth, window, 4);
  bandwidth.push_back(2);  // dynamic
  write_message(out, MessageType::set_peer_bandwidth, 0, bandwidth);
  // Encoders check nothing of the version but some want to see it: a plain Flash Media
  // Server 3 that speaks AMF0.
  Object properties{{{"fmsVer", text("FMS/3,0,1,123")}, {"capabilities", Value{31.0}}}};
  Object status = info(Level::status, "NetConnection.Connect.Success", "Connection succeeded.");
  status.members.emplace_back("objectEncoding", Value{0.0});
  write_command(
      out, 0, {text("_result"), Value{transaction}, Value{std::move(properties)}, Value{std::move(status)}});
}

void write_result(std::vector<std::uint8_t>& out, double transaction, Value value) {
  write_command(out, 0, {text("_result"), Value{transaction}, Value{Null{}}, std::move(value)});
}

void write_call_error(std::vector<std::uint8_t>& out, double transaction, std::string code,
                      std::string description) {
  write_command(out, 0,
                {text("_error"), Value{transaction}, Value{Null{}},
                 Value{info(Level::error, std::move(code), std::move(description))}});
}

void write_status(std::vector<std::uint8_t>& out, std::uint32_t stream, Level level, std::string code,
                  std::string description) {
  write_command(out, stream,
                {text("onStatus"), Value{0.0}, Value{Null{}},
                 Value{info(level, std::move(code), std::move(description))}});
}

void write_on_fc(std::vector<std::uint8_t>& out, std::string_view event, std::string code, std::string name) {
  write_command(
      out, 0,
      {text(event), Value{0.0}, Value{Null{}}, Value{info(Level::status, std::move(code), std::move(name))}});
}

void write_user_control(std::vector<std::uint8_t>& out, UserControl event, std::uint32_t value) {
  std::vector<std::uint8_t> payload;
  append_be(payload, static_cast<std::uint32_t>(event), 2);
  append_be(payload, value, 4);
  write_message(out, MessageType::user_control, 0, payload);
}

void write_acknowledgement(std::vector<std::uint8_t>& out, std::uint32_t received) {
  write_number(out, MessageType::acknowledgement, received);
}

}  // namespace tongke::relay::ingest::rtmp
