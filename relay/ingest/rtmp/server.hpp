#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "relay/ingest/counters.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/ingest/rtmp/connection.hpp"
#include "relay/ingest/socket_address.hpp"

namespace tongke::relay::ingest::rtmp {

struct ServerSettings {
  std::size_t max_connections = 512;  ///< more are closed at once and counted
  SessionSettings session;
  Deadlines deadlines;
};

/// With a certificate, RTMPS: RTMP within TLS from the first byte.
using Certificate = base::glib::Handle<GTlsCertificate>;

/// The RTMP door: takes publishers in and hands their media to the intake as FLV tags.
/// The file header is pushed first (slot 0), then metadata (1), video (2) and audio (3)
/// configuration as they come.
/// @thread the one that runs `loop` (control), for all of it
class Server {
 public:
  /// Listens at once. `intake` must outlive the server.
  /// @errors invalid (address), io (port taken)
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> create(const std::string& address,
                                                                    std::uint16_t port, GMainContext* loop,
                                                                    Intake& intake,
                                                                    ServerSettings settings = {},
                                                                    Certificate certificate = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port; }
  [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

  /// Stops listening and tells every publisher that the server goes. `done` is called on
  /// the loop when the last one has left, at most the goodbye deadline later. Destroying
  /// the server closes at once: what was not read by then is lost to the peer.
  void stop(std::function<void()> done = {});

 private:
  Server(Listener listener, GMainContext* loop, Intake& intake, ServerSettings settings,
         Certificate certificate);

  void accept_all();
  void listen_again();
  void admit(base::Fd socket, const SocketAddress& peer);
  void tick();

  Listener listener_;
  GMainContext* const loop_;
  const ServerSettings settings_;
  const Certificate certificate_;
  const Counters counters_;
  std::vector<std::uint8_t> buffer_;
  Connection::Context context_;
  std::list<std::unique_ptr<Connection>> connections_;
  base::glib::FdWatch acceptable_;
  base::glib::Timer ticker_;  ///< runs only while it has something to look after
  std::function<void()> on_stopped_;
};

}  // namespace tongke::relay::ingest::rtmp
