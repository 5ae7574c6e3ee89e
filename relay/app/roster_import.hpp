#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/exchange/import.hpp"
#include "school/people/phone.hpp"

namespace tongke::relay::app {

/// Files to import: where they lie, and what messages call them.
struct RosterFile {
  std::filesystem::path path;
  std::string name;
};

/// Reads, plans and commits; what came of it, as JSON.
/// @errors invalid, io   @thread the registry's
[[nodiscard]] base::Result<nlohmann::json> import_rosters(school::people::Registry& registry,
                                                          school::store::Store& store,
                                                          const std::vector<RosterFile>& files,
                                                          const school::people::PhoneMarker& phones,
                                                          const school::exchange::ImportJob& job);

/// Fills the store with a made-up district.
/// @errors conflict: real schools are in the store; invalid, io   @thread the registry's
[[nodiscard]] base::Result<nlohmann::json> seed_demo(school::people::Registry& registry,
                                                     school::store::Store& store,
                                                     const school::people::PhoneMarker& phones,
                                                     std::uint64_t schools, std::uint64_t seed);

/// @errors io; invalid: too large (field "file")
[[nodiscard]] base::Result<std::vector<std::uint8_t>> read_roster(const RosterFile& file);

}  // namespace tongke::relay::app
