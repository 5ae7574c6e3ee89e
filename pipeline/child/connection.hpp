#pragma once

#include <functional>
#include <string>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "pipeline/wire/codec.hpp"
#include "pipeline/wire/outbox.hpp"

namespace tongke::pipeline {

/// Our end of the socketpair to one child: messages out through a bounded queue, messages
/// in through a callback.  @thread the context's
class Connection {
 public:
  using OnMessage = std::function<void(wire::Message)>;
  /// The stream is over: the child closed it, broke the protocol, or stopped reading. Called once.
  using OnBroken = std::function<void(const std::string& why)>;

  /// What may wait for a child that reads too slowly: about ten seconds of a generous stream.
  /// Beyond it the child counts as hung.
  static constexpr std::size_t kMaxQueuedBytes = 8U << 20U;

  Connection(GMainContext* context, base::Fd socket, OnMessage on_message, OnBroken on_broken);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Queues and writes what the socket takes. Does nothing once broken.
  void send(const wire::Message& message);
  /// Bytes that wait for the child.
  [[nodiscard]] std::size_t waiting() const noexcept { return output_.bytes(); }

 private:
  bool readable();
  /// Writes until done (true) or the socket is full (false).
  bool flush();
  void broken(const std::string& why);

  GMainContext* context_;
  base::Fd socket_;
  OnMessage on_message_;
  OnBroken on_broken_;
  wire::Decoder decoder_;
  wire::Outbox output_;
  base::glib::FdWatch reader_;
  base::glib::FdWatch writer_;
};

}  // namespace tongke::pipeline
