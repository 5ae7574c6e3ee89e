#include "relay/app/retention_search.hpp"

#include <algorithm>

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

}  // namespace

retention::Kind kind_of_log(std::string_view ending) noexcept {
  constexpr std::string_view kAttendance = "attendance";
  if (ending == kAttendance ||
      (ending.ends_with(kAttendance) && ending.substr(0, ending.size() - kAttendance.size()).ends_with('.')))
    return retention::Kind::presence;
  return ending == "answers" ? retention::Kind::answers : retention::Kind::help;
}

std::vector<RetentionTask> find_due(const RetentionSearch& search, const std::atomic<bool>& stopping) {
  std::vector<RetentionTask> found;
  const auto look = [&](retention::Kind kind, const std::string& lesson, const fs::path& path,
                        WallTime written) {
    const auto known = search.lessons.find(lesson);
    const RetentionFacts facts = known == search.lessons.end() ? RetentionFacts() : known->second;
    const bool of_term = kind == retention::Kind::presence || kind == retention::Kind::answers;
    if (facts.live || (of_term && !search.term_known)) return;
    WallTime last = written;
    if (facts.ended) last = written == WallTime() ? *facts.ended : std::min(*facts.ended, written);
    const retention::Facts judged{.last = last, .graduation = facts.graduation, .held = false};
    if (is_due(kind, judged, search.rules, search.now))
      found.push_back({.kind = kind, .lesson = lesson, .path = path, .held = facts.held});
  };
  for (const auto& entry : search.catalog.list()) {
    if (stopping) return found;
    const auto folder = search.catalog.layout().lesson(entry.lesson);
    look(retention::Kind::media, entry.lesson, folder, newest(folder));
  }
  std::error_code error;
  for (fs::directory_iterator at(search.lesson_files, error), end; !error && at != end; at.increment(error)) {
    if (stopping) return found;
    const std::string name = at->path().filename().string();
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos || dot == 0) continue;
    look(kind_of_log(std::string_view(name).substr(dot + 1)), name.substr(0, dot), at->path(),
         written_at(at->path()));
  }
  return found;
}

}  // namespace tongke::relay::app
