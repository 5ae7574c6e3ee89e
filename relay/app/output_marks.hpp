#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "relay/output/outputs.hpp"

namespace tongke::relay::app {

/// Which lessons are being sent where, and where a slate goes out in their place: a file each, so that a
/// server that starts again goes on with it. Never a key.  @thread control
class OutputMarks {
 public:
  explicit OutputMarks(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What cannot be written is logged; the output goes on for as long as the server does.
  /// A note of nothing is none.
  void set(const std::string& lesson, const std::string& destination, const output::Note& note) const;
  struct Mark {
    std::string lesson = {};
    std::string destination = {};
    output::Note note = {};
  };
  [[nodiscard]] std::vector<Mark> all() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace tongke::relay::app
