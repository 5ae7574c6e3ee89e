#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "school/people/ids.hpp"

namespace tongke::relay::app {

/// Which children's traces are still to be erased: an empty file each, named by the number of its
/// row, so that a server which was stopped in the middle goes on with it.
/// @thread any; waits for the disk
class ErasureMarks {
 public:
  explicit ErasureMarks(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// It is on disk when this returns.  @errors io
  [[nodiscard]] base::Result<void> add(school::people::PupilId pupil) const;
  /// @errors io
  [[nodiscard]] base::Result<void> remove(school::people::PupilId pupil) const;
  /// @errors io
  [[nodiscard]] base::Result<std::vector<school::people::PupilId>> all() const;

 private:
  [[nodiscard]] base::Result<void> sync() const;
  std::filesystem::path folder_;
};

}  // namespace tongke::relay::app
