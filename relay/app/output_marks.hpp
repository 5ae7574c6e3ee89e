#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tongke::relay::app {

/// Which lessons are being sent where: an empty file each, so that a server that starts again goes on
/// with it. Never a key.  @thread control
class OutputMarks {
 public:
  explicit OutputMarks(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What cannot be written is logged; the output goes on for as long as the server does.
  void set(const std::string& lesson, const std::string& destination, bool on) const;
  /// Lesson and destination of each.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> all() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace tongke::relay::app
