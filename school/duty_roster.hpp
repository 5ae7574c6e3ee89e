#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "school/people/directory.hpp"
#include "school/timetable/when.hpp"

/// Who of a school is on duty, day by day, and how to reach them (OR-4).
namespace tongke::school {

/// As what somebody is on duty; one person may have all of a day.
enum class Post : std::uint8_t { administrator = 0, technician, contact };
inline constexpr std::size_t kPostCount = 3;
[[nodiscard]] std::string_view to_string(Post post) noexcept;

struct Turn {
  people::StaffId staff = {};  ///< none: nobody yet
  std::string phone = {};      ///< or an extension, as the office typed it; may be empty
  friend bool operator==(const Turn&, const Turn&) = default;
};
/// By post.
using DutyDay = std::array<Turn, kPostCount>;
/// From Monday to Sunday.
using DutyWeek = std::array<DutyDay, 7>;

/// Rosters are kept this long, and made no further ahead.
inline constexpr std::chrono::days kDutyRosterReach{366};

/// @errors invalid (field "days.0.technician.staff": left, or of another school; "….phone": more than 60
///         bytes or not on one line, or of nobody)
[[nodiscard]] base::Result<void> check(const people::Directory& people, people::SchoolId school,
                                       const DutyWeek& week);

}  // namespace tongke::school
