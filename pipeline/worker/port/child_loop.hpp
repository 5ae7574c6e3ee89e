#pragma once

#include <functional>
#include <string>

#include "base/glib/main_loop.hpp"
#include "pipeline/worker/port/wire_port.hpp"

namespace tongke::pipeline::worker::port {

/// A child's main loop with its line to the relay, on the descriptor it was started with. Ends when
/// somebody quits, or by itself when the relay is gone or speaks nonsense.  @thread the main thread
class ChildLoop {
 public:
  /// @param on_message  not called once it is over
  explicit ChildLoop(std::function<void(wire::Message)> on_message);

  /// Until it is over; then what is queued has a moment to be read.
  /// @return the process's exit code
  int run();

  [[nodiscard]] base::glib::MainLoop& loop() noexcept { return loop_; }
  void send(const wire::Message& message) { port_.send(message); }
  /// The relay has said what it may not say now.
  void broken(const std::string& reason);
  void quit(int code);
  /// Timers may still fire in the round in which it ended.
  [[nodiscard]] bool over() const noexcept { return over_; }

 private:
  base::glib::MainLoop loop_;
  WirePort port_;
  bool over_ = false;
  int exit_code_ = 0;
};

}  // namespace tongke::pipeline::worker::port
