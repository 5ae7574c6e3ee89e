#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "relay/bench/keyframe_finder.hpp"
#include "relay/bench/offer.hpp"
#include "relay/bench/stream_counter.hpp"
#include "relay/webrtc/dtls.hpp"
#include "relay/webrtc/srtp.hpp"

namespace tongke::relay::bench {

/// One WHEP viewer: a controlling ICE agent with one pair, a DTLS client, and a receiver that
/// decrypts until it has seen a whole keyframe and from then on reads headers only, so that
/// the tool costs less than what it measures.  @thread the load's loop
class Viewer {
 public:
  enum class State : std::uint8_t { connecting, handshaking, receiving, failed };

  /// @param posted  when the POST began: all times are from there
  Viewer(webrtc::IceCredentials local, Answer answer, std::shared_ptr<const webrtc::DtlsContext> dtls,
         base::Steady::time_point posted);

  /// Opens the socket and sends the first check.
  /// @param gro  let the kernel hand over batches (UDP_GRO): cheaper for both ends
  [[nodiscard]] base::Result<void> start(bool gro);
  /// Reads what has come.
  void readable();
  /// About every 20 ms: retransmissions, checks, reports.
  void tick(base::Steady::time_point now);
  /// Says goodbye.
  void close();

  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

  using Delay = std::optional<std::chrono::duration<double, std::milli>>;
  /// From the POST to…
  [[nodiscard]] Delay connected_after() const { return since_post(connected_); }
  [[nodiscard]] Delay first_packet_after() const { return since_post(first_packet_); }
  [[nodiscard]] Delay first_keyframe_after() const { return since_post(first_keyframe_); }
  [[nodiscard]] const StreamCounter& video() const noexcept { return video_; }
  [[nodiscard]] const StreamCounter& audio() const noexcept { return audio_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  /// Longest time without any packet of the video, once it flows.
  [[nodiscard]] base::Steady::duration longest_pause() const noexcept { return longest_pause_; }

 private:
  void datagram(std::span<std::uint8_t> packet, base::Steady::time_point now);
  void stun(base::ByteView packet, base::Steady::time_point now);
  void handshake(webrtc::DtlsSession::State state);
  void media(std::span<std::uint8_t> packet, base::Steady::time_point now);
  void look_for_keyframe(std::span<std::uint8_t> packet, base::Steady::time_point now);
  void check();
  void report();
  void send(base::ByteView packet);
  void fail(std::string why);
  [[nodiscard]] Delay since_post(const std::optional<base::Steady::time_point>& at) const;

  webrtc::IceCredentials local_;
  Answer answer_;
  std::shared_ptr<const webrtc::DtlsContext> context_;
  base::Fd socket_;
  State state_ = State::connecting;
  std::string failure_;
  std::optional<webrtc::DtlsSession> dtls_;
  std::unique_ptr<webrtc::SrtpReceiver> receiver_;
  std::unique_ptr<webrtc::SrtpSender> sender_;
  KeyframeFinder finder_;

  base::Steady::time_point posted_;
  std::optional<base::Steady::time_point> connected_;
  std::optional<base::Steady::time_point> first_packet_;
  std::optional<base::Steady::time_point> first_keyframe_;
  std::optional<base::Steady::time_point> last_video_;
  base::Steady::duration longest_pause_{0};
  base::Steady::time_point next_check_{};
  base::Steady::time_point next_report_{};

  StreamCounter video_{90000};
  StreamCounter audio_{48000};
  std::uint32_t video_ssrc_ = 0;
  std::uint32_t audio_ssrc_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace tongke::relay::bench
