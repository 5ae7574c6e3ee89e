#include "school/timetable/rules_config.hpp"

#include <algorithm>

namespace tongke::school::timetable {
namespace {

using base::Errc;
using base::Error;

constexpr Minutes kDay = std::chrono::hours(24);

base::Result<void> within_a_day(Minutes value, Minutes least, const std::string& field) {
  if (value >= least && value <= kDay) return {};
  return Error{Errc::invalid, "must be " + std::to_string(least.count()) + " to 1440 minutes", field};
}

base::Result<void> check_stage(const StageLimits& limits, const std::string& stage) {
  for (const auto& [value, field] :
       {std::pair{limits.daily_cap, "daily_cap"}, std::pair{limits.daily_warn, "daily_warn"}}) {
    if (!value) continue;
    if (auto ok = within_a_day(*value, Minutes(1), stage + "." + field); !ok) return ok;
  }
  if (!limits.daily_cap && !limits.daily_warn)
    return Error{Errc::invalid, "needs a cap or a warning", stage + ".daily_cap"};
  if (auto ok = within_a_day(limits.continuous, Minutes(1), stage + ".continuous"); !ok) return ok;
  return within_a_day(limits.live_length, Minutes(5), stage + ".live_length");
}

}  // namespace

base::Result<void> check(const RuleSettings& settings) {
  for (std::size_t i = 0; i < kStageCount; ++i) {
    const std::string stage(to_string(static_cast<Stage>(i)));
    if (auto ok = check_stage(settings.stages.at(i), stage); !ok) return ok;
  }
  for (const auto& [value, field] :
       {std::pair{settings.evening.from, "evening.from"}, std::pair{settings.evening.to, "evening.to"},
        std::pair{settings.min_break, "min_break"}, std::pair{settings.long_break, "long_break"},
        std::pair{settings.day_start, "day_start"}}) {
    if (auto ok = within_a_day(value, Minutes(0), field); !ok) return ok;
  }
  if (settings.evening.from == settings.evening.to)
    return Error{Errc::invalid, "an empty evening would allow lessons at night", "evening"};
  for (const auto& [grade, offset] : settings.stagger)
    if (auto ok = within_a_day(offset, Minutes(0), "stagger." + std::to_string(grade)); !ok) return ok;
  for (const auto& [key, most] : settings.weekly_hours)
    if (most < 0) return Error{Errc::invalid, "must not be negative", "weekly_hours"};
  if (settings.max_rooms == 0) return Error{Errc::invalid, "must be at least 1", "max_rooms"};
  const auto& warnings = settings.air_warnings;
  if (std::ranges::adjacent_find(warnings, std::less_equal<>()) != warnings.end())
    return Error{Errc::invalid, "longest first, each once", "air_warnings"};
  for (const Minutes warning : warnings)
    if (auto ok = within_a_day(warning, Minutes(1), "air_warnings"); !ok) return ok;
  if (std::chrono::abs(settings.zone.offset) > std::chrono::hours(14))
    return Error{Errc::invalid, "must be at most 14 hours", "zone"};
  return {};
}

}  // namespace tongke::school::timetable
