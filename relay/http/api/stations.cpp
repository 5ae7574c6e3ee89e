#include "relay/http/api/stations.hpp"

#include <algorithm>

#include "base/metrics.hpp"

namespace tongke::relay::http::api {
namespace {

using namespace std::chrono_literals;

struct Metrics {
  base::metrics::Gauge& watched = base::metrics::gauge("tongke_channels", "Channels that somebody watches");
  base::metrics::Counter& refused = base::metrics::counter(
      "tongke_channels_refused_total", "Requests for a channel when too many were being watched");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

/// As a stretch of a lesson may be: up to 6/5 of two segments.
std::chrono::seconds target_of(std::chrono::milliseconds segment) {
  return std::max(channel::kRestPiece, std::chrono::ceil<std::chrono::seconds>(2 * segment * 6 / 5));
}

/// Numbers rise by less than one a second, so a station that is made anew, be it after a restart, begins
/// above what it had before. From 2024 on they last a life in the 31 bits of old players.
std::uint32_t first_number(base::WallTime wall) {
  constexpr std::chrono::sys_days kBegin = std::chrono::year(2024) / 1 / 1;
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(wall - kBegin).count());
}

}  // namespace

Stations::Stations(std::chrono::milliseconds segment) : target_(target_of(segment)) {}

Stations::Station* Stations::at(std::string_view address, base::Steady::time_point now, base::WallTime wall) {
  forget_unheard(now);
  auto found = stations_.find(address);
  if (found == stations_.end()) {
    if (stations_.size() >= kMost) {
      metrics().refused.Increment();
      return nullptr;
    }
    Station made{.channel = {first_number(wall), target_}, .lesson = nullptr, .token = {}};
    found = stations_.emplace(address, std::move(made)).first;
    metrics().watched.Set(static_cast<double>(stations_.size()));
  }
  found->second.heard = now;
  return &found->second;
}

void Stations::forget_unheard(base::Steady::time_point now) {
  if (now - looked_ < 10s) return;
  looked_ = now;
  std::erase_if(stations_, [&](const auto& entry) { return now - entry.second.heard > kForgotten; });
  metrics().watched.Set(static_cast<double>(stations_.size()));
}

}  // namespace tongke::relay::http::api
