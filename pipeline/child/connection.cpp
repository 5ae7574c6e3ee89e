#include "pipeline/child/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tongke::pipeline {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

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
  output_.add(message);
  if (output_.bytes() > kMaxQueuedBytes) {
    // Not from inside the caller's push: it may be iterating over what broken() tears down.
    output_.clear();
    ::shutdown(socket_.get(), SHUT_RDWR);
    return;
  }
  if (writer_ || flush()) return;
  writer_ = base::glib::FdWatch(context_, socket_.get(), G_IO_OUT, [this](GIOCondition) {
    if (!flush()) return true;
    writer_.reset();
    return false;
  });
}

// A child that is gone is reported by the read side, after what it still managed to say.
bool Connection::flush() { return output_.write(socket_.get()) != wire::Outbox::Outcome::full; }

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
