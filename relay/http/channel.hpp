#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/glib/handle.hpp"
#include "base/glib/main_loop.hpp"

namespace tongke::relay::http {

/// What a Channel tells its connection. All on the worker's thread; none may destroy the
/// channel before returning.
class ChannelEvents {
 public:
  virtual ~ChannelEvents() = default;
  /// The peer has ended its side. True: libsoup may read the end of the stream. False: the
  /// caller closes the connection itself, soon. libsoup 3.2 never lets go of a kept-alive
  /// connection in which it reads an end between two requests.
  /// @source libsoup commit d20c6660 (fixed after 3.2.3); tests/unit/relay/test_http_leak.cpp
  virtual bool end_of_input() = 0;
  /// Bytes have arrived.
  virtual void received() = 0;
  /// The peer closed its sending side (`hard` false) or the whole connection is broken.
  virtual void hung_up(bool hard) = 0;
  /// libsoup has closed the stream.
  virtual void closed() = 0;
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

/// A connected socket as libsoup's stream needs it: non-blocking, with edges remembered.
/// @thread the worker's
class Channel {
 public:
  /// @param tls  a connection over the same socket that does the reading and writing, or null
  Channel(base::Fd fd, base::glib::Handle<GIOStream> tls, Poller& poller, ChannelEvents& events);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// As GPollableInputStream and GPollableOutputStream want it: -1 and an error, often
  /// G_IO_ERROR_WOULD_BLOCK.
  gssize read(void* buffer, gsize size, GError** error);
  gssize write(const void* data, gsize size, GError** error);
  [[nodiscard]] bool readable() const noexcept { return readable_; }
  [[nodiscard]] bool writable() const noexcept { return writable_; }
  /// A source for `stream` that is ready while the channel is.
  GSource* watch(GObject* stream, GIOCondition condition);

  /// Keeps the next write (a response's head) back, to leave in one packet with the one after.
  void cork() noexcept { corked_ = tls_ == nullptr; }
  /// From now on every read and write fails, so that libsoup ends the request.
  void abort();
  /// Called by the stream when libsoup closes it.
  void stream_closed();
  /// Reads and throws away what arrives, so that close() resets nothing the peer has yet to
  /// read. Ends with hung_up(true).
  void drain();
  /// Closes the socket and forgets the connection.
  void close();

  /// From the poller: EPOLL* bits.
  void on_events(std::uint32_t bits);

  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  [[nodiscard]] bool open() const noexcept { return static_cast<bool>(fd_); }

 private:
  struct Unref {
    void operator()(GSource* source) const noexcept { g_source_unref(source); }
  };
  struct Watch {
    std::unique_ptr<GSource, Unref> source;
    GIOCondition condition;
  };

  gssize fail(int error_number, GError** error);
  gssize would_block(GError** error);
  gssize read_tls(void* buffer, gsize size, GError** error);
  void update(GIOCondition condition);
  void discard_input();

  base::Fd fd_;
  base::glib::Handle<GIOStream> tls_;
  Poller& poller_;
  ChannelEvents* events_;  ///< null once detached
  std::vector<Watch> watches_;
  std::string held_;  ///< written by libsoup, not yet sent
  std::uint64_t sent_ = 0;
  bool readable_ = false;
  bool writable_ = true;
  bool corked_ = false;
  bool ended_ = false;    ///< the peer will send no more
  bool aborted_ = false;
  bool draining_ = false;
};

/// The channel as a GIOStream for soup_server_accept_iostream(). Keeps the channel alive.
[[nodiscard]] base::glib::Handle<GIOStream> make_stream(std::shared_ptr<Channel> channel);

}  // namespace tongke::relay::http
