#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::relay::record {

/// A file that grows by whole pieces: a piece that does not fit is taken back, so what was
/// written before is never followed by half a piece.
/// @thread one at a time
class AppendFile {
 public:
  AppendFile() = default;

  /// Opens or creates `path` and continues after its first `size` bytes; what lies behind
  /// them is cut off.
  /// @errors io (also when the file is shorter than `size`), overload (disk full)
  [[nodiscard]] static base::Result<AppendFile> open(const std::filesystem::path& path, std::uint64_t size);

  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// @errors overload (disk full), io; the file is then as before
  base::Result<void> append(base::ByteView bytes);
  /// Takes back everything behind the first `size` bytes.
  void cut(std::uint64_t size) noexcept;
  /// Waits until what was appended is on the disk.  @errors io, overload
  base::Result<void> sync();

 private:
  std::filesystem::path path_;
  base::Fd fd_;
  std::uint64_t size_ = 0;
  bool tail_in_doubt_ = false;  ///< a cut failed: bytes may lie behind size_
};

}  // namespace tongke::relay::record
