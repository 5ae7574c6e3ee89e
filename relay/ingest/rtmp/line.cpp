#include "relay/ingest/rtmp/line.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <utility>

#include "base/glib/tls.hpp"
#include "base/log.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

ssize_t outcome(ssize_t count) {
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : Line::kClosed;
}

ssize_t outcome(const base::glib::ErrorOut& why) {
  if (base::glib::would_block(why)) return 0;
  return base::glib::broke_tls(why) ? Line::kMalformed : Line::kClosed;
}

}  // namespace

Line::Line(GMainContext* loop, base::Fd socket, base::glib::Handle<GIOStream> tls,
           std::function<void()> on_ready)
    : loop_(loop), socket_(std::move(socket)), tls_(std::move(tls)), on_ready_(std::move(on_ready)) {
  if (tls_) {
    watch_tls(G_IO_IN);
  } else {
    readable_ = base::glib::FdWatch(loop_, socket_.get(), G_IO_IN, [this](GIOCondition) {
      fire();
      return true;
    });
  }
}

ssize_t Line::read(std::span<std::uint8_t> buffer) {
  if (!secure()) {
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    return count == 0 ? kClosed : outcome(count);
  }
  base::glib::ErrorOut why;
  const gssize count = g_pollable_input_stream_read_nonblocking(
      G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(tls_.get())), buffer.data(), buffer.size(),
      nullptr, why);
  if (count > 0) return count;
  const ssize_t result = count == 0 ? kClosed : outcome(why);
  if (result == 0) watch_tls(G_IO_IN);
  return result;
}

ssize_t Line::write(base::ByteView bytes) {
  if (!secure()) return outcome(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
  base::glib::ErrorOut why;
  const gssize count = g_pollable_output_stream_write_nonblocking(
      G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(tls_.get())), bytes.data(), bytes.size(),
      nullptr, why);
  return count >= 0 ? count : outcome(why);
}

void Line::want_writing(bool wanted) {
  if (!wanted) {
    writable_.reset();
    tls_writable_.reset();
  } else if (secure()) {
    watch_tls(G_IO_OUT);
  } else if (!writable_) {
    writable_ = base::glib::FdWatch(loop_, socket_.get(), G_IO_OUT, [this](GIOCondition) {
      fire();
      return true;
    });
  }
}

// What is left below the mark is read with whatever follows it, or at the end of the stream.
void Line::expect_media() {
  if (tls_) return;                // its records are not ours to measure
  constexpr int kWorthACall = 24;  // a message's header has at most 18
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVLOWAT, &kWorthACall, sizeof(kWorthACall));
}

void Line::finish() {
  if (std::exchange(finished_, true)) return;
  if (!tls_) {
    ::shutdown(socket_.get(), SHUT_WR);
    return;
  }
  stop();
  // Sends TLS's own goodbye and lets go of GIO's descriptor; ours stays until the peer closes.
  g_io_stream_close_async(tls_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
  readable_ = base::glib::FdWatch(loop_, socket_.get(), G_IO_IN, [this](GIOCondition) {
    fire();
    return true;
  });
}

void Line::stop() {
  readable_.reset();
  writable_.reset();
  tls_readable_.reset();
  tls_writable_.reset();
}

void Line::watch_tls(GIOCondition condition) {
  const bool input = condition == G_IO_IN;
  auto& source = input ? tls_readable_ : tls_writable_;
  source.reset(input ? g_pollable_input_stream_create_source(
                           G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(tls_.get())), nullptr)
                     : g_pollable_output_stream_create_source(
                           G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(tls_.get())), nullptr));
  // GLib calls it with the pollable signature, whatever the type says.
  g_source_set_callback(source.get(), reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(on_tls)),
                        this, nullptr);
  g_source_attach(source.get(), loop_);
}

// A copy: the call may destroy the line.
void Line::fire() {
  const auto on_ready = on_ready_;
  on_ready();
}

// Reading and writing watch again where there is a reason to.
gboolean Line::on_tls(GObject* /*stream*/, gpointer line) noexcept {
  try {
    static_cast<Line*>(line)->fire();
  } catch (const std::exception& error) {
    base::log::error("exception in a TLS callback", {{"what", error.what()}});
  }
  return G_SOURCE_REMOVE;
}

}  // namespace tongke::relay::ingest::rtmp
