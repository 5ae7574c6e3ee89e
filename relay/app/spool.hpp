#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "relay/app/roster_import.hpp"

namespace tongke::relay::app {

/// What `tongke import` asks of a running server. Files go by way of the data folder, which both
/// see, whatever else the server may read.
struct ImportRequest {
  std::vector<RosterFile> files = {};
  school::exchange::ImportJob job = {};
};

/// Copies the files into the spool, readable by their owner only, and names them there.
/// @errors io, invalid (field "file")
[[nodiscard]] base::Result<nlohmann::json> to_arguments(const ImportRequest& request,
                                                        const std::filesystem::path& spool);
/// @errors invalid: not made by to_arguments
[[nodiscard]] base::Result<ImportRequest> import_request_from(const nlohmann::json& arguments,
                                                              const std::filesystem::path& spool);
/// Takes back what the server did not read.
void clear_spool(const nlohmann::json& arguments, const std::filesystem::path& spool);

}  // namespace tongke::relay::app
