#pragma once

#include <string>

#include "base/result.hpp"

namespace tongke::relay::app {

struct ServeOptions {
  std::string config;  ///< TOML file; empty = defaults and environment
  std::string data;
  bool demo = false;  ///< also broadcast a demo lesson
  bool json = false;  ///< print one JSON line when ready instead of the addresses for people
};

/// Runs the server until SIGINT or SIGTERM; then recordings are closed and publishers told.
/// @errors whatever keeps it from starting: invalid (config), conflict (data folder or port in use), io
[[nodiscard]] base::Result<void> serve(const ServeOptions& options);

}  // namespace tongke::relay::app
