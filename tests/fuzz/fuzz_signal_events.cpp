#include <cstdlib>

#include "base/bytes.hpp"
#include "signaling/event_store.hpp"

using namespace tongke;
using namespace tongke::signaling;

// Any events file gives notes with growing numbers, all below the next one, or nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto events = parse_events(base::as_text({data, size}), [](std::string_view id) {
    return id == "r2" ? std::optional<std::uint16_t>(1) : std::nullopt;
  });
  if (!events) return 0;
  std::uint64_t last = 0;
  events->after(0, false, [&](const Event& event) {
    if (event.seq <= last || event.seq >= events->next()) std::abort();
    last = event.seq;
  });
  return 0;
}
