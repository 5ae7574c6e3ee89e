#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "school/timetable/import_rows.hpp"
#include "tests/fuzz/cells.hpp"

using namespace tongke::school::timetable;

namespace {

/// Names with a digit in them are known.
template <class Id>
std::optional<Id> known(std::string_view name) {
  const auto digit = std::ranges::find_if(name, [](char c) { return c >= '0' && c <= '9'; });
  return digit == name.end() ? std::nullopt : std::optional(Id{*digit - '0'});
}

const Directory& directory() {
  static const Directory made = {
      .school = known<SchoolId>,
      .class_named = [](auto, std::string_view name) { return known<ClassId>(name); },
      .group = [](auto, std::string_view name) { return known<GroupId>(name); },
      .subject = known<SubjectId>,
      .teacher = [](auto, std::string_view name) { return known<TeacherId>(name); },
      .place = [](auto, std::string_view name) { return known<PlaceId>(name); },
  };
  return made;
}

void check(const ImportedRow& row) {
  const Slot& slot = row.row.slot;
  if (!slot.day.ok() || slot.start < Minutes(0) || slot.length <= Minutes(0)) std::abort();
  if (slot.end() > std::chrono::hours(24) || slot.period < 0 || slot.period > 30) std::abort();
  if (row.scope == Scope()) std::abort();
  if (row.week && std::chrono::weekday(row.week->monday) != std::chrono::Monday) std::abort();
}

}  // namespace

// Lines of cells split by tabs, the header first. A row that gets in is one that can be taught,
// and has one spelling of its time; a line is either a row or has a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = parse_time(text); time && parse_time(format_time(*time)) != time) std::abort();
  if (const auto date = parse_date(text); date && parse_date(format_date(*date)) != date) std::abort();
  if (const auto zone = parse_zone(text); zone && parse_zone(format_zone(*zone))->offset != zone->offset)
    std::abort();
  const auto lines = tongke::tests::split_cells(text, '\r');
  const auto result = import_rows(lines, directory());
  if (!result) return 0;
  for (const ImportedRow& row : result->rows) check(row);
  for (const BadCell& bad : result->bad) {
    if (bad.line < 2 || bad.line > lines.size()) std::abort();
    if (std::ranges::find(result->rows, bad.line, &ImportedRow::line) != result->rows.end()) std::abort();
  }
  return 0;
}
