#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
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

/// Has the running server of the data folder run a command; nullopt when there is none.
/// @errors what the server says; timeout, io
[[nodiscard]] base::Result<std::optional<nlohmann::json>> ask_running(const Common& common,
                                                                      const std::string& command,
                                                                      const nlohmann::json& arguments);

}  // namespace tongke::relay::app
