#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

namespace tongke::base::metrics {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Labels;

/// The process's registry, served at /metrics.  @thread any
[[nodiscard]] prometheus::Registry& registry();

/// A counter or gauge by name and labels; the same one for the same pair, for ever, so
/// keep the reference instead of asking again in a hot path. Names start "tongke_".
/// @thread any
[[nodiscard]] Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
[[nodiscard]] Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});

/// Everything in Prometheus text format 0.0.4.  @thread any
[[nodiscard]] std::string exposition();

}  // namespace tongke::base::metrics
