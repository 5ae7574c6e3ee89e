#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/glib/main_loop.hpp"
#include "relay/hls/archive.hpp"
#include "relay/hls/origin.hpp"
#include "relay/live/outlet.hpp"
#include "relay/record/archive.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/exporter.hpp"
#include "relay/record/gap_filler.hpp"
#include "relay/record/recorder.hpp"

namespace tongke::relay::webrtc {
class Service;
}

namespace tongke::relay::app {

/// Where live lessons meet recorder and origin: the only code that knows all three.
/// @thread control
class MediaDesk final : public live::Outlet {
 public:
  struct Options {
    bool record = true;
    bool record_ladder = false;  ///< the renditions made on demand too
    record::Recorder::Options recorder;
    record::Exporter::Options exporter;
    /// Told when a lesson's first frame has come.
    std::function<void(const std::string& lesson, base::WallTime started)> begun;
    /// Told when what is on air is another.
    std::function<void(const std::string& lesson, live::OnAir state)> on_air;
    /// Told when something keeps a lesson from being recorded whole (its code), and when nothing
    /// does any more (empty).
    std::function<void(const std::string& lesson, const std::string& trouble)> troubled;
    /// Told when an ended lesson's recording is complete on disk.
    std::function<void(const std::string& lesson)> closed;
  };
  MediaDesk(const std::filesystem::path& recordings, base::glib::MainLoop& control, Options options);
  ~MediaDesk() override;

  /// Snapshots go nowhere before this. `on_lost` hears of segments that never reached the recording.
  void attach(hls::Origin* origin, std::function<void(const record::LostSegment&)> on_lost) {
    origin_ = origin;
    on_lost_ = std::move(on_lost);
  }

  /// Frames go nowhere before this.
  void attach(webrtc::Service* viewers) { viewers_ = viewers; }

  [[nodiscard]] std::optional<live::RecordedLesson> recorded(const std::string& lesson) override;
  live::TimelineListener* begin_recording(const std::string& lesson, base::WallTime started) override;
  void record_gap(const std::string& lesson, live::Gap gap) override;
  void end_recording(const std::string& lesson) override;
  void publish(std::shared_ptr<const live::LessonSnapshot> snapshot) override;
  void on_air(const std::string& lesson, live::OnAir state) override { on_air_(lesson, state); }
  void frame(const std::string& lesson, const pipeline::wire::Frame& frame) override;

  /// Code of what keeps the lesson from being recorded whole; empty when nothing does.
  [[nodiscard]] std::string trouble(const std::string& lesson) const;

  [[nodiscard]] record::Catalog& catalog() noexcept { return catalog_; }
  [[nodiscard]] record::ArchiveReader& archive() noexcept { return archive_; }
  /// The archive as the origin reads it.
  [[nodiscard]] hls::ArchiveReader& segments() noexcept { return segments_; }
  [[nodiscard]] record::GapFiller& filler() noexcept { return filler_; }
  /// Whether something was sent in for the lesson's gaps since this was last asked: then its replay is
  /// not what its pupils saw live.
  [[nodiscard]] bool take_filled(const std::string& lesson) { return filled_.erase(lesson) > 0; }
  [[nodiscard]] record::Exporter& exporter() noexcept { return exporter_; }
  [[nodiscard]] record::Recorder& recorder() noexcept { return recorder_; }

 private:
  class Tape;
  class Segments final : public hls::ArchiveReader {
   public:
    explicit Segments(record::ArchiveReader& archive) : archive_(archive) {}
    void read(const std::string& lesson, const std::string& rendition, std::uint32_t msn,
              Done done) override {
      archive_.read(lesson, rendition, msn, std::move(done));
    }

   private:
    record::ArchiveReader& archive_;
  };
  void notice(const record::Notice& notice);
  void fill(const std::string& lesson, record::FillWrite write, record::GapFiller::OnWritten done);

  const bool record_;
  const bool record_ladder_;
  const std::function<void(const std::string& lesson, base::WallTime started)> begun_;
  const std::function<void(const std::string& lesson, live::OnAir state)> on_air_;
  const std::function<void(const std::string& lesson, const std::string& trouble)> troubled_;
  const std::function<void(const std::string& lesson)> closed_;
  hls::Origin* origin_ = nullptr;
  webrtc::Service* viewers_ = nullptr;
  record::Catalog catalog_;
  record::Recorder recorder_;
  record::ArchiveReader archive_;
  record::Exporter exporter_;
  record::GapFiller filler_;
  Segments segments_;
  std::function<void(const record::LostSegment&)> on_lost_;
  std::map<std::string, std::unique_ptr<Tape>> tapes_;  // by lesson, while recording
  std::map<std::string, std::string> troubles_;         // by lesson
  std::set<std::string> filled_;
};

}  // namespace tongke::relay::app
