#include "pipeline/wire/outbox.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace tongke::pipeline::wire {
namespace {

constexpr std::size_t kBatch = 32;  // messages per sendmsg: two pieces each

}  // namespace

void Outbox::add(const Message& message) {
  queue_.push_back(encode(message));
  bytes_ += queue_.back().size();
}

void Outbox::clear() {
  queue_.clear();
  bytes_ = front_written_ = 0;
}

Outbox::Outcome Outbox::write(int socket) {
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
    const ssize_t sent = ::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return Outcome::full;
      clear();
      return Outcome::gone;
    }
    front_written_ += static_cast<std::size_t>(sent);
    while (!queue_.empty() && front_written_ >= queue_.front().size()) {
      front_written_ -= queue_.front().size();
      bytes_ -= queue_.front().size();
      queue_.pop_front();
    }
  }
  return Outcome::written;
}

}  // namespace tongke::pipeline::wire
