#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "relay/record/append_file.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/disk.hpp"
#include "relay/record/journal.hpp"

namespace tongke::relay::record {

/// A part on its way to the disk.
struct PartWrite {
  std::string rendition;
  std::uint32_t msn = 0;
  std::uint32_t init = 0;
  live::MediaPart part;
  bool discontinuity = false;
  bool ends_segment = false;
  bool after_drop = false;  ///< parts of this rendition before it were dropped on the way
};

/// What was sent in later for a gap, as one child made it.
struct FillWrite {
  struct Track {
    std::string rendition;
    base::SharedBytes file;  ///< an init segment and a fragment for each of `segments`
    std::vector<Segment> segments;
  };
  std::vector<Track> tracks;
};

/// Writes one lesson's recording.
/// @thread the writer's; blocks on the disk
class LessonWriter {
 public:
  /// Called for each segment of which not even the beginning could be recorded.
  using OnLost = std::function<void(const std::string& rendition, std::uint32_t msn)>;

  /// @param started  wall time of media time zero, for a new recording; nullopt: there must be one
  LessonWriter(std::string lesson, std::optional<base::WallTime> started, Disk& disk, Catalog& catalog,
               OnLost on_lost);

  [[nodiscard]] const std::string& lesson() const noexcept { return lesson_; }
  [[nodiscard]] bool writing() const noexcept { return index_ != nullptr; }

  /// Begins the recording, or goes on with the one there is. Parts that come while this has
  /// not succeeded are lost; it may be tried again.
  /// @errors conflict (being written already), not_found, overload (disk full), io
  base::Result<void> open();
  void init(const std::string& rendition, live::TrackKind kind,
            std::shared_ptr<const live::RenditionInit> init);
  void part(const PartWrite& write);
  void gap(const live::Gap& gap);
  /// Writes the files, waits until they are on the disk, then says so in the journal: whoever reads it
  /// finds all of it or, after a crash, what the journal has.
  /// @errors conflict (nothing is being recorded, or the place is taken), overload (disk full), io; the
  ///         recording is then as before
  base::Result<void> fill(const FillWrite& write);
  /// Ends the recording: the index takes the journal's place.
  base::Result<void> end();
  /// Leaves the recording open, to be gone on with.
  void close();

  /// Segments have ended since the last sync().
  [[nodiscard]] bool dirty() const noexcept;
  /// Waits until everything up to the last ended segment is on the disk.
  void sync();

 private:
  struct Tape {
    std::string id;
    live::TrackKind kind = live::TrackKind::video;
    std::shared_ptr<const live::RenditionInit> init;  ///< the newest announced
    AppendFile file;                                  ///< of `file_init`
    std::optional<std::uint32_t> file_init;
    std::optional<PartLine> open;           ///< the segment being written, as one part
    std::optional<base::MediaTime> end;     ///< of what is written
    std::optional<std::uint32_t> last_msn;  ///< of what is written
    base::MediaTime seen{0};                ///< end of what arrived
    Trouble paused = Trouble::none;         ///< why nothing is written
    base::MediaTime lost_from{0};           ///< since when, if so
    bool dirty = false;                     ///< has a whole segment that is not synced
  };

  base::Result<void> open_journal(const Index& index);
  [[nodiscard]] bool take(Tape& tape, const PartWrite& write);
  [[nodiscard]] bool wanted(Tape& tape, const PartWrite& write);
  base::Result<void> write(Tape& tape, const PartWrite& write);
  base::Result<void> open_file(Tape& tape);
  base::Result<void> write_fill(const FillWrite& write, std::uint32_t number);
  base::Result<void> append_journal(std::string_view text);
  void publish(Tape& tape);
  void pause(Tape& tape, Trouble why, base::MediaTime at);
  [[nodiscard]] std::optional<Loss> loss_until(const Tape& tape, base::MediaTime time) const;
  void note_losses();
  void disk_failed(const base::Error& error, Level needed);

  const std::string lesson_;
  const std::optional<base::WallTime> started_;
  Disk& disk_;
  Catalog& catalog_;
  const OnLost on_lost_;
  std::shared_ptr<Index> index_;
  AppendFile journal_;
  std::map<std::string, Tape, std::less<>> tapes_;
};

}  // namespace tongke::relay::record
