#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "relay/outward/notice.hpp"
#include "school/line_log.hpp"

namespace tongke::relay::outward {

/// What was told and to whom it still has to be, as a file of lines for each day (UTC): a restart
/// goes on where it was. Nobody is told less than once; somebody may be told twice, with the same id.
class Journal {
 public:
  /// What the files say, oldest first.
  struct Kept {
    std::vector<Notice> told = {};                            ///< everything, delivered or not
    std::map<std::string, std::vector<Notice>> waiting = {};  ///< by receiver
    std::map<std::string, std::vector<base::WallTime>> sent =
        {};  ///< messages of the last minute, by receiver
  };

  /// @param folder  of its own
  explicit Journal(const std::filesystem::path& folder) : folder_(folder), log_(folder) {}

  /// Reads what there is of today and yesterday and removes older files.  @errors io
  [[nodiscard]] base::Result<Kept> open(base::WallTime now);
  /// @thread any; never waits for the disk
  void told(const Notice& notice, const std::vector<std::string>& receivers);
  /// A message is done with: delivered, refused or given up.
  /// @param ids  of its notices     @thread any; never waits for the disk
  void settled(const std::string& receiver, const std::vector<std::string>& ids, base::WallTime at);
  /// Removes the files of days before yesterday.  @thread any; waits for the disk
  void prune(base::WallTime now) const;

 private:
  const std::filesystem::path folder_;
  school::LineLog log_;
};

/// The files' lines, one after the other; lines that make no sense are passed over.
/// @param keep  notices older than this wait no longer     @thread any
[[nodiscard]] Journal::Kept read_journal(std::string_view lines, base::WallTime now,
                                         std::chrono::milliseconds keep);

}  // namespace tongke::relay::outward
