#include "base/result.hpp"

namespace tongke::base {

std::string_view to_string(Errc kind) noexcept {
  switch (kind) {
    case Errc::invalid:
      return "invalid";
    case Errc::forbidden:
      return "forbidden";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::protocol:
      return "protocol";
    case Errc::overload:
      return "overload";
    case Errc::unavailable:
      return "unavailable";
    case Errc::timeout:
      return "timeout";
    case Errc::io:
      return "io";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace tongke::base
