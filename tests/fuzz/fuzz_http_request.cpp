#include <algorithm>
#include <cstdlib>

#include "relay/http/request_head.hpp"

using namespace tongke::relay::http;

namespace {

struct Outcome {
  ChunkedBody::State state = ChunkedBody::State::more;
  std::string body;
  std::size_t used = 0;
};

Outcome take_chunks(std::string_view text, std::size_t step) {
  ChunkedBody chunked;
  Outcome outcome;
  while (outcome.state == ChunkedBody::State::more && outcome.used < text.size()) {
    std::size_t used = 0;
    outcome.state = chunked.feed(text.substr(outcome.used, step), 1000, outcome.body, used);
    outcome.used += used;
  }
  return outcome;
}

}  // namespace

// A head found byte by byte ends where one found at once does; what parses lies inside its
// text and has one framing; a chunked body means the same in whatever pieces it comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t step = data[0] + std::size_t{1};
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t whole = head_size(text, 0);
  std::size_t found = 0;
  for (std::size_t have = 0, from = 0; have < text.size() && found == 0;) {
    have = std::min(have + step, text.size());
    found = head_size(text.substr(0, have), from);
    from = have;
  }
  if (found != whole) std::abort();

  std::string_view rest = text;
  if (whole > 0) {
    RequestHead head;
    if (!parse_head(text.substr(0, whole), head)) {
      if (head.method.empty() || !head.path.starts_with('/')) std::abort();
      for (const auto& [name, value] : head.fields) {
        if (name.empty() || value.find_first_of("\r\n") != std::string_view::npos) std::abort();
        if (!head.field(name)) std::abort();
      }
    }
    rest.remove_prefix(whole);
  }
  const Outcome at_once = take_chunks(rest, rest.size() + 1);
  const Outcome in_steps = take_chunks(rest, step);
  if (at_once.state != in_steps.state) std::abort();
  if (at_once.state == ChunkedBody::State::done &&
      (at_once.body != in_steps.body || at_once.used != in_steps.used)) {
    std::abort();
  }
  return 0;
}
