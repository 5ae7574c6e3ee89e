#include "school/duty_roster.hpp"

#include "school/clean_text.hpp"

namespace tongke::school {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kLongestPhone = 60;

Result<void> check(const people::Directory& people, people::SchoolId school, const Turn& turn,
                   const std::string& field) {
  if (!turn.staff) {
    if (turn.phone.empty()) return {};
    return Error{Errc::invalid, "nobody's", field + ".phone"};
  }
  const people::Staff* staff = people.find(turn.staff);
  if (!staff || staff->school != school || staff->standing != people::Standing::active)
    return Error{Errc::invalid, "nobody of this school", field + ".staff"};
  if (turn.phone.size() > kLongestPhone || !is_clean_text(turn.phone))
    return Error{Errc::invalid, "at most " + std::to_string(kLongestPhone) + " bytes on one line",
                 field + ".phone"};
  return {};
}

}  // namespace

std::string_view to_string(Post post) noexcept {
  static constexpr std::array<std::string_view, kPostCount> kNames = {"administrator", "technician",
                                                                      "contact"};
  return kNames.at(static_cast<std::size_t>(post));
}

Result<void> check(const people::Directory& people, people::SchoolId school, const DutyWeek& week) {
  for (std::size_t day = 0; day < week.size(); ++day) {
    for (std::size_t post = 0; post < kPostCount; ++post) {
      const std::string field =
          "days." + std::to_string(day) + "." + std::string(to_string(static_cast<Post>(post)));
      if (auto ok = check(people, school, week[day][post], field); !ok) return ok;
    }
  }
  return {};
}

}  // namespace tongke::school
