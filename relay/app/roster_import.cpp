#include "relay/app/roster_import.hpp"

#include <fstream>
#include <iterator>

#include "school/demo/seed.hpp"
#include "school/exchange/report_json.hpp"
#include "school/text.hpp"

namespace tongke::relay::app {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace exchange = school::exchange;

Result<std::vector<std::uint8_t>> read_roster(const RosterFile& file) {
  std::ifstream in(file.path, std::ios::binary);
  if (!in) return Error{Errc::io, file.name + ": cannot be read", "file"};
  std::vector<std::uint8_t> bytes;
  for (std::istreambuf_iterator<char> at(in), end; at != end; ++at) {
    if (bytes.size() >= exchange::kMaxFileBytes)
      return Error{Errc::invalid, file.name + ": " + school::text("import.too_large"), "file"};
    bytes.push_back(static_cast<std::uint8_t>(*at));
  }
  if (in.bad()) return Error{Errc::io, file.name + ": cannot be read", "file"};
  return bytes;
}

Result<json> import_rosters(school::people::Registry& registry, school::store::Store& store,
                            const std::vector<RosterFile>& files, const school::people::PhoneMarker& phones,
                            const exchange::ImportJob& job) {
  std::vector<exchange::Table> tables;
  for (const RosterFile& file : files) {
    const auto bytes = read_roster(file);
    if (!bytes) return Error(bytes.error());
    auto table = exchange::read_table(file.name, *bytes);
    if (!table) return std::move(table).error();
    tables.push_back(std::move(*table));
  }
  const auto imported = exchange::import_tables(registry, store, tables, phones, job);
  if (!imported) return Error(imported.error());
  return exchange::to_json(*imported);
}

Result<json> seed_demo(school::people::Registry& registry, school::store::Store& store,
                       const school::people::PhoneMarker& phones, std::uint64_t schools, std::uint64_t seed) {
  const std::string name = school::demo::demo_district_name();
  const auto& district = *registry.current();
  if (!district.schools().empty() && district.district() != name) {
    return Error{Errc::conflict, "there are schools in this store already; a demo goes into an empty one"};
  }
  if (schools < 1 || schools > school::demo::kMostSchools) {
    return Error{Errc::invalid, "must be between 1 and " + std::to_string(school::demo::kMostSchools),
                 "schools"};
  }
  const auto imported = exchange::import_tables(
      registry, store, school::demo::demo_district({.schools = schools, .seed = seed}), phones,
      {.options = {.school = {}, .new_schools = true}, .district = name});
  if (!imported) return Error(imported.error());
  return exchange::to_json(*imported);
}

}  // namespace tongke::relay::app
