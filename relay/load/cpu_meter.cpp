#include "relay/load/cpu_meter.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace tongke::relay::load {

std::optional<CpuTimes> parse_cpu_times(std::string_view text) {
  if (!text.starts_with("cpu ")) return std::nullopt;
  std::istringstream fields{std::string(text.substr(4, text.find('\n')))};
  // user, nice, system, idle, iowait, irq, softirq, steal; guests are within user and nice.
  std::array<std::uint64_t, 8> ticks{};
  for (auto& each : ticks) {
    if (!(fields >> each)) return std::nullopt;
  }
  CpuTimes times;
  for (const auto each : ticks) times.all += each;
  times.busy = times.all - ticks[3] - ticks[4];
  return times;
}

std::optional<double> CpuMeter::sample() {
  std::ifstream in(file_);
  std::string line;
  std::getline(in, line);
  const auto now = parse_cpu_times(line);
  const auto before = std::exchange(before_, now);
  if (!now || !before || now->all <= before->all || now->busy < before->busy) return std::nullopt;
  return 100.0 * static_cast<double>(now->busy - before->busy) / static_cast<double>(now->all - before->all);
}

}  // namespace tongke::relay::load
