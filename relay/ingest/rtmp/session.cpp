#include "relay/ingest/rtmp/session.hpp"

#include <array>
#include <utility>

#include "base/log.hpp"
#include "relay/ingest/rtmp/big_endian.hpp"
#include "relay/ingest/rtmp/chunk_writer.hpp"
#include "relay/ingest/rtmp/flv.hpp"
#include "relay/ingest/rtmp/publish_name.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

using amf0::Value;
using base::ByteView;
using base::Errc;
using base::Error;

constexpr std::uint32_t kStream = 1;  // createStream always gives this one: one connection, one stream

// Codes that ffmpeg, librtmp (OBS) and rtmp2sink take for a refusal.
std::string refusal_code(Errc kind) {
  if (kind == Errc::forbidden) return "NetStream.Publish.Denied";
  if (kind == Errc::conflict) return "NetStream.Publish.BadName";
  return "NetStream.Publish.Rejected";
}

std::string_view farewell(Dismissal why) {
  switch (why) {
    case Dismissal::superseded:
      return "Another device took over with the same key.";
    case Dismissal::lesson_ended:
      return "The lesson has ended.";
    case Dismissal::shutting_down:
      return "The server is restarting; try again in a moment.";
    case Dismissal::unusable_media:
      return "This stream cannot be used; send H.264 video and AAC audio.";
    case Dismissal::outside_hours:
      return "The time on air is over: the evening, or the day's cap.";
  }
  return {};
}

}  // namespace

Session::Session(SessionSettings settings, Intake& intake, const Counters& counters, std::string peer,
                 std::function<void()> on_output)
    : settings_(std::move(settings)),
      intake_(intake),
      counters_(counters),
      peer_(std::move(peer)),
      on_output_(std::move(on_output)),
      chunks_(settings_.limits),
      peer_window_(settings_.window_bytes) {}

base::Result<void> Session::receive(ByteView bytes) {
  received_ += static_cast<std::uint32_t>(bytes.size());
  if (phase_ == Phase::handshake) {
    auto shaken = handshake_.receive(bytes, output_);
    if (!shaken) return shaken;
    if (!handshake_.done()) return {};
    phase_ = Phase::connected;
  }
  while (phase_ != Phase::ended && !bytes.empty()) {
    auto message = chunks_.next(bytes);
    if (!message) return std::move(message).error();
    if (!*message) break;
    auto handled = handle(**message);
    if (!handled) return handled;
  }
  acknowledge();
  return {};
}

void Session::acknowledge() {
  if (phase_ == Phase::ended || received_ - acknowledged_ < peer_window_) return;
  acknowledged_ = received_;
  write_acknowledgement(output_, received_);
}

base::Result<void> Session::handle(const Message& message) {
  const ByteView payload(message.payload);
  switch (message.type) {
    case MessageType::window_ack_size:
      if (payload.size() < 4) return Error{Errc::protocol, "short Window Acknowledgement Size"};
      peer_window_ = read_be(payload, 4);
      return {};
    case MessageType::user_control:
      handle_user_control(payload);
      return {};
    case MessageType::command_amf0:
      return call(payload, message.stream);
    case MessageType::command_amf3:
      // AMF3 commands of those who want it are AMF0 behind a format byte.
      return call(payload.empty() ? payload : payload.subspan(1), message.stream);
    case MessageType::audio:
    case MessageType::video:
    case MessageType::data_amf0:
      push_media(message.type, message.timestamp, payload);
      return {};
    case MessageType::data_amf3:
      push_media(MessageType::data_amf0, message.timestamp, payload.empty() ? payload : payload.subspan(1));
      return {};
    case MessageType::aggregate:
      return handle_aggregate(message);
    default:  // acknowledgements, bandwidth, shared objects: nothing to do for a publisher
      return {};
  }
}

void Session::handle_user_control(ByteView payload) {
  if (payload.size() < 6) return;
  if (read_be(payload, 2) != static_cast<std::uint32_t>(UserControl::ping_request)) return;
  write_user_control(output_, UserControl::ping_response, read_be(payload.subspan(2), 4));
}

// FLV tags in one message; the first tag's time is the message's.
base::Result<void> Session::handle_aggregate(const Message& message) {
  constexpr std::size_t kTagHeader = 11;
  constexpr std::size_t kBackPointer = 4;
  ByteView rest(message.payload);
  std::uint32_t first = 0;
  for (bool is_first = true; rest.size() >= kTagHeader; is_first = false) {
    const std::size_t size = read_be(rest.subspan(1), 3);
    const std::uint32_t time = read_be(rest.subspan(4), 3) | std::uint32_t{rest[7]} << 24U;
    if (is_first) first = time;
    if (rest.size() < kTagHeader + size) return Error{Errc::protocol, "aggregate message with a cut tag"};
    const auto type = static_cast<MessageType>(rest[0]);
    if (type == MessageType::audio || type == MessageType::video || type == MessageType::data_amf0) {
      push_media(type, message.timestamp + (time - first), rest.subspan(kTagHeader, size));
    }
    rest = rest.subspan(std::min(rest.size(), kTagHeader + size + kBackPointer));
  }
  return {};
}

