#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relay/record/catalog.hpp"
#include "school/retention/rules.hpp"

namespace tongke::relay::app {

/// What control knows of a lesson.
struct RetentionFacts {
  std::optional<base::WallTime> ended = {};
  bool graduation = false;  ///< a class of grade 9 or 12 is in it
  bool live = false;        ///< nothing of it goes now
  bool held = false;
};

/// Something whose time is over.
struct RetentionTask {
  school::retention::Kind kind = school::retention::Kind::media;
  std::string lesson = {};
  std::filesystem::path path = {};  ///< of a file or folder
  std::string row = {};             ///< of the store, in place of it
  bool held = false;
};

/// Which kind a line log is of, by what follows the lesson in its name: "attendance", "teacher.attendance",
/// "answers"; all others hold notes and help.
[[nodiscard]] school::retention::Kind kind_of_log(std::string_view ending) noexcept;

/// What to look through, and by which rules.
struct RetentionSearch {
  const record::Catalog& catalog;
  std::filesystem::path lesson_files;  ///< of the line logs: "<lesson>.<kind>"
  school::retention::Rules rules;
  bool term_known = false;  ///< else what ends with the term stays
  std::map<std::string, RetentionFacts, std::less<>> lessons = {};
  base::WallTime now{};
};
/// All recordings but of lessons on air, what goes first before the others.
/// @thread any; reads the times of all files, so not control
[[nodiscard]] std::vector<school::retention::Kept> find_recordings(const RetentionSearch& search,
                                                                   const std::atomic<bool>& stopping);
/// Walks the folders.  @thread any; reads the times of all files, so not control
[[nodiscard]] std::vector<RetentionTask> find_due(const RetentionSearch& search,
                                                  const std::atomic<bool>& stopping);

}  // namespace tongke::relay::app
