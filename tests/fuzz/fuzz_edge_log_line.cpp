#include <cstdlib>

#include "base/bytes.hpp"
#include "relay/edge/log_line.hpp"

using namespace tongke;
using relay::edge::LogLine;

namespace {

bool within(std::string_view whole, std::string_view part) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

// Whatever comes by UDP is read or refused; what is read are pieces of it, none empty or too long.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::as_text({data, size});
  const LogLine line = relay::edge::parse_log_line(text);
  if (line.kind != LogLine::Kind::media) return 0;
  const auto& fetch = line.fetch;
  for (const auto part : {fetch.token, fetch.lesson, fetch.rendition})
    if (part.empty() || part.size() > 128 || !within(text, part)) std::abort();
  if (fetch.start < base::MediaTime(0) || fetch.at < base::WallTime()) std::abort();
  return 0;
}
