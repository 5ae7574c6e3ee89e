#pragma once

#include <cstdint>
#include <vector>

#include "school/exchange/table.hpp"

namespace tongke::school::demo {

struct SeedOptions {
  std::size_t schools = 50;
  std::uint64_t seed = 1;
};

/// Most schools a demo district may have: names of places run out beyond.
inline constexpr std::size_t kMostSchools = 300;

/// A plausible district that nobody lives in, as the lists its schools would send: primary,
/// junior and senior schools (六三 and 五四), classes of 34 to 52, families with children in
/// several schools, teachers by subject, layer groups, conditions as surveys find them.
/// 50 schools are about 35,000 pupils. The same options give the same lists.  @thread any
[[nodiscard]] std::vector<exchange::Table> demo_district(const SeedOptions& options);

/// The name that the demo district goes by.
[[nodiscard]] std::string demo_district_name();

}  // namespace tongke::school::demo
