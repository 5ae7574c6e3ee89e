#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/glib/main_loop.hpp"
#include "relay/hls/origin.hpp"
#include "relay/live/outlet.hpp"
#include "relay/record/archive.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/exporter.hpp"
#include "relay/record/recorder.hpp"

namespace tongke::relay::app {

/// Where live lessons meet recorder and origin: the only code that knows all three.
/// @thread control
class MediaDesk final : public live::Outlet {
 public:
  struct Options {
    bool record = true;
    record::Recorder::Options recorder;
    record::Exporter::Options exporter;
  };
  MediaDesk(const std::filesystem::path& recordings, base::glib::MainLoop& control, Options options);
  ~MediaDesk() override;

  /// Snapshots go nowhere before this.
  void attach(hls::Origin* origin) { origin_ = origin; }

  [[nodiscard]] std::optional<live::RecordedLesson> recorded(const std::string& lesson) override;
  live::TimelineListener* begin_recording(const std::string& lesson, base::WallTime started) override;
  void record_gap(const std::string& lesson, live::Gap gap) override;
  void end_recording(const std::string& lesson) override;
  void publish(std::shared_ptr<const live::LessonSnapshot> snapshot) override;

  /// Code of what keeps the lesson from being recorded whole; empty when nothing does.
  [[nodiscard]] std::string trouble(const std::string& lesson) const;

  [[nodiscard]] record::Catalog& catalog() noexcept { return catalog_; }
  [[nodiscard]] record::ArchiveReader& archive() noexcept { return archive_; }
  [[nodiscard]] record::Exporter& exporter() noexcept { return exporter_; }
  [[nodiscard]] record::Recorder& recorder() noexcept { return recorder_; }

 private:
  class Tape;
  void notice(const record::Notice& notice);

  const bool record_;
  hls::Origin* origin_ = nullptr;
  record::Catalog catalog_;
  record::Recorder recorder_;
  record::ArchiveReader archive_;
  record::Exporter exporter_;
  std::map<std::string, std::unique_ptr<Tape>> tapes_;  // by lesson, while recording
  std::map<std::string, std::string> troubles_;         // by lesson
};

}  // namespace tongke::relay::app
