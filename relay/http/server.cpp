#include "relay/http/server.hpp"

#include <utility>

#include "base/glib/tls.hpp"
#include "relay/http/listener.hpp"
#include "relay/http/shared.hpp"
#include "relay/http/worker.hpp"

namespace tongke::relay::http {
namespace {

class Door final : public Server {
 public:
  Door(std::shared_ptr<Shared> shared, Listeners listeners)
      : shared_(std::move(shared)), port_(listeners.port) {
    for (auto& socket : listeners.sockets) {
      workers_.push_back(std::make_unique<Worker>(shared_, workers_.size(), std::move(socket)));
    }
  }
  ~Door() override { stop(std::chrono::milliseconds(0)); }

  void route(std::string_view method, std::string_view pattern, Where where, Handler handler) override {
    shared_->router.add(method, pattern, where, std::move(handler));
  }

  [[nodiscard]] std::vector<RouteName> routes() const override { return shared_->router.names(); }

  void start() override {
    started_ = true;
    for (auto& worker : workers_) worker->start();
  }

  void stop(std::chrono::milliseconds deadline) override {
    if (!std::exchange(started_, false)) return;
    const auto until = base::Steady::now() + deadline;
    std::vector<std::future<void>> drained;
    for (auto& worker : workers_) drained.push_back(worker->begin_drain());
    for (auto& future : drained) future.wait_until(until);
    for (auto& worker : workers_) worker->stop();
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] std::size_t workers() const override { return workers_.size(); }
  [[nodiscard]] base::Executor& worker(std::size_t index) override { return workers_.at(index)->executor(); }

 private:
  std::shared_ptr<Shared> shared_;
  std::uint16_t port_;
  std::vector<std::unique_ptr<Worker>> workers_;
  bool started_ = false;
};

}  // namespace

Metrics Metrics::create() {
  namespace metrics = base::metrics;
  const auto by_class = [](const char* name) {
    return &metrics::counter("tongke_http_requests_total", "Requests answered, by status class",
                             {{"class", name}});
  };
  return {
      metrics::gauge("tongke_http_connections_open", "HTTP connections open now"),
      metrics::counter("tongke_http_connections_total", "HTTP connections accepted"),
      metrics::counter("tongke_http_connections_refused_total",
                       "HTTP connections refused: too many, or no descriptors"),
      metrics::counter("tongke_http_requests_aborted_total",
                       "Requests whose client went away before the answer was out"),
      metrics::counter("tongke_http_requests_timed_out_total", "Requests ended by a deadline of ours"),
      metrics::counter("tongke_http_sent_bytes_total", "Bytes sent in answers, heads included"),
      {by_class("1xx"), by_class("1xx"), by_class("2xx"), by_class("3xx"), by_class("4xx"), by_class("5xx")},
  };
}

base::Result<std::unique_ptr<Server>> Server::create(const ServerSettings& settings,
                                                     base::Executor& control) {
  if (settings.workers == 0) return base::Error{base::Errc::invalid, "at least one worker", "workers"};
  auto shared = std::make_shared<Shared>(settings, control);
  if (!settings.tls_certificate.empty()) {
    auto certificate = base::glib::load_certificate(settings.tls_certificate, settings.tls_key);
    if (!certificate) return std::move(certificate).error();
    shared->certificate = std::move(*certificate);
  }
  auto listeners = listen_on(settings.address, settings.port, settings.workers);
  if (!listeners) return std::move(listeners).error();
  return std::unique_ptr<Server>(std::make_unique<Door>(std::move(shared), std::move(*listeners)));
}

}  // namespace tongke::relay::http
