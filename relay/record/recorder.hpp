#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <variant>

#include "base/executor.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"
#include "relay/live/media.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/disk.hpp"
#include "relay/record/lesson_writer.hpp"

namespace tongke::relay::record {

/// Something the office should know about a recording.
struct Notice {
  std::string lesson;
  Trouble trouble = Trouble::none;
  bool over = false;         ///< everything is recorded again
  Level level = Level::all;  ///< what is recorded now; says nothing about overload
  std::string detail = {};   ///< for logs, not for people
};

/// A segment that was served live but is not in the recording at all.
struct LostSegment {
  std::string lesson;
  std::string rendition;
  std::uint32_t msn = 0;
};

class Recorder;

/// One lesson's way into the recorder. Destroying it without end() leaves the recording
/// open: the lesson can go on in it after a restart.
/// @thread control; never blocks. The Recorder must outlive it.
class LessonRecording {
 public:
  using OnEnded = std::function<void(base::Result<void>)>;

  ~LessonRecording();
  LessonRecording(const LessonRecording&) = delete;
  LessonRecording& operator=(const LessonRecording&) = delete;

  /// Announces the init segment that the parts after it need. Numbers grow; the same number
  /// again must have the same bytes.
  void init(const std::string& rendition, live::TrackKind kind,
            std::shared_ptr<const live::RenditionInit> init);
  /// @param init  number of the RenditionInit it needs: the newest announced
  void part(const std::string& rendition, std::uint32_t msn, const live::MediaPart& part, std::uint32_t init,
            bool discontinuity, bool ends_segment);
  void gap(const live::Gap& gap);
  /// What was sent in later for a gap; `done` is posted to control (errors of LessonWriter::fill(), and
  /// overload when the queue is full).
  void fill(FillWrite write, OnEnded done);
  /// The lesson is over: the journal becomes the index. `on_ended` is posted to control once
  /// that is on the disk. Nothing may be recorded after it.
  void end(OnEnded on_ended = {});

 private:
  friend class Recorder;
  LessonRecording(Recorder& recorder, std::shared_ptr<LessonWriter> writer);

  struct Feed {
    live::TrackKind kind = live::TrackKind::video;
    std::shared_ptr<const live::RenditionInit> unsent;  ///< announced, not yet queued
    bool dropping = false;                              ///< the queue was full: wait for the next segment
  };
  [[nodiscard]] bool send(const std::string& rendition, Feed& feed, PartWrite write);
  void set_overloaded(bool overloaded);

  Recorder& recorder_;
  std::shared_ptr<LessonWriter> writer_;  ///< only passed on: used on the writer thread
  std::map<std::string, Feed, std::less<>> feeds_;
  bool overloaded_ = false;
  bool ended_ = false;
};

/// Writes the recordings of all lessons on one disk, on one thread of its own. Its queue
/// holds parts while the disk is slow; when it is full, a rendition whose part does not fit
/// is dropped up to its next segment start, which is noted as a loss.
class Recorder {
 public:
  struct Options {
    Disk::Limits disk;
    std::size_t queue_bytes = 64U << 20U;
  };
  /// What control is told; posted to it. Nothing is called once the Recorder is gone.
  struct Reports {
    std::function<void(const Notice&)> notice;
    std::function<void(const LostSegment&)> lost;
  };

  Recorder(Catalog& catalog, Options options, base::Executor& control, Reports reports);
  /// Writes what is queued, leaves open recordings open and synced.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Begins the lesson's recording; goes on with it if there is one, even an ended one.
  /// Whether it can be written turns up as a Notice.
  /// @param started  wall time of media time zero   @thread control
  /// @errors invalid (not a lesson id)
  [[nodiscard]] base::Result<std::unique_ptr<LessonRecording>> begin(const std::string& lesson,
                                                                     base::WallTime started);
  /// Goes on with a recording found at start-up.  @thread control   @errors invalid
  [[nodiscard]] base::Result<std::unique_ptr<LessonRecording>> resume(const std::string& lesson);
  /// Changes Disk::Limits::min_free from the next segment on.  @thread any
  void set_min_free(std::uint64_t bytes) noexcept { disk_.set_min_free(bytes); }
  /// Deletes a recording; `done` is posted to control (errors of Catalog::remove()).  @thread any
  void remove(const std::string& lesson, std::function<void(base::Result<void>)> done);

 private:
  friend class LessonRecording;

  using Done = std::function<void(base::Result<void>)>;
  struct Open {};
  struct Announce {
    std::string rendition;
    live::TrackKind kind = live::TrackKind::video;
    std::shared_ptr<const live::RenditionInit> init;
  };
  struct End {
    Done done;
  };
  struct FillIn {
    FillWrite write;
    Done done;
  };
  struct Close {};
  struct Remove {
    std::string lesson;
    Done done;
  };
  struct Item {
    std::shared_ptr<LessonWriter> writer;
    std::variant<Open, Announce, PartWrite, live::Gap, FillIn, End, Close, Remove> what;
  };

  [[nodiscard]] std::unique_ptr<LessonRecording> start(const std::string& lesson,
                                                       std::optional<base::WallTime> started);
  bool push(Item item, std::size_t weight);
  void notify(Notice notice);
  void notify(LostSegment lost);
  void notify_overload(const std::string& lesson, bool overloaded);
  void answer(const Done& done, base::Result<void> result);

  // ---- on the writer thread ----
  void run();
  void handle(Item& item);
  void open(const std::shared_ptr<LessonWriter>& writer);
  void write(const std::shared_ptr<LessonWriter>& writer, const PartWrite& what);
  void finish(const std::shared_ptr<LessonWriter>& writer, const End* end);
  void mark_dirty(LessonWriter& writer);
  void sync_all();
  void report_level();

  Catalog& catalog_;
  base::Executor& control_;
  /// Posted tasks hold it weakly: it dies on the control thread, like they run there.
  std::shared_ptr<const Reports> reports_;
  base::BoundedQueue<Item> queue_;
  Disk disk_;
  std::atomic<Level> reported_ = Level::all;
  std::atomic<Trouble> reported_trouble_ = Trouble::none;
  std::map<std::string, std::shared_ptr<LessonWriter>> active_;
  std::map<LessonWriter*, base::Steady::time_point> unopened_;  ///< when to try again
  std::set<LessonWriter*> dirty_;
  base::Steady::time_point dirty_since_{};
  std::thread thread_;
};

}  // namespace tongke::relay::record
