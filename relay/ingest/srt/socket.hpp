#pragma once

#include <srt/srt.h>

#include <chrono>
#include <utility>

#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::relay::ingest::srt {

/// Keeps libsrt and its threads running while any of them lives; the last one's end closes all
/// sockets and joins those threads. What libsrt has to say goes to our log.
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

/// A non-blocking SRT listener in live mode on a bound UDP socket, which libsrt owns from then on.
/// @param latency  how long lost packets are waited for; a caller may ask for more
/// @errors io
[[nodiscard]] base::Result<Socket> listen_srt(base::Fd udp, std::chrono::milliseconds latency,
                                              ListenHook hook);

}  // namespace tongke::relay::ingest::srt
