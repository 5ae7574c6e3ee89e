#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "relay/http/channel.hpp"
#include "relay/http/connection.hpp"
#include "relay/http/file_reader.hpp"
#include "relay/http/shared.hpp"

namespace tongke::relay::http {

/// One thread of the door: its listening socket and its connections.
class Worker {
 public:
  Worker(std::shared_ptr<Shared> shared, std::size_t index, base::Fd listener);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// @thread the server's owner, once
  void start();
  /// Stops accepting and drops idle connections.  @return ready once the last one is gone
  std::future<void> begin_drain();
  /// Ends what is left and joins.
  void stop();

  [[nodiscard]] base::Executor& executor() noexcept { return loop_; }

  // For its connections, on its thread.
  [[nodiscard]] Shared& shared() noexcept { return *shared_; }
  [[nodiscard]] const std::shared_ptr<Outbox>& outbox() const noexcept { return outbox_; }
  [[nodiscard]] FileReader& files() noexcept { return files_; }
  [[nodiscard]] Poller& poller() noexcept { return poller_; }
  [[nodiscard]] std::size_t index() const noexcept { return index_; }
  [[nodiscard]] bool draining() const noexcept { return draining_; }
  /// The Date header's value now.
  [[nodiscard]] const std::string& date();
  /// Gives the route's handler the request, here or on control.
  void dispatch(const std::shared_ptr<Responder::Impl>& exchange, const Router::Route& route,
                Responder responder);
  /// Forgets a connection; it dies once nothing on the stack can refer to it.
  void release(const std::shared_ptr<Connection>& connection);

 private:
  bool accept_some();
  void adopt_socket(base::Fd fd, std::shared_ptr<const std::string> peer);
  void shed_load();
  void refuse(base::Fd fd);
  void tick();
  void settle_drain();

  std::shared_ptr<Shared> shared_;
  std::size_t index_;
  base::glib::MainLoop loop_;
  base::Fd listener_;
  base::Fd spare_;  ///< given up to accept-and-close when descriptors have run out
  Poller poller_;
  std::shared_ptr<Outbox> outbox_;
  FileReader files_;
  base::glib::FdWatch accepting_;
  base::glib::Timer ticking_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::string date_;
  std::chrono::seconds date_of_{0};
  std::promise<void> drained_;
  bool draining_ = false;
  bool drain_settled_ = false;
  std::jthread thread_;
};

}  // namespace tongke::relay::http
