#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

#include "base/result.hpp"

namespace tongke::relay::bench {

/// What a process has used so far, all its threads counted.
struct ProcessCost {
  std::chrono::duration<double> cpu{0};  ///< user and system
  std::uint64_t resident_bytes = 0;
};

/// @errors not_found   @source proc(5), /proc/pid/stat
[[nodiscard]] base::Result<ProcessCost> process_cost(pid_t pid);

}  // namespace tongke::relay::bench
