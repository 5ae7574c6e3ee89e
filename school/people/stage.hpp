#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tongke::school::people {

/// A stage of schooling (学段); live caps and timetables belong to stages.
enum class Stage : std::uint8_t { low = 0, upper, junior, senior };
inline constexpr std::size_t kStageCount = 4;
[[nodiscard]] std::string_view to_string(Stage stage) noexcept;
[[nodiscard]] std::optional<Stage> stage_from(std::string_view name) noexcept;

/// Grades count 1 to 12 through all of school, whatever they are called.
using Grade = std::uint8_t;
inline constexpr Grade kLastGrade = 12;

/// Where a school's stages end: the last grade of each. Data, not a rule: with the same
/// grade 6, a 六三 school says primary and a 五四 school says junior.
struct StageBoundaries {
  std::array<Grade, kStageCount> last = {2, 6, 9, 12};

  [[nodiscard]] Stage stage_of(Grade grade) const noexcept;
  [[nodiscard]] Grade first(Stage stage) const noexcept;
  /// Primary, junior and senior schools count grades anew: 初一 is grade 6 under 五四 and 7
  /// under 六三.  nullopt when `year` is beyond the stage
  [[nodiscard]] std::optional<Grade> grade_of(Stage stage, unsigned year) const noexcept;
  /// Never decreasing and ending at grade 12.
  [[nodiscard]] bool valid() const noexcept;
  friend bool operator==(const StageBoundaries&, const StageBoundaries&) = default;
};
inline constexpr StageBoundaries kSixThree{{2, 6, 9, 12}};
inline constexpr StageBoundaries kFiveFour{{2, 5, 9, 12}};

}  // namespace tongke::school::people
