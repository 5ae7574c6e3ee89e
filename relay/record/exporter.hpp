#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/glib/process.hpp"
#include "base/result.hpp"
#include "relay/record/archive.hpp"

namespace tongke::relay::record {

enum class ExportKind : std::uint8_t {
  mp4,  ///< recording.mp4: the teacher's own video and audio
  m4a,  ///< recording.m4a: the small audio rendition
};

/// Makes downloads out of recordings, by remuxing in a child process, one at a time. What
/// was made is kept beside the recording and handed out again until the recording has grown.
/// While a lesson is live, an export holds what was complete when it was begun.
/// @thread control; never blocks on media, only on names in the export folder
class Exporter {
 public:
  struct Options {
    std::string pipeline;  ///< path of tongke-pipeline
    int nice = 10;
    std::chrono::milliseconds deadline = std::chrono::minutes(15);  ///< for one export
    std::size_t waiting = 16;  ///< exports asked for and not done; more are refused
    /// Refused unless this is left on the disk besides the export: recordings go first.
    std::uint64_t min_free = 0;
  };
  using OnDone = std::function<void(base::Result<std::filesystem::path>)>;

  Exporter(base::glib::MainLoop& control, Catalog& catalog, ArchiveReader& archive, Options options);
  /// Kills what is running; nobody is called any more.
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  /// Calls `done`, later, with a whole file that plays from its start while it is downloaded.
  /// Requests for the same thing share one export.
  /// @errors not_found (no recording, or nothing in it yet), overload (too many waiting, or too
  ///         little space), timeout, unavailable (no child can be started), internal (the child failed)
  void request(const std::string& lesson, ExportKind kind, OnDone done);

  /// How far an export asked for has come, 0 to 1; nullopt when none is under way.
  [[nodiscard]] std::optional<double> progress(const std::string& lesson, ExportKind kind) const;

 private:
  struct Job;
  using Jobs = std::list<std::shared_ptr<Job>>;

  void start_next();
  void plan(Job& job, base::Result<std::shared_ptr<const Contents>> contents);
  base::Result<void> spawn(Job& job, std::vector<std::string> argv);
  void read_progress(Job& job);
  void exited(Job& job, const base::glib::ProcessExit& exit);
  void finish(Job& job, base::Result<std::filesystem::path> result);

  base::glib::MainLoop& control_;
  Catalog& catalog_;
  ArchiveReader& archive_;
  const Options options_;
  Jobs jobs_;  ///< the first one runs
};

}  // namespace tongke::relay::record
