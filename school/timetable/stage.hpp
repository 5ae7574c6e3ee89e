#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tongke::school::timetable {

/// School years counted through: 1-6 primary (1-5 where 五四 holds), then on to 12.
using Grade = std::uint8_t;
inline constexpr Grade kLastGrade = 12;

/// 小学低段, 小学中高段, 初中, 高中 (PL-4).
enum class Stage : std::uint8_t { low, middle, junior, senior };
inline constexpr std::size_t kStageCount = 4;

[[nodiscard]] std::string_view to_string(Stage stage) noexcept;
[[nodiscard]] std::optional<Stage> stage_from(std::string_view name) noexcept;

/// Where stages end, by school: the same grade 6 is primary under 六三 and junior under 五四.
struct StageBounds {
  Grade low_last = 2;
  Grade primary_last = 6;
  Grade junior_last = 9;

  [[nodiscard]] constexpr Stage of(Grade grade) const {
    if (grade <= low_last) return Stage::low;
    if (grade <= primary_last) return Stage::middle;
    return grade <= junior_last ? Stage::junior : Stage::senior;
  }
  friend bool operator==(const StageBounds&, const StageBounds&) = default;
};
inline constexpr StageBounds kSixThree{2, 6, 9};
inline constexpr StageBounds kFiveFour{2, 5, 9};

}  // namespace tongke::school::timetable
