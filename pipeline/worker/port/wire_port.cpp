#include "pipeline/worker/port/wire_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace tongke::pipeline::worker::port {
namespace {

/// A few seconds of the best rendition at 8 Mbit/s.
constexpr std::size_t kMaxQueuedBytes = 4U << 20U;
constexpr std::size_t kReadBytes = 64U << 10U;

}  // namespace

WirePort::WirePort(GMainContext* context, base::Fd socket, Handler handler)
    : context_(context), socket_(std::move(socket)), handler_(std::move(handler)) {
  fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  fcntl(socket_.get(), F_SETFD, FD_CLOEXEC);
  watch();
}

void WirePort::send(const wire::Message& message) {
  output_.add(message);
  if (!reading_) write_some();  // else all answers to what was read go in one
}

void WirePort::flush(std::chrono::milliseconds deadline) {
  const auto until = base::Steady::now() + deadline;
  while (output_.write(socket_.get()) == wire::Outbox::Outcome::full) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - base::Steady::now());
    if (left.count() <= 0) return;
    pollfd poller{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
    poll(&poller, 1, static_cast<int>(left.count()));
  }
}

// Brings the watches in line with the queue.
void WirePort::watch() {
  const bool congested = output_.bytes() > kMaxQueuedBytes;
  if (congested || !wants_input_) {
    reader_.reset();
  } else if (!reader_) {
    reader_ =
        base::glib::FdWatch(context_, socket_.get(), G_IO_IN, [this](GIOCondition) { return read_some(); });
  }
  if (output_.empty()) {
    writer_.reset();
  } else if (!writer_) {
    writer_ = base::glib::FdWatch(context_, socket_.get(), G_IO_OUT, [this](GIOCondition) {
      write_some();
      return !output_.empty();
    });
  }
}

bool WirePort::read_some() {
  std::array<std::uint8_t, kReadBytes> bytes;
  const ssize_t count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (count <= 0) {
    wants_input_ = false;
    handler_.on_closed("");
    return false;
  }
  const auto ok = decoder_.push({bytes.data(), static_cast<std::size_t>(count)});
  reading_ = true;
  while (wants_input_) {
    auto message = decoder_.next();
    if (!message) break;
    handler_.on_message(std::move(*message));
  }
  reading_ = false;
  write_some();
  if (!ok && wants_input_) {
    wants_input_ = false;
    handler_.on_closed(ok.error().message);
  }
  return static_cast<bool>(reader_);
}

// A relay that is gone is found by the read side.
void WirePort::write_some() {
  static_cast<void>(output_.write(socket_.get()));
  watch();
}

}  // namespace tongke::pipeline::worker::port
