#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"

namespace tongke::relay::app {

/// The folder that holds everything a server must not lose. Readable by its owner only:
/// it contains publish keys and the secret that signs links.
class DataDir {
 public:
  static constexpr const char* kControlSocket = "control.sock";

  /// Makes the folder if there is none.  @errors io
  [[nodiscard]] static base::Result<DataDir> open(const std::filesystem::path& path);

  [[nodiscard]] std::filesystem::path database() const { return path_ / "tongke.db"; }
  [[nodiscard]] std::filesystem::path recordings() const { return path_ / "recordings"; }
  /// Attendance and notes, line by line.
  [[nodiscard]] std::filesystem::path lessons() const { return path_ / "lessons"; }
  /// Files that a command hands to the running server; each is gone once it was read.
  [[nodiscard]] std::filesystem::path spool() const { return path_ / "spool"; }
  /// What was told to the outside, and what still has to be.
  [[nodiscard]] std::filesystem::path outward() const { return path_ / "outward"; }
  /// Which lessons are sent where.
  [[nodiscard]] std::filesystem::path outputs() const { return path_ / "outputs"; }
  /// Children whose traces are being erased.
  [[nodiscard]] std::filesystem::path erasing() const { return path_ / "erasing"; }
  /// The clip of eye exercises as channels play it; made anew when it is missing.
  [[nodiscard]] std::filesystem::path clips() const { return path_ / "clips"; }
  [[nodiscard]] std::filesystem::path control_socket() const { return path_ / kControlSocket; }

  /// The secret of this installation, made on first use.  @errors io
  [[nodiscard]] base::Result<std::vector<std::uint8_t>> secret() const;

 private:
  explicit DataDir(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace tongke::relay::app
