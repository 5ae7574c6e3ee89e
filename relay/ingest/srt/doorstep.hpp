#pragma once

#include <cstdint>
#include <string>

#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::relay::ingest::srt {

/// The SRT port while nobody calls. libsrt's receiving thread looks up every 10 ms for as long
/// as it has a listener; this sleeps in poll() and keeps the port. What has come stays in the
/// socket, so that libsrt, given the same socket, reads the handshake that woke us.
/// @thread one, after open()
class Doorstep {
 public:
  /// Port 0 picks a free one.  @errors invalid (address), io (port taken)
  [[nodiscard]] static base::Result<Doorstep> open(const std::string& address, std::uint16_t port);

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Waits until a caller's handshake lies there (true) or `bell`, an eventfd, is rung (false,
  /// and it is silent again). Datagrams that are no handshake are thrown away.
  [[nodiscard]] bool wait(int bell);
  /// Throws away what lies there first.
  void discard();
  /// The same socket, for somebody else to own.
  [[nodiscard]] base::Fd share() const;
  /// Gives the port up; wait() only heeds the bell from then on.
  void close() noexcept { fd_.reset(); }

 private:
  Doorstep(base::Fd fd, std::uint16_t port) : fd_(std::move(fd)), port_(port) {}

  base::Fd fd_;
  std::uint16_t port_;
};

}  // namespace tongke::relay::ingest::srt
