#include "relay/app/retention_search.hpp"

#include <algorithm>
#include <tuple>

namespace tongke::relay::app {
namespace {

namespace retention = school::retention;
namespace fs = std::filesystem;
using base::WallTime;

WallTime written_at(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  if (error) return {};
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(time));
}

// When something was last written of it; the epoch for nothing.
WallTime newest(const fs::path& folder) {
  WallTime last{};
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error)) last = std::max(last, written_at(at->path()));
  return last;
}

RetentionFacts facts_of(const RetentionSearch& search, std::string_view lesson) {
  const auto known = search.lessons.find(lesson);
  return known == search.lessons.end() ? RetentionFacts() : known->second;
}

// When the time of what was last written then is over; never while the lesson is on air.
std::optional<WallTime> due_of(const RetentionSearch& search, retention::Kind kind,
                               const RetentionFacts& facts, WallTime written) {
  const bool of_term = kind == retention::Kind::presence || kind == retention::Kind::answers;
  if (facts.live || (of_term && !search.term_known)) return std::nullopt;
  WallTime last = written;
  if (facts.ended) last = written == WallTime() ? *facts.ended : std::min(*facts.ended, written);
  return due_at(kind, {.last = last, .graduation = facts.graduation}, search.rules);
}

}  // namespace

retention::Kind kind_of_log(std::string_view ending) noexcept {
  constexpr std::string_view kAttendance = "attendance";
  if (ending == kAttendance ||
      (ending.ends_with(kAttendance) && ending.substr(0, ending.size() - kAttendance.size()).ends_with('.')))
    return retention::Kind::presence;
  return ending == "answers" ? retention::Kind::answers : retention::Kind::help;
}

std::vector<retention::Kept> find_recordings(const RetentionSearch& search,
                                             const std::atomic<bool>& stopping) {
  std::vector<retention::Kept> found;
  for (const auto& entry : search.catalog.list()) {
    if (stopping) break;
    const auto facts = facts_of(search, entry.lesson);
    const auto last = facts.live ? WallTime() : newest(search.catalog.layout().lesson(entry.lesson));
    const auto due = due_of(search, retention::Kind::media, facts, last);
    if (due) found.push_back({.lesson = entry.lesson, .due = *due, .held = facts.held});
  }
  std::ranges::sort(found, {}, [](const retention::Kept& one) { return std::tie(one.due, one.lesson); });
  return found;
}

std::vector<RetentionTask> find_due(const RetentionSearch& search, const std::atomic<bool>& stopping) {
  std::vector<RetentionTask> found;
  for (const auto& [lesson, due, held] : find_recordings(search, stopping)) {
    if (search.now >= due)
      found.push_back({.kind = retention::Kind::media,
                       .lesson = lesson,
                       .path = search.catalog.layout().lesson(lesson),
                       .held = held});
  }
  std::error_code error;
  for (fs::directory_iterator at(search.lesson_files, error), end; !error && at != end; at.increment(error)) {
    if (stopping) return found;
    const std::string name = at->path().filename().string();
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos || dot == 0) continue;
    const std::string lesson = name.substr(0, dot);
    const auto kind = kind_of_log(std::string_view(name).substr(dot + 1));
    const auto facts = facts_of(search, lesson);
    const auto due = due_of(search, kind, facts, written_at(at->path()));
    if (due && search.now >= *due)
      found.push_back({.kind = kind, .lesson = lesson, .path = at->path(), .held = facts.held});
  }
  return found;
}

}  // namespace tongke::relay::app
