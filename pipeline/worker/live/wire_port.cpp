#include "pipeline/worker/live/wire_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace tongke::pipeline::worker::live {
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
  queue_.push_back(wire::encode(message));
  queued_bytes_ += queue_.back().size();
  write_some();
  watch();
}

void WirePort::flush(std::chrono::milliseconds deadline) {
  const auto until = base::Steady::now() + deadline;
  while (!queue_.empty() && write_some()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - base::Steady::now());
    if (queue_.empty() || left.count() <= 0) return;
    pollfd poller{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
    poll(&poller, 1, static_cast<int>(left.count()));
  }
}

// Brings the watches in line with the queue.
void WirePort::watch() {
  const bool congested = queued_bytes_ > kMaxQueuedBytes;
  if (congested || !wants_input_) {
    reader_.reset();
  } else if (!reader_) {
    reader_ =
        base::glib::FdWatch(context_, socket_.get(), G_IO_IN, [this](GIOCondition) { return read_some(); });
  }
  if (queue_.empty()) {
    writer_.reset();
  } else if (!writer_) {
    writer_ = base::glib::FdWatch(context_, socket_.get(), G_IO_OUT, [this](GIOCondition) {
      write_some();
      watch();
      return !queue_.empty();
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
  while (wants_input_) {
    auto message = decoder_.next();
    if (!message) break;
    handler_.on_message(std::move(*message));
  }
  if (!ok && wants_input_) {
    wants_input_ = false;
    handler_.on_closed(ok.error().message);
  }
  return static_cast<bool>(reader_);
}

// @return false when the relay is gone
bool WirePort::write_some() {
  while (!queue_.empty()) {
    const wire::Encoded& front = queue_.front();
    std::array<iovec, 2> pieces{};
    std::size_t used = 0;
    std::size_t skip = written_of_front_;
    for (const base::ByteView piece : {base::ByteView(front.head), front.tail.view()}) {
      if (skip < piece.size())
        pieces[used++] = {const_cast<std::uint8_t*>(piece.data()) + skip, piece.size() - skip};
      skip -= std::min(skip, piece.size());
    }
    msghdr header{};
    header.msg_iov = pieces.data();
    header.msg_iovlen = used;
    const ssize_t count = sendmsg(socket_.get(), &header, MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    written_of_front_ += static_cast<std::size_t>(count);
    if (written_of_front_ < front.size()) continue;
    queued_bytes_ -= front.size();
    written_of_front_ = 0;
    queue_.pop_front();
  }
  return true;
}

}  // namespace tongke::pipeline::worker::live
