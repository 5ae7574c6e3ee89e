#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "relay/channel/channel.hpp"
#include "relay/channel/ts_times.hpp"

using namespace tongke;
using namespace tongke::relay;

// Names of pieces of rest have one spelling; a transport stream whose times are moved keeps its size and
// comes back when they are moved back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = channel::parse_rest_name(text); name && to_string(*name) != text) std::abort();

  const base::ByteView ts(data, size);
  constexpr std::uint64_t kTicks = 360'000;
  const auto moved = channel::move_times(ts, kTicks);
  if (!moved) return 0;
  if (moved->size() != size) std::abort();
  const auto back = channel::move_times(*moved, (std::uint64_t{1} << 33U) - kTicks);
  if (!back || !std::equal(back->begin(), back->end(), ts.begin())) std::abort();
  return 0;
}
