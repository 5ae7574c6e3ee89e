#include "relay/load/cpu_meter.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace tongke::relay::load {
namespace {

double own_ticks() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

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

std::optional<CpuUse> CpuMeter::sample() {
  std::ifstream in(file_);
  std::string line;
  std::getline(in, line);
  const auto now = parse_cpu_times(line);
  const auto before = std::exchange(before_, now);
  const double own = own_ticks();
  const double own_before = std::exchange(own_before_, own);
  if (!now || !before || now->all <= before->all || now->busy < before->busy) return std::nullopt;
  const auto percent = [&](double ticks) {
    return 100 * ticks / static_cast<double>(now->all - before->all);
  };
  return CpuUse{.machine = percent(static_cast<double>(now->busy - before->busy)),
                .own = percent(own - own_before)};
}

}  // namespace tongke::relay::load
