#include <cstdlib>

#include "base/bytes.hpp"
#include "school/attendance/obligation.hpp"
#include "school/attendance/seat_history.hpp"

using namespace tongke;
using namespace tongke::school::attendance;

// Any file of lines gives a ledger whose intervals are in order, apart and inside the lesson.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Ledger ledger;
  std::string_view text = base::as_text({data, size});
  base::WallTime last{};
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    (void)ledger.read(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  const std::string_view whole = base::as_text({data, size});
  for (const auto& [number, seat] : ledger.seats()) {
    if (history_of(whole, number).record.minutes != seat.minutes) std::abort();
    if (seat.minutes.empty()) continue;
    const base::WallTime from{std::chrono::minutes(seat.minutes.front().number)};
    const Window window{from + std::chrono::seconds(17), from + std::chrono::minutes(45)};
    last = window.from;
    for (const auto& interval : intervals(seat, window)) {
      if (interval.from < last || interval.to <= interval.from || interval.to > window.to) std::abort();
      last = interval.to;
    }
    (void)state_of(&seat, window);
  }
  return 0;
}
