#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/people/ids.hpp"
#include "school/store/store.hpp"

namespace tongke::school {

/// One look at children's data, or one change of it: who, what, whose, why. Kept apart from
/// attendance; holds numbers of rows, no names.  @source requirements §6 (未成年人网络保护条例 36)
struct Access {
  std::uint64_t id = 0;
  base::WallTime at{};
  people::StaffId staff = {};
  people::HomeId home = {};  ///< a guardian's own look
  std::string act = {};      ///< name of the school::Act
  people::SchoolId school = {};
  people::ClassId original_class = {};
  people::PupilId pupil = {};  ///< none: everybody in the class or school
  std::string reason = {};
  people::StaffId approver = {};
  friend bool operator==(const Access&, const Access&) = default;
};

/// Writes and reads the log.  @thread the store thread
class AccessLog {
 public:
  /// Most rows a page of it has.
  static constexpr std::size_t kMostRows = 200;

  /// @errors io
  [[nodiscard]] base::Result<void> load(store::Store& store);
  /// Numbers the entry and writes it.  @errors io
  [[nodiscard]] base::Result<void> note(store::Store& store, Access entry);

  /// Which entries: of a school's children, or of one child (looks at the whole class are among them).
  struct Query {
    people::SchoolId school = {};
    people::ClassId original_class = {};
    people::PupilId pupil = {};
    std::uint64_t before = 0;  ///< older than this id; 0 = from the newest
    std::size_t limit = 50;
  };
  /// Newest first.  @errors io
  [[nodiscard]] base::Result<std::vector<Access>> read(store::Store& store, const Query& query) const;

 private:
  std::uint64_t last_ = 0;
};

}  // namespace tongke::school
