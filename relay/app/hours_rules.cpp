#include "relay/app/hours_rules.hpp"

#include <string_view>

#include "school/timetable/when.hpp"

namespace tongke::relay::app {
namespace {

namespace tt = school::timetable;
using base::Errc;
using base::Error;

// "18:00-07:30": unlike a lesson's times it goes over midnight.
std::optional<tt::DayWindow> window_from(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = tt::parse_time(text.substr(0, dash));
  const auto to = tt::parse_time(text.substr(dash + 1));
  if (!from || !to) return std::nullopt;
  return tt::DayWindow{*from, *to};
}

std::optional<tt::Minutes> cap_from(std::chrono::milliseconds value) {
  if (value.count() == 0) return std::nullopt;
  return std::chrono::duration_cast<tt::Minutes>(value);
}

}  // namespace

base::Result<tt::RuleSettings> rules_of(const Settings& settings) {
  const auto& hours = settings.hours;
  tt::RuleSettings rules;
  const auto zone = tt::parse_zone(hours.zone);
  if (!zone)
    return Error{Errc::invalid, "hours.zone: \"" + hours.zone + "\" is not like \"+08:00\"", "hours.zone"};
  const auto evening = window_from(hours.evening);
  if (!evening) {
    return Error{Errc::invalid, "hours.evening: \"" + hours.evening + "\" is not like \"18:00-07:30\"",
                 "hours.evening"};
  }
  rules.zone = *zone;
  rules.evening = *evening;
  rules.stages[0].daily_cap = cap_from(hours.cap_low);
  rules.stages[1].daily_cap = cap_from(hours.cap_middle);
  rules.stages[2].daily_cap = cap_from(hours.cap_junior);
  rules.stages[3].daily_cap = cap_from(hours.cap_senior);
  rules.min_break = std::chrono::duration_cast<tt::Minutes>(hours.min_break);
  rules.few_pupils = static_cast<std::uint32_t>(hours.few_pupils);
  if (auto ok = check(rules); !ok) return std::move(ok).error().in("hours");
  return rules;
}

}  // namespace tongke::relay::app
