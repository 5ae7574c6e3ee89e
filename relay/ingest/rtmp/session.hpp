#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "relay/ingest/counters.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/ingest/rtmp/chunk_reader.hpp"
#include "relay/ingest/rtmp/commands.hpp"
#include "relay/ingest/rtmp/handshake.hpp"

namespace tongke::relay::ingest::rtmp {

struct SessionSettings {
  std::string app = "live";  ///< the only application there is
  ChunkLimits limits;
  std::uint32_t window_bytes = 2'500'000;  ///< how much may be unacknowledged, each way
};

/// One publisher's conversation, from handshake to goodbye, without a socket: bytes in,
/// bytes out. A refusal or dismissal is said in RTMP's words and ends the session; the
/// owner then sends what is in output() and closes.
/// @thread control
class Session final : public Publisher {
 public:
  enum class Phase {
    handshake,
    connected,  ///< commands are answered, nothing is published yet
    publishing,
    ended,  ///< only output is left to send; input is ignored
  };

  /// @param on_output called when output appears outside receive(); must not destroy the session
  Session(SessionSettings settings, Intake& intake, const Counters& counters, std::string peer,
          std::function<void()> on_output);

  /// @errors protocol: the peer makes no sense; close without a word
  [[nodiscard]] base::Result<void> receive(base::ByteView bytes);

  /// Asks the peer for a sign of life.
  void ping();
  void dismiss(Dismissal why) override;

  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  /// The lesson asked for; empty before `publish`.
  [[nodiscard]] const std::string& lesson() const noexcept { return lesson_; }
  /// What is to be sent; the owner takes bytes off its front.
  [[nodiscard]] std::vector<std::uint8_t>& output() noexcept { return output_; }

 private:
  [[nodiscard]] base::Result<void> handle(const Message& message);
  [[nodiscard]] base::Result<void> handle_aggregate(const Message& message);
  [[nodiscard]] base::Result<void> call(base::ByteView payload, std::uint32_t stream);
  void handle_user_control(base::ByteView payload);
  void connect(const Command& command);
  void publish(const Command& command, std::uint32_t stream);
  void unpublish(std::uint32_t stream);
  void refuse(std::uint32_t stream, std::string code, std::string description);
  void push_media(MessageType type, std::uint32_t timestamp, base::ByteView payload);
  void acknowledge();

  const SessionSettings settings_;
  Intake& intake_;
  const Counters& counters_;
  const std::string peer_;
  const std::function<void()> on_output_;

  Phase phase_ = Phase::handshake;
  Handshake handshake_;
  ChunkReader chunks_;
  std::vector<std::uint8_t> output_;
  std::uint32_t peer_window_;   ///< the peer wants an acknowledgement each so many bytes
  std::uint32_t received_ = 0;  ///< wraps around, as the protocol wants it
  std::uint32_t acknowledged_ = 0;

  bool connected_ = false;
  std::string app_;
  std::string tc_url_;
  std::string lesson_;
  std::uint32_t publish_stream_ = 0;
  std::unique_ptr<Feed> feed_;
};

}  // namespace tongke::relay::ingest::rtmp