void Session::push_media(MessageType type, std::uint32_t timestamp, ByteView payload) {
  if (phase_ != Phase::publishing) return;
  if (type == MessageType::data_amf0) {
    // A request to keep the data that follows; files and other receivers know only the data.
    static constexpr std::string_view kSetDataFrame{"\x02\x00\x0D@setDataFrame", 16};
    if (base::as_text(payload).starts_with(kSetDataFrame)) payload = payload.subspan(kSetDataFrame.size());
  }
  if (payload.empty()) return;
  const auto kind = flv::classify(type, payload);
  const auto tag = flv::tag(type, timestamp, payload);
  feed_->push({.bytes = tag, .kind = kind.kind, .slot = kind.slot});
}

base::Result<void> Session::call(ByteView payload, std::uint32_t stream) {
  auto parsed = parse_command(payload);
  if (!parsed) return std::move(parsed).error();
  const Command& command = *parsed;
  if (command.name == "connect") {
    connect(command);
    return {};
  }
  if (!connected_) return Error{Errc::protocol, "command before connect"};
  if (command.name == "createStream") {
    write_result(output_, command.transaction, Value{double{kStream}});
  } else if (command.name == "publish") {
    publish(command, stream);
  } else if (command.name == "FCUnpublish") {
    unpublish(stream);
    write_on_fc(output_, "onFCUnpublish", "NetStream.Unpublish.Success", std::string(command.text(1)));
  } else if (command.name == "closeStream" || command.name == "deleteStream") {
    unpublish(stream);
  } else if (command.name == "play" || command.name == "play2") {
    refuse(stream, "NetStream.Play.Failed", "This address is for publishing; watch by the lesson's link.");
  } else if (command.name == "FCPublish") {
    write_on_fc(output_, "onFCPublish", "NetStream.Publish.Start", std::string(command.text(1)));
    write_result(output_, command.transaction, Value{});
  } else if (command.name == "releaseStream" || command.name == "_checkbw") {
    write_result(output_, command.transaction, Value{});
  } else if (command.name == "getStreamLength") {
    write_result(output_, command.transaction, Value{0.0});
  } else if (command.transaction != 0 && !command.name.starts_with('_')) {
    write_call_error(output_, command.transaction, "NetConnection.Call.Failed", "Unknown command.");
  }
  return {};
}

void Session::connect(const Command& command) {
  const auto* properties = command.arguments.empty() ? nullptr : command.arguments[0].object();
  const auto property = [&](std::string_view name) {
    const auto* value = properties ? properties->find(name) : nullptr;
    return std::string(value ? value->string() : std::string_view());
  };
  app_ = property("app");
  tc_url_ = property("tcUrl");
  write_chunk_size(output_);
  if (app_name(app_) != settings_.app) {
    write_call_error(output_, command.transaction, "NetConnection.Connect.InvalidApp",
                     "The address is rtmp://HOST/" + settings_.app + "/LESSON?key=KEY.");
    counters_.refused.Increment();
    base::log::info("rtmp publisher refused", {{"peer", peer_}, {"why", "unknown application"}});
    phase_ = Phase::ended;
    return;
  }
  connected_ = true;
  write_connected(output_, command.transaction, settings_.window_bytes);
}

void Session::publish(const Command& command, std::uint32_t stream) {
  if (phase_ == Phase::publishing) {
    refuse(stream, "NetStream.Publish.BadName", "This connection is publishing already.");
    return;
  }
  auto name = parse_publish_name(command.text(1), app_, tc_url_);
  lesson_ = std::move(name.lesson);
  auto feed = intake_.open({.lesson = lesson_,
                            .key = std::move(name.key),
                            .protocol = "rtmp",
                            .peer = peer_,
                            .format = pipeline::wire::InputFormat::flv},
                           *this);
  if (!feed) {
    refuse(stream, refusal_code(feed.error().kind), feed.error().message);
    return;
  }
  counters_.publishers.Increment();
  feed_ = std::move(*feed);
  publish_stream_ = stream;
  phase_ = Phase::publishing;
  write_user_control(output_, UserControl::stream_begin, stream);
  write_status(output_, stream, Level::status, "NetStream.Publish.Start", "Publishing.");
  feed_->push({.bytes = flv::kFile, .kind = ChunkKind::header, .slot = flv::kFileHeader});
}

void Session::unpublish(std::uint32_t stream) {
  if (phase_ != Phase::publishing) return;
  phase_ = Phase::connected;
  feed_.reset();
  base::log::info("rtmp publisher stopped", {{"lesson", lesson_}, {"peer", peer_}});
  write_status(output_, stream, Level::status, "NetStream.Unpublish.Success", "Stopped.");
}

void Session::refuse(std::uint32_t stream, std::string code, std::string description) {
  counters_.refused.Increment();
  base::log::info("rtmp publisher refused", {{"lesson", lesson_}, {"peer", peer_}, {"why", description}});
  write_status(output_, stream, Level::error, std::move(code), std::move(description));
  phase_ = Phase::ended;
}

void Session::ping() {
  if (phase_ != Phase::publishing) return;
  // The time in a ping is only echoed; bytes received serve as well as a clock.
  write_user_control(output_, UserControl::ping_request, received_);
  on_output_();
}

void Session::dismiss(Dismissal why) {
  if (phase_ != Phase::publishing) return;
  // The feed stays: this call may come from inside its push().
  phase_ = Phase::ended;
  write_status(output_, publish_stream_, Level::error, "NetStream.Publish.Rejected",
               std::string(farewell(why)));
  on_output_();
}

}  // namespace tongke::relay::ingest::rtmp
