#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/executor.hpp"
#include "base/glib/handle.hpp"
#include "base/metrics.hpp"
#include "relay/http/router.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http {

/// What the door counts, over all workers.
struct Metrics {
  base::metrics::Gauge& open;
  base::metrics::Counter& accepted;
  base::metrics::Counter& refused;
  base::metrics::Counter& aborted;
  base::metrics::Counter& timed_out;
  base::metrics::Counter& bytes_sent;
  /// By status class: [2] is 2xx.
  std::array<base::metrics::Counter*, 6> requests;

  static Metrics create();
};

/// What all workers of a server share. Filled before they start.
struct Shared {
  Shared(const ServerSettings& with, base::Executor& on) : settings(with), control(on) {}

  const ServerSettings settings;
  base::Executor& control;
  Router router;
  base::glib::Handle<GTlsCertificate> certificate;
  Metrics metrics = Metrics::create();
  std::atomic<std::size_t> connections{0};
};

}  // namespace tongke::relay::http
