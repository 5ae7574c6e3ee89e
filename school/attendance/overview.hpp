#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "school/attendance/class_report.hpp"

namespace tongke::school::attendance {

/// Pupils by state: of one class in one lesson, or of many together. The counts add up to
/// `expected`, always. Names nobody.
struct OverviewLine {
  std::optional<Lesson> lesson = std::nullopt;
  people::SchoolId school = {};
  people::ClassId original_class = {};  ///< none: the whole school
  std::uint32_t lessons = 1;
  std::uint32_t expected = 0;
  std::uint32_t absent = 0;
  std::chrono::minutes attended{0};  ///< of all pupils together, in the lesson
  std::chrono::minutes replayed{0};  ///< and in its replay
  StateCounts counts{};
};

/// What a line of an overview is about.
enum class OverviewBy : std::uint8_t { lesson = 0, original_class, school };
[[nodiscard]] std::optional<OverviewBy> overview_by_from(std::string_view name) noexcept;

/// One class in one lesson.
[[nodiscard]] OverviewLine overview_line(const people::Directory& people, const Lesson& lesson,
                                         const ClassReport& report);
/// Lines of single lessons put together, in the order of schools and classes; those of lessons by
/// when they began.  @pre every line has its lesson
[[nodiscard]] std::vector<OverviewLine> summed(const people::Directory& people,
                                               std::vector<OverviewLine> lines, OverviewBy by);

/// For spreadsheets.  @param utc_offset  of the times written
[[nodiscard]] exchange::Sheet overview_sheet(const people::Directory& people,
                                             const std::vector<OverviewLine>& lines, Language language,
                                             std::chrono::minutes utc_offset);

}  // namespace tongke::school::attendance
