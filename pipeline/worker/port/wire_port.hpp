#pragma once

#include <functional>
#include <string>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "pipeline/wire/codec.hpp"
#include "pipeline/wire/outbox.hpp"

namespace tongke::pipeline::worker::port {

/// The child's end of the socketpair. When the relay reads too slowly, output queues up to
/// a bound; past it no more input is read, so the pressure goes back to the relay, which
/// decides what to drop.  @thread the main loop's
class WirePort {
 public:
  struct Handler {
    std::function<void(wire::Message)> on_message;
    /// The relay is gone, or speaks nonsense (then `reason` says so).
    std::function<void(const std::string& reason)> on_closed;
  };

  WirePort(GMainContext* context, base::Fd socket, Handler handler);

  void send(const wire::Message& message);

  /// Writes what is queued, waiting for the relay until the deadline.
  void flush(std::chrono::milliseconds deadline);

  /// Stops reading: nothing more is wanted.
  void stop_reading() {
    wants_input_ = false;
    watch();
  }

 private:
  bool read_some();
  void write_some();
  void watch();

  GMainContext* context_;
  base::Fd socket_;
  Handler handler_;
  wire::Decoder decoder_;
  wire::Outbox output_;
  bool wants_input_ = true;
  bool reading_ = false;
  base::glib::FdWatch reader_;
  base::glib::FdWatch writer_;
};

}  // namespace tongke::pipeline::worker::port
