#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "base/glib/handle.hpp"
#include "base/glib/main_loop.hpp"

namespace tongke::relay::ingest::rtmp {

/// A connected socket, plain or TLS: non-blocking reads and writes, and a call when either is
/// worth another try.  @thread the loop's
class Line {
 public:
  /// @param tls       a connection over the same socket, which then reads and writes; or null
  /// @param on_ready  may destroy the line
  Line(GMainContext* loop, base::Fd socket, base::glib::Handle<GIOStream> tls,
       std::function<void()> on_ready);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Bytes moved; 0: nothing now, on_ready follows (for writing, see want_writing()).
  static constexpr ssize_t kClosed = -1;
  static constexpr ssize_t kMalformed = -2;  ///< the peer does not speak TLS
  [[nodiscard]] ssize_t read(std::span<std::uint8_t> buffer);
  [[nodiscard]] ssize_t write(base::ByteView bytes);
  /// Whether it may hold bytes that its socket no longer has: then read until there is nothing.
  [[nodiscard]] bool buffers() const noexcept { return secure(); }
  /// Whether on_ready is called when write() may take more.
  void want_writing(bool wanted);
  /// From now on what comes is media: a message's header alone is not worth a call. Encoders send it by
  /// itself, and each call is a wake-up of this thread.
  void expect_media();
  /// Says that nothing more comes. What is read from then on only matters for its end.
  void finish();
  /// No more calls.
  void stop();

 private:
  [[nodiscard]] bool secure() const noexcept { return tls_ && !finished_; }
  void fire();
  void watch_tls(GIOCondition condition);
  static gboolean on_tls(GObject* stream, gpointer line) noexcept;

  GMainContext* loop_;
  const base::Fd socket_;
  const base::glib::Handle<GIOStream> tls_;
  const std::function<void()> on_ready_;
  bool finished_ = false;
  base::glib::FdWatch readable_;
  base::glib::FdWatch writable_;
  base::glib::Handle<GSource> tls_readable_;  ///< once, after a read that would have blocked
  base::glib::Handle<GSource> tls_writable_;  ///< once, while writing is wanted
};

}  // namespace tongke::relay::ingest::rtmp
