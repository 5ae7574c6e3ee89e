#pragma once

#include <deque>

#include "pipeline/wire/codec.hpp"

namespace tongke::pipeline::wire {

/// Messages on their way into one end of the socketpair, many per system call.
/// @thread one at a time
class Outbox {
 public:
  enum class Outcome : std::uint8_t {
    written,  ///< nothing waits any more
    full,     ///< the socket takes no more now
    gone,     ///< the peer is away; what waited is dropped
  };

  void add(const Message& message);
  /// Writes what the socket takes, without blocking.
  [[nodiscard]] Outcome write(int socket);
  void clear();

  [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }
  /// Bytes of the messages not wholly written.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  std::deque<Encoded> queue_;
  std::size_t bytes_ = 0;
  std::size_t front_written_ = 0;
};

}  // namespace tongke::pipeline::wire
