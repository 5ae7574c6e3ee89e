#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

/// Recordings: the parts that were served live, appended to files as they came.
///
///   <root>/<lesson>/src.0.mp4       init segment, then moof/mdat parts: a valid fMP4 at any time
///   <root>/<lesson>/src.1.mp4       the same rendition after its parameters changed
///   <root>/<lesson>/audio.fill0.mp4 what the teacher sent in for a gap: as the others, written once
///   <root>/<lesson>/journal.ndjson  what was written so far; there while the lesson is open
///   <root>/<lesson>/index.ndjson    takes the journal's place once the lesson has ended
///   <root>/<lesson>/export/         downloads made on demand; may be deleted at any time
namespace tongke::relay::record {

/// Lesson and rendition ids name files: 1 to 64 of [A-Za-z0-9_-], nothing else.
[[nodiscard]] bool valid_id(std::string_view id) noexcept;

/// Where things lie below one recordings root. Ids given to it must be valid.
class Layout {
 public:
  explicit Layout(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
  [[nodiscard]] std::filesystem::path lesson(std::string_view id) const { return root_ / id; }
  [[nodiscard]] std::filesystem::path journal(std::string_view id) const {
    return lesson(id) / "journal.ndjson";
  }
  [[nodiscard]] std::filesystem::path index(std::string_view id) const { return lesson(id) / "index.ndjson"; }
  [[nodiscard]] std::filesystem::path exports(std::string_view id) const { return lesson(id) / "export"; }
  [[nodiscard]] std::filesystem::path media(std::string_view id, std::string_view rendition,
                                            std::uint32_t init) const;
  [[nodiscard]] std::filesystem::path fill(std::string_view id, std::string_view rendition,
                                           std::uint32_t number) const;
  /// Where a lesson goes to be deleted, out of sight in one step.
  [[nodiscard]] std::filesystem::path doomed(std::string_view id) const;
  /// Where what cannot be read makes room for a new recording of the same lesson.
  [[nodiscard]] std::filesystem::path damaged(std::string_view id, base::WallTime now) const;
  /// Space kept so that journals can still be written when the disk is full.
  [[nodiscard]] std::filesystem::path reserve() const { return root_ / ".reserve"; }

 private:
  std::filesystem::path root_;
};

inline constexpr std::string_view kDoomedPrefix = ".deleted-";

/// Makes names created, renamed or removed in a directory survive a power cut.
/// @errors io
base::Result<void> sync_directory(const std::filesystem::path& directory);

/// An Error out of errno: overload when the disk (or quota) is full, not_found when there
/// is no such file, io otherwise.
[[nodiscard]] base::Error file_error(int error, const std::filesystem::path& path);

}  // namespace tongke::relay::record
