#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tongke::school::retention {

/// A line of the deletion log: what went, how much, and a hash that whoever kept a copy can
/// compare. No name of a person is in it.
struct Deletion {
  std::int64_t id = 0;  ///< counts up
  base::WallTime at{};
  std::string kind = {};    ///< to_string(Kind)
  std::string lesson = {};  ///< empty: rows of many lessons
  std::int64_t items = 0;   ///< files or rows
  std::int64_t bytes = 0;
  std::string hash = {};  ///< SHA-256 over names and contents of the files or pieces, in order of their names
  std::string chain = {};  ///< SHA-256 over the line before's chain and this line
  friend bool operator==(const Deletion&, const Deletion&) = default;
};

/// The chain of a line that follows one with `before`.
[[nodiscard]] std::string chained(const std::string& before, const Deletion& line);
/// The first line that does not follow from the one before it; nothing where all do.
[[nodiscard]] std::optional<std::int64_t> broken_at(const std::vector<Deletion>& lines);

/// What a folder or a file holds.
struct Content {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::string hash = {};
};
/// What a row holds, each piece by its name, as if they were files of these names.
[[nodiscard]] Content content_of(const std::vector<std::pair<std::string, std::string>>& pieces);
/// Reads all of it.  @errors io   @thread blocks on the disk
[[nodiscard]] base::Result<Content> content_of(const std::filesystem::path& path);

}  // namespace tongke::school::retention
