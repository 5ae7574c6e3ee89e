#pragma once

#include <srt/srt.h>

#include <chrono>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "relay/ingest/socket_address.hpp"

namespace tongke::relay::ingest::srt {

/// Keeps libsrt running while any of them lives; what it has to say goes to our log.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

/// Sole owner of a libsrt socket. Closing tells the peer.
class Socket {
 public:
  Socket() = default;
  explicit Socket(SRTSOCKET socket) noexcept : socket_(socket) {}
  Socket(Socket&& other) noexcept : socket_(std::exchange(other.socket_, SRT_INVALID_SOCK)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
  }
  ~Socket() { reset(); }

  [[nodiscard]] SRTSOCKET get() const noexcept { return socket_; }
  explicit operator bool() const noexcept { return socket_ != SRT_INVALID_SOCK; }
  void reset() noexcept {
    if (socket_ != SRT_INVALID_SOCK) srt_close(std::exchange(socket_, SRT_INVALID_SOCK));
  }

 private:
  SRTSOCKET socket_ = SRT_INVALID_SOCK;
};

/// libsrt's last error in this thread.
[[nodiscard]] base::Error last_error(const char* what);

/// What a listening socket hears first of a caller: nonzero refuses it.
struct ListenHook {
  srt_listen_callback_fn* call = nullptr;
  void* self = nullptr;
};

/// A non-blocking SRT listener in live mode. Port 0 picks a free one.
/// @param latency  how long lost packets are waited for; a caller may ask for more
/// @errors invalid (address), io (port taken)
struct SrtListener {
  Socket socket;
  std::uint16_t port = 0;
};
[[nodiscard]] base::Result<SrtListener> listen_srt(const std::string& address, std::uint16_t port,
                                                   std::chrono::milliseconds latency, ListenHook hook);

}  // namespace tongke::relay::ingest::srt
