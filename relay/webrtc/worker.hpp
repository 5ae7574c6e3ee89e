#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "relay/webrtc/contributor.hpp"
#include "relay/webrtc/counters.hpp"
#include "relay/webrtc/fanout.hpp"
#include "relay/webrtc/loop.hpp"
#include "relay/webrtc/port.hpp"
#include "relay/webrtc/session.hpp"
#include "relay/webrtc/viewer.hpp"

namespace tongke::relay::webrtc {

/// One thread with one UDP port and one TCP port, the sessions whose answers named them, and
/// what their lessons send. Everything but the constructor's work and post() happens there.
class Worker {
 public:
  struct Settings {
    std::string address = "::";
    std::uint16_t port = 0;  ///< of both; 0 picks free ones
    bool tcp = true;
  };
  /// Told that a session is over.  @thread the worker's
  using Gone = std::function<void(std::uint64_t session, const std::string& why)>;

  /// @errors invalid, io
  [[nodiscard]] static base::Result<std::unique_ptr<Worker>> create(const Settings& settings,
                                                                    std::shared_ptr<const DtlsContext> dtls,
                                                                    Gone gone);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] std::uint16_t udp_port() const noexcept { return udp_->port(); }
  /// 0 without ICE-TCP.
  [[nodiscard]] std::uint16_t tcp_port() const noexcept { return tcp_ ? tcp_->port() : std::uint16_t{0}; }

  void start();
  /// Says goodbye to every peer and ends the thread.  @thread any but the worker's
  void stop();
  /// @thread any. The task runs on the worker's thread, or never.
  void post(base::Executor::Task task) { loop_->post(std::move(task)); }

  // ---- on the worker's thread ----

  /// @param seed  used when this is the lesson's first viewer here
  void add_viewer(Session::Identity identity, const Viewer::Setup& setup, Fanout::Seed seed);
  void add_publisher(Session::Identity identity, Contributor::Sink sink);
  void restart(std::uint64_t session, IceCredentials local, IceCredentials remote);
  /// Says goodbye and forgets; unknown ones are fine.
  void remove(std::uint64_t session, const std::string& why);
  void frame(const std::string& lesson, const FramePtr& frame);
  void offer(const std::string& lesson, const std::vector<Fanout::Offer>& offers);
  /// RTCP for a publisher.
  void send_rtcp(std::uint64_t session, std::vector<std::uint8_t> compound);

 private:
  Worker(std::unique_ptr<Loop> loop, std::unique_ptr<UdpSocket> udp, std::shared_ptr<const DtlsContext> dtls,
         Gone gone);
  base::Result<void> open_tcp(const Settings& settings);
  Session& add(Session::Identity identity);
  void packet(const Peer& from, std::span<std::uint8_t> bytes);
  void stun(const Peer& from, base::ByteView bytes);
  void peer_closed(const Peer& peer);
  void round_done();
  void tick();
  void tick_soon();
  void pace();
  void pace_soon();
  void goodbye();
  void check_over(Session& session);

  std::unique_ptr<Loop> loop_;
  std::unique_ptr<UdpSocket> udp_;
  std::unique_ptr<TcpPort> tcp_;
  std::unique_ptr<Port> port_;
  std::shared_ptr<const DtlsContext> dtls_;
  Gone gone_;
  Counters counters_;
  std::map<std::string, std::unique_ptr<Fanout>> fanouts_;  // by lesson; outlive their viewers
  std::unordered_map<std::uint64_t, std::unique_ptr<Session>> sessions_;
  std::unordered_map<std::string, Session*> by_ufrag_;
  std::unordered_map<Peer, Session*, PeerHash> by_peer_;
  std::unordered_map<std::uint64_t, Viewer*> viewers_;
  std::unordered_map<std::uint64_t, std::string> lesson_of_;
  std::unordered_map<std::uint64_t, Contributor*> contributors_;
  std::vector<std::uint64_t> over_;
  bool ticking_ = false;
  bool pacing_ = false;
  std::thread thread_;
};

}  // namespace tongke::relay::webrtc
