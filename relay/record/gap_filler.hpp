#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/glib/main_loop.hpp"
#include "base/glib/process.hpp"
#include "base/result.hpp"
#include "relay/record/archive.hpp"
#include "relay/record/fill_plan.hpp"
#include "relay/record/lesson_writer.hpp"

namespace tongke::relay::record {

/// Sound that a studio page kept while its line was down.
struct KeptSound {
  /// A whole file, as the browser made it.
  struct Piece {
    base::MediaTime start{0};  ///< of its first sample, on the lesson's media clock
    base::SharedBytes bytes;
  };
  enum class Container : std::uint8_t { webm, mp4 };

  Container container = Container::webm;
  std::vector<Piece> pieces;  ///< in order of time
  base::MediaTime end{0};     ///< of the last piece
};

/// Puts kept sound into the gaps of recordings that are being written: a child turns it into segments
/// like the recording's own and holds the last picture before the gap beside them. One at a time.
/// @thread control
class GapFiller {
 public:
  struct Options {
    std::string pipeline;  ///< path of tongke-pipeline
    int nice = 10;
    std::chrono::milliseconds deadline{20'000};  ///< for one gap
    std::size_t waiting = 8;                     ///< asked for and not done; more are refused
  };
  using OnWritten = std::function<void(base::Result<void>)>;
  /// Hands segments to the lesson's recording.
  using Write = std::function<void(const std::string& lesson, FillWrite write, OnWritten done)>;
  /// How much sound a gap now has.
  using OnDone = std::function<void(const base::Result<base::MediaTime>&)>;

  GapFiller(base::glib::MainLoop& control, Catalog& catalog, ArchiveReader& archive, Options options,
            Write write);
  /// Kills what is running; nobody is called any more.
  ~GapFiller();
  GapFiller(const GapFiller&) = delete;
  GapFiller& operator=(const GapFiller&) = delete;

  /// Only what falls into one gap for which nothing was sent in yet is used.
  /// @errors invalid (not to be decoded), not_found, conflict and unavailable (plan_fill(), or nothing is
  ///         recorded), overload (too many waiting), timeout, io
  void fill(const std::string& lesson, KeptSound sound, OnDone done);

 private:
  struct Job;
  void start_next();
  void plan(Job& job, const base::Result<std::shared_ptr<const Contents>>& contents);
  [[nodiscard]] base::Result<void> spawn(Job& job);
  void exited(Job& job, const base::glib::ProcessExit& exit);
  void finish(Job& job, const base::Result<base::MediaTime>& result);

  base::glib::MainLoop& control_;
  Catalog& catalog_;
  ArchiveReader& archive_;
  const Options options_;
  const Write write_;
  std::list<std::shared_ptr<Job>> jobs_;  ///< the first one runs
};

}  // namespace tongke::relay::record
