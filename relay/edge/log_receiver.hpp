#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/fd.hpp"
#include "base/result.hpp"
#include "relay/edge/log_line.hpp"
#include "relay/ingest/socket_address.hpp"

namespace tongke::relay::edge {

/// Hears the access logs of edges by UDP syslog, and tells which media they sent to whom. Links are
/// in those lines: nothing of a line is ever written down here.
///
/// The queue is the socket's own, bounded by the kernel: what comes while it is full is lost, and
/// counted (SO_RXQ_OVFL).  @thread create, start and destroy on one; it listens on one of its own
class LogReceiver {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0 picks a free one
    /// Addresses of edges that are not on this machine; 127.0.0.0/8 and ::1 are always heard.
    std::vector<std::string> sources = {};
  };
  /// @return whether the fetch counts: false when its token opens no such lesson
  using Fetched = std::function<bool(const Fetch&)>;

  /// @param fetched  called on the receiver's thread, with times that are not in the future
  /// @errors invalid (an address), io (taken, not ours)
  [[nodiscard]] static base::Result<std::unique_ptr<LogReceiver>> create(const Options& options,
                                                                         Fetched fetched);
  /// Stops listening.
  ~LogReceiver();
  LogReceiver(const LogReceiver&) = delete;
  LogReceiver& operator=(const LogReceiver&) = delete;

  void start();
  [[nodiscard]] std::uint16_t port() const noexcept { return socket_.port; }

 private:
  using Ip = std::array<std::uint8_t, 16>;  ///< IPv4 as mapped into IPv6

  LogReceiver(ingest::Listener socket, base::Fd bell, std::set<Ip> sources, Fetched fetched);
  [[nodiscard]] static Ip ip_of(const ingest::SocketAddress& address) noexcept;
  [[nodiscard]] static bool is_own(const Ip& ip) noexcept;
  void run();
  /// @return whether there may be more
  bool receive();
  void take(std::string_view datagram, const ingest::SocketAddress& from);
  void warn_of_clock(const ingest::SocketAddress& from, Age age);

  ingest::Listener socket_;
  base::Fd bell_;
  const std::set<Ip> sources_;
  const Fetched fetched_;
  std::uint32_t lost_ = 0;     ///< as the kernel counts
  std::set<Ip> wrong_clocks_;  ///< told of already
  std::thread thread_;
};

}  // namespace tongke::relay::edge
