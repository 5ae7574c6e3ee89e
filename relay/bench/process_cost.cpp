#include "relay/bench/process_cost.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace tongke::relay::bench {

base::Result<ProcessCost> process_cost(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return base::Error{base::Errc::not_found, "no such process", "pid"};
  // The name in parentheses may hold anything; what follows it is counted from field 3.
  std::istringstream words(line.substr(line.rfind(')') + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
  constexpr std::size_t kUserTime = 14 - 3;
  constexpr std::size_t kResidentPages = 24 - 3;
  if (fields.size() <= kResidentPages) return base::Error{base::Errc::internal, "/proc/pid/stat is short"};
  const double ticks = std::stod(fields[kUserTime]) + std::stod(fields[kUserTime + 1]);
  return ProcessCost{.cpu = std::chrono::duration<double>(ticks / static_cast<double>(sysconf(_SC_CLK_TCK))),
                     .resident_bytes = std::stoull(fields[kResidentPages]) *
                                       static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

}  // namespace tongke::relay::bench
