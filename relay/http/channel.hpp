#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/glib/handle.hpp"
#include "base/glib/main_loop.hpp"
#include "relay/http/reply.hpp"

namespace tongke::relay::http {

/// What a Channel tells its connection. All on the worker's thread; none may destroy the
/// channel before returning.
class ChannelEvents {
 public:
  virtual ~ChannelEvents() = default;
  /// read() may have something.
  virtual void readable() = 0;
  /// The answer begun last has been handed to the kernel in full.
  virtual void answered() = 0;
  /// More of an answer that was begun with `more` may be appended.
  virtual void wants_more() = 0;
  /// The peer closed its sending side (`hard` false) or the whole connection is broken.
  virtual void hung_up(bool hard) = 0;
};

class Channel;

/// One epoll set per worker, watched by its GMainContext through a single descriptor: what
/// thousands of idle connections cost a turn of the loop must not grow with a poll() array.
class Poller {
 public:
  explicit Poller(GMainContext* context);

  void add(int fd, Channel& channel);
  /// Before the descriptor is closed.
  void remove(int fd);

 private:
  bool dispatch();

  base::Fd epoll_;
  base::glib::FdWatch watch_;
};

/// A connected socket, plain or TLS: non-blocking reads, and answers of a head and shared
/// bytes sent in as few system calls as the socket's buffer allows.  @thread the worker's
class Channel {
 public:
  /// @param tls  a connection over the same socket that does the reading and writing, or null
  Channel(base::Fd fd, base::glib::Handle<GIOStream> tls, Poller& poller, ChannelEvents& events);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  enum class Input { bytes, nothing_yet, end };
  /// Appends what has arrived to `out`. `end`: the peer sends no more, or the socket is broken.
  /// After `nothing_yet`, events.readable() follows.
  Input read(std::string& out);

  /// Sends an answer: its head, then its body. events.answered() may come before it returns.
  /// @param more  append() will follow, the last with `more` false
  void answer(std::string head, std::vector<Slice> body, bool more);
  void append(Slice piece, bool more);
  /// Body bytes waiting for the socket.
  [[nodiscard]] std::size_t unsent() const noexcept { return unsent_; }

  /// Says that no more comes, then reads and throws away what arrives, so that closing
  /// resets nothing the peer has yet to read. Ends with hung_up(true).
  void drain();
  void close();

  /// From the poller: EPOLL* bits.
  void on_events(std::uint32_t bits);

  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

 private:
  /// @return bytes moved; 0 when it would block; -1 when broken
  gssize send_some();
  gssize receive(char* buffer, std::size_t size, bool& ended);
  void flush();
  void await_tls(GIOCondition condition);
  static gboolean on_tls_input(GObject* stream, gpointer channel) noexcept;
  static gboolean on_tls_output(GObject* stream, gpointer channel) noexcept;
  void discard_input();

  base::Fd fd_;
  base::glib::Handle<GIOStream> tls_;
  base::glib::Handle<GSource> tls_input_;   ///< once, after a read that would have blocked
  base::glib::Handle<GSource> tls_output_;  ///< once, after a write that would have blocked
  Poller& poller_;
  ChannelEvents* events_;    ///< null once closed
  std::string head_;         ///< of the answer being sent
  std::size_t head_at_ = 0;  ///< how much of it is sent
  std::deque<Slice> body_;   ///< what of it is not sent
  std::size_t unsent_ = 0;
  std::uint64_t sent_ = 0;
  bool emptied_ = false;  ///< nothing to read until the next edge
  bool ended_ = false;    ///< that edge may have been the last
  bool answering_ = false;
  bool more_ = false;
  bool draining_ = false;
};

}  // namespace tongke::relay::http
