#include "pipeline/child/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tongke::pipeline {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;
constexpr std::size_t kBatch = 32;  // messages per sendmsg: two pieces each

}  // namespace

Connection::Connection(GMainContext* context, base::Fd socket, OnMessage on_message, OnBroken on_broken)
    : context_(context),
      socket_(std::move(socket)),
      on_message_(std::move(on_message)),
      on_broken_(std::move(on_broken)),
      reader_(context, socket_.get(), static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR),
              [this](GIOCondition) { return readable(); }) {}

void Connection::send(const wire::Message& message) {
  if (!socket_) return;
  queue_.push_back(wire::encode(message));
  queued_bytes_ += queue_.back().size();
  if (queued_bytes_ > kMaxQueuedBytes) {
    // Not from inside the caller's push: it may be iterating over what broken() tears down.
    queue_.clear();
    queued_bytes_ = 0;
    ::shutdown(socket_.get(), SHUT_RDWR);
    return;
  }
  if (!writer_ && !flush()) {
    writer_ =
        base::glib::FdWatch(context_, socket_.get(), G_IO_OUT, [this](GIOCondition) { return writable(); });
  }
}

bool Connection::writable() {
  if (!flush()) return true;
  writer_.reset();
  return false;
}

bool Connection::flush() {
  while (!queue_.empty()) {
    std::array<iovec, kBatch * 2> pieces{};
    std::size_t count = 0;
    std::size_t skip = front_written_;
    for (const auto& message : queue_) {
      if (count + 2 > pieces.size()) break;
      for (const base::ByteView piece : {base::ByteView(message.head), message.tail.view()}) {
        const std::size_t cut = std::min(skip, piece.size());
        skip -= cut;
        if (cut == piece.size()) continue;
        pieces.at(count++) = {const_cast<std::uint8_t*>(piece.data()) + cut, piece.size() - cut};
      }
    }
    msghdr header{};
    header.msg_iov = pieces.data();
    header.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return false;
      // The read side reports the end, after what the child still managed to say.
      queue_.clear();
      queued_bytes_ = front_written_ = 0;
      return true;
    }
    front_written_ += static_cast<std::size_t>(sent);
    while (!queue_.empty() && front_written_ >= queue_.front().size()) {
      front_written_ -= queue_.front().size();
      queued_bytes_ -= queue_.front().size();
      queue_.pop_front();
    }
  }
  return true;
}

bool Connection::readable() {
  static thread_local std::array<std::uint8_t, kReadBytes> buffer;
  const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) {
    broken(got == 0 ? "closed" : std::strerror(errno));
    return false;
  }
  const auto pushed = decoder_.push(base::ByteView(buffer).first(static_cast<std::size_t>(got)));
  while (auto message = decoder_.next()) on_message_(std::move(*message));
  if (!pushed) {
    broken(pushed.error().message);
    return false;
  }
  return true;
}

void Connection::broken(const std::string& why) {
  writer_.reset();
  socket_.reset();
  // May destroy this object: nothing may follow.
  auto on_broken = std::move(on_broken_);
  on_broken(why);
}

}  // namespace tongke::pipeline
