#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/record/index.hpp"
#include "relay/record/layout.hpp"

namespace tongke::relay::record {

/// All recordings below one root: listed from directory names, read when asked for.
/// Recordings being written stay in memory; of the others the most recently used.
/// @thread any
class Catalog {
 public:
  explicit Catalog(std::filesystem::path root);

  struct Entry {
    std::string lesson;
    bool open = false;  ///< not ended: being written, or left by a crash
  };
  /// Reads directory names only. Also removes what a deletion left half done.
  /// @thread blocks on the disk
  [[nodiscard]] std::vector<Entry> list() const;

  /// The recording's index, from memory or from disk; puts an open recording in order first
  /// (load_recording()).
  /// @thread blocks on the disk when it is not in memory   @errors not_found, invalid, io
  [[nodiscard]] base::Result<std::shared_ptr<Index>> open(const std::string& lesson);

  /// What start-up needs: open() and a copy.
  [[nodiscard]] base::Result<live::RecordedLesson> recorded(const std::string& lesson);

  /// open() for the one who writes: begins the recording if there is none and `started` is
  /// given, reopens an ended one, and keeps it in memory until release(). One that is beyond
  /// use is set aside.
  /// @errors conflict (being written), not_found, overload (disk full), io
  [[nodiscard]] base::Result<std::shared_ptr<Index>> acquire(const std::string& lesson,
                                                             std::optional<base::WallTime> started);
  void release(const std::string& lesson);

  /// Deletes the recording with everything made of it.
  /// @thread blocks on the disk   @errors not_found, conflict (being written), io
  base::Result<void> remove(const std::string& lesson);

  [[nodiscard]] const Layout& layout() const noexcept { return layout_; }

 private:
  struct State {
    std::map<std::string, std::shared_ptr<Index>, std::less<>> pinned;
    std::deque<std::pair<std::string, std::shared_ptr<Index>>> recent;  ///< newest first
  };
  [[nodiscard]] std::shared_ptr<Index> find(const std::string& lesson);
  base::Result<std::shared_ptr<Index>> load(const std::string& lesson) TONGKE_REQUIRES(loading_);
  base::Result<std::shared_ptr<Index>> begin(const std::string& lesson, base::WallTime started) const;
  base::Result<void> reopen(const std::string& lesson, Index& index) const;
  static void remember(State& state, const std::string& lesson, std::shared_ptr<Index> index);

  Layout layout_;
  base::Guarded<State> state_;
  base::Mutex loading_;  ///< one load at a time: two must not repair the same recording
};

}  // namespace tongke::relay::record
