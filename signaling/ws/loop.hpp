#pragma once

#include <ev.h>
#include <libwebsockets.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/fd.hpp"
#include "base/queue.hpp"
#include "signaling/hub.hpp"
#include "signaling/ws/service.hpp"

namespace tongke::signaling::ws {

/// One websocket connection, as libwebsockets' callbacks see it.
struct Socket {
  lws* wsi = nullptr;
  ConnectionId id = 0;
  base::Steady::time_point heard;
  bool asked = false;   ///< since it was heard
  std::string partial;  ///< of a frame that came in pieces
  bool over_long = false;
  std::vector<protocol::FramePtr> queue;
  std::size_t sent = 0;  ///< of `queue`
  std::size_t bytes = 0;
  std::optional<protocol::Close> closing;

  void hear(base::Steady::time_point at) {
    heard = at;
    asked = false;
  }
};

/// Deletes C handles of libwebsockets and libev.
struct Release {
  void operator()(lws_context* context) const noexcept { lws_context_destroy(context); }
  void operator()(struct ev_loop* loop) const noexcept { ev_loop_destroy(loop); }
};

/// libwebsockets' context and the sockets of all clients.
/// @thread that of run(), except where said
class Loop final : private Outbox {
 public:
  using Task = std::function<void(Hub&, const Instant&)>;
  /// Frames and bytes one client may be behind; frames are shared, so this costs 16 bytes each.
  /// Beyond it the client is closed as `slow` and resumes.
  static constexpr std::size_t kMaxQueuedFrames = 1024;
  static constexpr std::size_t kMaxQueuedBytes = 512U << 10U;
  static constexpr std::size_t kMaxTasks = 1U << 16U;

  [[nodiscard]] static base::Result<std::unique_ptr<Loop>> create(const Service::Options& options,
                                                                  const Service::Ports& ports);
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Serves until stop().
  void run();
  /// @thread any
  void stop(std::chrono::milliseconds patience);
  /// Runs `task` soon.  @return false: dropped and counted, as kMaxTasks wait   @thread any
  bool post(Task task);
  /// Runs `task` at the next tick.  @return as post   @thread any
  bool post_lazily(Task task);

 private:
  Loop(const Service::Options& options, const Service::Ports& ports);

  void send(ConnectionId to, const protocol::FramePtr& frame) override;
  void close(ConnectionId connection, protocol::Close reason) override;

  // ---- libwebsockets' callbacks ----
  static int on_signal(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                       std::size_t length) noexcept;
  static int on_other(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                      std::size_t length) noexcept;
  struct Timer {
    lws_sorted_usec_list_t list{};
    Loop* loop = nullptr;
  };
  static void on_tick(lws_sorted_usec_list_t* list) noexcept;

  [[nodiscard]] bool admits(lws* wsi) const;
  void established(lws* wsi, Socket** slot);
  void receive(Socket& socket, std::string_view piece, bool whole, bool binary);
  /// @return whether the connection goes on
  [[nodiscard]] bool write(Socket& socket);
  void closed(const Socket& socket);
  /// Asks whom nothing was heard of for long, and cuts off who does not answer. libwebsockets
  /// would, too, by timers in a list: each frame heard walks it past all other clients.
  void look_for_silent(base::Steady::time_point now);
  void run_tasks();
  void dismiss();

  Hub hub_;
  /// libwebsockets' own loop asks poll() about every client for each frame; this one epoll.
  std::unique_ptr<struct ev_loop, Release> loop_;
  std::unique_ptr<lws_context, Release> context_;
  std::uint16_t port_ = 0;
  const Service::Options options_;
  ConnectionId next_id_ = 1;
  std::unordered_map<ConnectionId, std::unique_ptr<Socket>> sockets_;
  Timer timer_;
  base::Steady::time_point looked_{};

  base::BoundedQueue<Task> tasks_;
  base::Fd wake_;  ///< an eventfd: readable while posted tasks wait
  std::atomic<bool> woken_{false};
  std::atomic<std::int64_t> stop_after_ms_{-1};  ///< patience; < 0 = not stopping
};

}  // namespace tongke::signaling::ws
