#pragma once

#include <string>

#include "base/metrics.hpp"

namespace tongke::relay::ingest {

/// What every ingest protocol counts, by protocol label.  @thread any
struct Counters {
  base::metrics::Gauge& connections;   ///< open now, publishing or not
  base::metrics::Counter& publishers;  ///< accepted by the intake
  base::metrics::Counter& refused;     ///< turned away: full, wrong key, not a publisher
  base::metrics::Counter& malformed;   ///< broke the protocol and were closed
  base::metrics::Counter& timeouts;    ///< missed a deadline
  base::metrics::Counter& bytes;       ///< received
  base::metrics::Counter& dropped;     ///< bytes received and thrown away because a queue was full
};

[[nodiscard]] inline Counters counters(const std::string& protocol) {
  using base::metrics::counter;
  const base::metrics::Labels by{{"protocol", protocol}};
  return {
      .connections = base::metrics::gauge("tongke_ingest_connections", "Open ingest connections.", by),
      .publishers = counter("tongke_ingest_publishers_total", "Publishers accepted.", by),
      .refused = counter("tongke_ingest_refused_total", "Ingest connections refused.", by),
      .malformed =
          counter("tongke_ingest_malformed_total", "Ingest connections closed for a protocol error.", by),
      .timeouts = counter("tongke_ingest_timeouts_total", "Ingest connections closed for silence.", by),
      .bytes = counter("tongke_ingest_bytes_total", "Bytes received from publishers.", by),
      .dropped =
          counter("tongke_ingest_dropped_bytes_total", "Received bytes thrown away at a full queue.", by),
  };
}

}  // namespace tongke::relay::ingest
