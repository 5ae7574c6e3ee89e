#pragma once

#include <string>

#include "base/result.hpp"
#include "relay/app/invocation.hpp"

namespace tongke::relay::app {

/// What every command takes.
struct Common {
  std::string config;
  std::string data = kDefaultData;
  bool json = false;
};

/// Says what went wrong, for people on standard error and as JSON for programs.  @return 1
[[nodiscard]] int fail(const base::Error& error, bool as_json);

}  // namespace tongke::relay::app
