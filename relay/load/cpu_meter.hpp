#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongke::relay::load {

/// What the CPUs of the machine have done since it started, in ticks of all of them together.
struct CpuTimes {
  std::uint64_t busy = 0;
  std::uint64_t all = 0;
};

/// @param text  of /proc/stat
/// @source proc(5): the line "cpu"; time taken by the host of a virtual machine counts as busy, it is not
/// ours to use
[[nodiscard]] std::optional<CpuTimes> parse_cpu_times(std::string_view text);

/// Percent of all CPUs together.
struct CpuUse {
  double machine = 0;  ///< whatever runs on it
  double own = 0;      ///< this process, without its children
};

/// How busy the whole machine was between two looks, and what of it was this process. Neither the load
/// average (it counts who waits for a disk) nor the pressure of /proc/pressure/cpu (encoders at a low
/// priority press each other while all is well) says that.
class CpuMeter {
 public:
  explicit CpuMeter(std::string file = "/proc/stat") : file_(std::move(file)) {}

  /// Since the last call; nothing at the first, or where it cannot be read. Takes some 50 µs.
  [[nodiscard]] std::optional<CpuUse> sample();

 private:
  std::string file_;
  std::optional<CpuTimes> before_;
  double own_before_ = 0;  ///< ticks
};

}  // namespace tongke::relay::load
