#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "relay/webrtc/dtls.hpp"
#include "relay/webrtc/ice.hpp"
#include "relay/webrtc/sdp.hpp"
#include "relay/webrtc/srtp.hpp"

namespace tongke::tests {

/// The browser's side on one thread: checks, DTLS client, SRTP both ways, by UDP or TCP.
class WebRtcClient {
 public:
  enum class Way { udp, tcp };
  explicit WebRtcClient(Way way = Way::udp);

  /// An offer with Opus and H.264 (or the lines given), with this client's credentials.
  [[nodiscard]] std::string offer(bool sends) const;
  /// Takes addresses and credentials from the server's answer, and begins.
  void answer(const std::string& sdp);
  /// Checks the connection and goes through the handshake; false when time is up.
  [[nodiscard]] bool connect();
  /// Handles what comes until `done`, or time is up.
  bool run_until(const std::function<bool()>& done,
                 std::chrono::milliseconds limit = std::chrono::seconds(15));

  void send_rtp(const std::vector<std::uint8_t>& header, const std::vector<std::uint8_t>& payload,
                std::uint32_t rollover = 0);
  void send_rtcp(std::vector<std::uint8_t> compound);
  void send_raw(const std::vector<std::uint8_t>& packet);
  void check(bool nominate = true, const std::string* password = nullptr);
  /// Goes on from another port, as a phone that left the Wi-Fi does.
  void move();
  void close();

  [[nodiscard]] bool connected() const { return receiver_ != nullptr; }
  [[nodiscard]] bool closed_by_server() const;
  [[nodiscard]] const relay::webrtc::SrtpKeys& keys() const { return dtls_->keys(); }
  [[nodiscard]] const relay::webrtc::sdp::Description& description() const { return *description_; }

  std::vector<std::vector<std::uint8_t>> rtp;        ///< decrypted, in order of arrival
  std::vector<std::vector<std::uint8_t>> rtcp;       ///< decrypted
  std::vector<std::vector<std::uint8_t>> encrypted;  ///< RTP as it came
  std::size_t responses = 0;                         ///< to checks
  std::size_t bytes_in = 0;

 private:
  bool read_once(std::chrono::milliseconds wait);
  void handle(std::vector<std::uint8_t> packet);
  void open_socket();

  Way way_;
  base::Fd fd_;
  std::shared_ptr<const relay::webrtc::DtlsContext> context_;
  std::unique_ptr<relay::webrtc::DtlsSession> dtls_;
  relay::webrtc::IceCredentials local_;
  relay::webrtc::IceCredentials remote_;
  std::optional<relay::webrtc::Endpoint> server_;
  std::optional<relay::webrtc::sdp::Description> description_;
  std::unique_ptr<relay::webrtc::SrtpSender> sender_;
  std::unique_ptr<relay::webrtc::SrtpReceiver> receiver_;
  std::vector<std::uint8_t> stream_;
  std::uint8_t transactions_ = 0;
};

}  // namespace tongke::tests
