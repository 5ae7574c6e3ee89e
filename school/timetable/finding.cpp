#include "school/timetable/finding.hpp"

#include <algorithm>
#include <array>

namespace tongke::school::timetable {
namespace {

struct Known {
  std::string_view name;
  Severity severity;
};

// In the order of Code.
constexpr std::array<Known, kCodeCount> kCodes = {{
    {"bad_time", Severity::error},        {"unknown_class", Severity::error},
    {"unknown_group", Severity::error},   {"no_audience", Severity::error},
    {"parent_roster", Severity::error},   {"too_many_rooms", Severity::error},
    {"goal_required", Severity::error},   {"goal_too_long", Severity::error},
    {"advice_required", Severity::error}, {"evaluation_required", Severity::error},
    {"evening", Severity::error},         {"daily_cap", Severity::error},
    {"weekly_hours", Severity::error},    {"short_break", Severity::error},
    {"class_double", Severity::error},    {"teacher_double", Severity::error},
    {"room_double", Severity::error},     {"daily_long", Severity::warning},
    {"continuous", Severity::warning},    {"no_exercise", Severity::warning},
    {"stagger", Severity::warning},       {"sibling_clash", Severity::warning},
}};

}  // namespace

std::string_view to_string(Code code) noexcept { return kCodes.at(static_cast<std::size_t>(code)).name; }
Severity severity_of(Code code) noexcept { return kCodes.at(static_cast<std::size_t>(code)).severity; }
std::string_view to_string(Severity severity) noexcept {
  return severity == Severity::error ? "error" : "warning";
}

bool has_errors(const Findings& findings) noexcept {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::error; });
}

}  // namespace tongke::school::timetable
