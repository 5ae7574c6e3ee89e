#pragma once

#include <string_view>

namespace tongke::signaling {

/// Calls `each` for every whole line.
template <class Each>
void for_lines(std::string_view text, Each&& each) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    each(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

}  // namespace tongke::signaling
