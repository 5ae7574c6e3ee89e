#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "relay/webrtc/loop.hpp"
#include "relay/webrtc/peer.hpp"

namespace tongke::relay::webrtc {

/// The passive side of ICE-TCP, for networks that let only TCP through: each packet is framed
/// by its length. Connections whose first check nobody vouches for are few and short-lived.
/// @source RFC 6544 (ICE-TCP), RFC 4571 (framing)
/// @thread the loop's
class TcpPort {
 public:
  /// Strangers at once, and how long each has to prove itself.
  static constexpr std::size_t kMaxStrangers = 128;
  static constexpr std::chrono::seconds kPatience{5};
  /// All connections at once.
  static constexpr std::size_t kMaxConnections = 2048;
  /// Longest packet received; a longer one is not of a peer.
  static constexpr std::size_t kMaxPacket = 2048;
  /// Bytes waiting for a slow peer; more are dropped.
  static constexpr std::size_t kMaxWaiting = 256 * 1024;

  struct Events {
    std::function<void(const Peer& from, std::span<std::uint8_t> packet)> packet;
    std::function<void(const Peer& peer)> closed;
    std::function<void()> accepted;  ///< a stranger came: tick() is needed
  };
  /// @errors invalid, io
  [[nodiscard]] static base::Result<std::unique_ptr<TcpPort>> open(const std::string& address,
                                                                   std::uint16_t port, Loop& loop,
                                                                   Events events);
  ~TcpPort();
  TcpPort(const TcpPort&) = delete;
  TcpPort& operator=(const TcpPort&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Sends `bytes` as packets of `segment` bytes (the last may be shorter; 0 = one packet), or
  /// none of them when the peer is too slow.
  void send(std::uint32_t connection, base::ByteView bytes, std::size_t segment);
  /// The peer has shown a check with our password.
  void vouch(std::uint32_t connection);
  void close(std::uint32_t connection);
  [[nodiscard]] bool has_strangers() const noexcept { return strangers_ > 0; }
  /// Closes strangers that stayed too long. Needed while there are any.
  void tick(base::Steady::time_point now);

 private:
  struct Connection {
    base::Fd fd;
    Peer peer;
    std::vector<std::uint8_t> in;
    std::vector<std::uint8_t> out;
    base::Steady::time_point since;
    bool vouched = false;
  };
  TcpPort(base::Fd fd, std::uint16_t port, Loop& loop, Events events);
  void accept_all();
  void ready(std::uint32_t connection, std::uint32_t events);
  bool read_some(std::uint32_t connection);
  bool write_some(Connection& connection);
  void lose(std::uint32_t connection);

  base::Fd fd_;
  std::uint16_t port_;
  Loop& loop_;
  Events events_;
  std::unordered_map<std::uint32_t, Connection> connections_;
  std::size_t strangers_ = 0;
  std::uint32_t last_ = 0;
  base::metrics::Counter& dropped_;
  base::metrics::Counter& refused_;
};

}  // namespace tongke::relay::webrtc
