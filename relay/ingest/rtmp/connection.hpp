#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "relay/ingest/counters.hpp"
#include "relay/ingest/rtmp/line.hpp"
#include "relay/ingest/rtmp/session.hpp"

namespace tongke::relay::ingest::rtmp {

struct Deadlines {
  std::chrono::milliseconds publish{10'000};  ///< from accept to an accepted `publish`
  std::chrono::milliseconds ping{5'000};      ///< silence after which the peer is pinged
  std::chrono::milliseconds idle{15'000};     ///< silence after which it counts as gone
  std::chrono::milliseconds goodbye{2'000};   ///< to take our last words before we close
};

/// A session on its socket: non-blocking reads and writes, deadlines, orderly closing.
/// @thread control
class Connection {
 public:
  /// What all connections of a server share. `buffer` is where bytes are received to.
  struct Context {
    GMainContext* loop;
    Intake& intake;
    const Counters& counters;
    const SessionSettings& session;
    const Deadlines& deadlines;
    std::span<std::uint8_t> buffer;
  };

  /// @param on_closed called once, as the last thing the connection does: it may destroy it
  /// @param tls  a connection over `socket`, or null
  Connection(const Context& context, base::Fd socket, base::glib::Handle<GIOStream> tls, std::string peer,
             std::function<void()> on_closed);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Looks at the deadlines; call it about every second. May call on_closed.
  void tick(base::Steady::time_point now);

  /// Tells a publisher that the server goes and lets it leave; closes all others at once.
  /// May call on_closed.
  void shut_down();

 private:
  enum class State { open, closed };

  void on_ready();
  [[nodiscard]] State read();
  [[nodiscard]] State flush();
  void close();

  const Context context_;
  const std::string peer_;
  std::function<void()> on_closed_;
  Line line_;
  Session session_;
  bool expects_media_ = false;

  base::Steady::time_point accepted_;
  base::Steady::time_point heard_;
  base::Steady::time_point pinged_;
  base::Steady::time_point ended_{};  ///< when the last words were sent; zero before
};

}  // namespace tongke::relay::ingest::rtmp
