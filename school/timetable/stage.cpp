#include "school/timetable/stage.hpp"

#include <algorithm>
#include <array>

namespace tongke::school::timetable {
namespace {

constexpr std::array<std::string_view, kStageCount> kNames = {"low", "middle", "junior", "senior"};

}  // namespace

std::string_view to_string(Stage stage) noexcept { return kNames.at(static_cast<std::size_t>(stage)); }

std::optional<Stage> stage_from(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Stage>(found - kNames.begin());
}

}  // namespace tongke::school::timetable
