#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tongke::relay::bench {

struct WhepLoadOptions {
  std::string url;
  std::vector<std::string> tokens;  ///< for `Authorization: Bearer`, taken in turn; may be empty
  std::size_t viewers = 1;
  std::chrono::duration<double> ramp{1};      ///< the POSTs are spread over this
  std::chrono::duration<double> seconds{10};  ///< measured after the last of them
  pid_t pid = 0;                              ///< server whose CPU and memory to read; 0 = none
  bool gro = false;
};

/// Lets that many viewers join, watches, and reports: connected and failed, times from the POST
/// to the first packet and keyframe, loss, jitter and rate in the window after the ramp, and
/// the server's cost in the same window.
/// @thread the caller's and a few of its own; returns when all is over
/// @errors invalid; unavailable: nobody could join
[[nodiscard]] base::Result<nlohmann::json> run_whep_load(const WhepLoadOptions& options);

}  // namespace tongke::relay::bench
