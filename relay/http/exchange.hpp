#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/executor.hpp"
#include "base/guarded.hpp"
#include "relay/http/request_head.hpp"
#include "relay/http/router.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http {

class Connection;

/// The way for answers into a worker's thread: one wake-up for as many as come while it is
/// busy. Outlives its worker, for Responders that do.
class Outbox {
 public:
  using Item = std::pair<std::shared_ptr<Responder::Impl>, Response>;
  using Deliver = std::function<void(Responder::Impl&, Response)>;

  /// @param deliver  called on the worker's thread, until close()
  Outbox(base::Executor& loop, Deliver deliver) : loop_(&loop), deliver_(std::move(deliver)) {}

  /// Delivers at once when called on the worker's thread.  @thread any
  static void send(const std::shared_ptr<Outbox>& outbox, std::shared_ptr<Responder::Impl> exchange,
                   Response response);
  /// Calls `task` on the worker's thread; after close(), never.  @thread any
  static void post(const std::shared_ptr<Outbox>& outbox, std::function<void()> task);

  /// Names the worker's thread.  @thread the worker's
  void open() { thread_ = std::this_thread::get_id(); }
  /// @thread the worker's
  void close();

 private:
  struct Pending {
    std::vector<Item> items;
    bool closed = false;
  };
  void drain();

  base::Executor* loop_;
  Deliver deliver_;
  std::atomic<std::thread::id> thread_;
  base::Guarded<Pending> pending_;
};

/// A request and the one answer to it. Owns all that handlers on other threads may read.
class Responder::Impl final : public Request {
 public:
  Impl(std::string head_text, std::shared_ptr<const std::string> peer, std::size_t worker,
       std::shared_ptr<Outbox> outbox);
  Impl(const Impl&) = delete;  // head() looks into its own text
  Impl& operator=(const Impl&) = delete;

  /// Parses the head. Everything below but the body is there afterwards.
  [[nodiscard]] std::optional<BadRequest> parse();
  [[nodiscard]] const RequestHead& head() const noexcept { return head_; }
  /// The body, until a handler sees it.
  [[nodiscard]] std::string& body_text() noexcept { return body_; }
  /// Decodes path and query.
  [[nodiscard]] base::Result<void> resolve_target();

  [[nodiscard]] std::string_view method() const override { return head_.method; }
  [[nodiscard]] std::string_view path() const override { return path_; }
  [[nodiscard]] std::string_view param(std::string_view name) const override;
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const override;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const override;
  [[nodiscard]] base::ByteView body() const override { return base::as_bytes(body_); }
  [[nodiscard]] base::WallTime arrived() const override { return arrived_; }
  [[nodiscard]] std::string_view peer() const override { return *peer_; }
  [[nodiscard]] std::size_t worker() const override { return worker_; }

  /// Before a handler sees it: `match` looked up by this request's own path().
  void set_match(Router::Match match) { match_ = std::move(match); }

  /// True the first time.  @thread any
  bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }
  [[nodiscard]] bool claimed() const noexcept { return claimed_.load(std::memory_order_acquire); }
  void set_aborted() noexcept { aborted_.store(true, std::memory_order_release); }
  [[nodiscard]] bool aborted() const noexcept { return aborted_.load(std::memory_order_acquire); }
  [[nodiscard]] const std::shared_ptr<Outbox>& outbox() const noexcept { return outbox_; }

  /// Where the answer goes; null once the connection is gone or the answer complete.
  /// @thread the worker's
  Connection* connection = nullptr;

 private:
  const std::string text_;
  const base::WallTime arrived_ = base::wall_now();
  RequestHead head_;
  std::string path_;
  std::string body_;
  std::shared_ptr<const std::string> peer_;
  std::size_t worker_;
  Router::Match match_;
  std::shared_ptr<Outbox> outbox_;
  std::atomic<bool> claimed_{false};
  std::atomic<bool> aborted_{false};
};

}  // namespace tongke::relay::http
