#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/result.hpp"

/// The one HTTP door: N worker threads, each with its own SO_REUSEPORT listener and
/// GMainContext. Media is answered where it arrives; what touches lessons or the store is
/// posted to the control thread and its answer posted back.
namespace tongke::relay::http {

/// A request being answered. Valid until its Responder has sent.
class Request {
 public:
  virtual ~Request() = default;
  [[nodiscard]] virtual std::string_view method() const = 0;
  /// Percent-decoded once, normalised, never containing "..".
  [[nodiscard]] virtual std::string_view path() const = 0;
  /// Value of a `{name}` of the route's pattern.
  [[nodiscard]] virtual std::string_view param(std::string_view name) const = 0;
  /// Decoded query parameter; the first one if repeated.
  [[nodiscard]] virtual std::optional<std::string> query(std::string_view name) const = 0;
  [[nodiscard]] virtual std::optional<std::string_view> header(std::string_view name) const = 0;
  [[nodiscard]] virtual base::ByteView body() const = 0;
  /// When its head was there; the body may have taken long.
  [[nodiscard]] virtual base::WallTime arrived() const = 0;
  /// Address of the peer, without port.
  [[nodiscard]] virtual std::string_view peer() const = 0;
  /// Which worker thread it arrived at: index for Server::worker().
  [[nodiscard]] virtual std::size_t worker() const = 0;
};

struct Response {
  int status = 200;
  std::string content_type = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// Sent one after the other, without copying.
  std::vector<base::SharedBytes> body = {};
  /// Sent instead of `body` when not empty: a file, read in pieces off the worker thread,
  /// with Range, ETag and HEAD handled. What is not a readable regular file answers 404.
  std::string file = {};
};
// Of any 200: an "ETag" header of the handler's makes If-None-Match work, "Accept-Ranges: bytes"
// makes Range work.

/// The one way to answer; send() may come later and from any thread. Destroying it unused
/// answers 500. After the client has gone away, send() does nothing.
class Responder {
 public:
  class Impl;
  explicit Responder(std::shared_ptr<Impl> impl);
  Responder(Responder&&) noexcept;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();

  void send(Response response);
  /// Problem JSON {"error":{"code","message","field"?}} with the status that fits the kind.
  void fail(const base::Error& error);
  /// True once the client has gone: long waits may be given up.  @thread any
  [[nodiscard]] bool aborted() const noexcept;

 private:
  std::shared_ptr<Impl> impl_;
};

/// Handlers take shared ownership of the request when they answer later.
using Handler = std::function<void(std::shared_ptr<const Request>, Responder)>;
enum class Where { worker, control };

/// A route by what it answers.
struct RouteName {
  std::string method;
  std::string pattern;

  friend auto operator<=>(const RouteName&, const RouteName&) = default;
};

struct ServerSettings {
  std::string address = "::";  ///< "::" serves IPv4 too
  std::uint16_t port = 8080;   ///< 0 picks a free one
  std::size_t workers = 2;
  std::string tls_certificate = {};  ///< PEM path; empty = plain HTTP
  std::string tls_key = {};
  std::size_t max_connections = 16384;  ///< over all workers; more are refused with 503 and counted
  std::size_t max_body_bytes = 1U << 20U;
  std::chrono::milliseconds idle_timeout{75'000};     ///< keep-alive connections without a request
  std::chrono::milliseconds request_timeout{30'000};  ///< from a request's first byte to its last
  std::chrono::milliseconds stall_timeout{30'000};    ///< a client that takes nothing of its answer
  std::chrono::milliseconds control_deadline{
      30'000};                ///< a control handler that has not answered by then: 503
  bool log_requests = false;  ///< one debug line each; even building it costs, so set it at debug level only
};

class Server {
 public:
  /// Binds at once, so that a taken port is an error here; serves after start().
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> create(const ServerSettings& settings,
                                                                    base::Executor& control);
  virtual ~Server() = default;

  /// Adds a route; the most specific pattern wins. "{name}" matches one path element,
  /// "{name...}" the rest. HEAD is answered from GET; OPTIONS from the routes; a known path
  /// with another method is 405.  Before start() only.
  virtual void route(std::string_view method, std::string_view pattern, Where where, Handler handler) = 0;

  /// All routes added so far.
  [[nodiscard]] virtual std::vector<RouteName> routes() const = 0;

  virtual void start() = 0;
  /// Stops accepting, finishes running answers until `deadline`, closes and joins.
  virtual void stop(std::chrono::milliseconds deadline) = 0;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::size_t workers() const = 0;
  /// The worker's own thread, for objects that live there (blocked playlist polls).
  [[nodiscard]] virtual base::Executor& worker(std::size_t index) = 0;
};

/// Problem JSON for an error, and the status that fits its kind.
[[nodiscard]] Response problem(const base::Error& error);
/// The same for a status that no kind of error stands for.
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view message,
                               std::string_view field = {});
/// 403 for a link that plays on as many devices as it may; says what to do about it.
[[nodiscard]] Response third_device();

}  // namespace tongke::relay::http
