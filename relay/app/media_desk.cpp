#include "relay/app/media_desk.hpp"

#include <utility>

#include "base/log.hpp"
#include "relay/webrtc/service.hpp"

namespace tongke::relay::app {

/// Passes a timeline's news on to one lesson's recording.
class MediaDesk::Tape final : public live::TimelineListener {
 public:
  Tape(std::unique_ptr<record::LessonRecording> recording, bool with_ladder)
      : recording_(std::move(recording)), with_ladder_(with_ladder) {}

  void new_init(const std::string& rendition, live::TrackKind kind,
                const std::shared_ptr<const live::RenditionInit>& init) override {
    if (records(rendition)) recording_->init(rendition, kind, init);
  }
  void part_accepted(const std::string& rendition, const live::SegmentInfo& segment,
                     const live::MediaPart& part, bool ends_segment) override {
    if (!records(rendition)) return;
    recording_->part(rendition, segment.msn, part, segment.init, segment.discontinuity, ends_segment);
  }

  [[nodiscard]] record::LessonRecording& recording() { return *recording_; }

 private:
  [[nodiscard]] bool records(const std::string& rendition) const {
    return with_ladder_ || pipeline::wire::find_step(rendition) == nullptr;
  }

  std::unique_ptr<record::LessonRecording> recording_;
  const bool with_ladder_;
};

MediaDesk::MediaDesk(const std::filesystem::path& recordings, base::glib::MainLoop& control, Options options)
    : record_(options.record),
      record_ladder_(options.record_ladder),
      begun_(std::move(options.begun)),
      on_air_(std::move(options.on_air)),
      troubled_(std::move(options.troubled)),
      closed_(std::move(options.closed)),
      catalog_(recordings),
      recorder_(catalog_, options.recorder, control,
                {.notice = [this](const record::Notice& n) { notice(n); },
                 .lost =
                     [this](const record::LostSegment& l) {
                       if (on_lost_) on_lost_(l);
                     }}),
      archive_(catalog_, {}),
      exporter_(control, catalog_, archive_, options.exporter),
      filler_(control, catalog_, archive_, {.pipeline = options.exporter.pipeline},
              [this](const std::string& lesson, record::FillWrite write, auto done) {
                fill(lesson, std::move(write), std::move(done));
              }),
      segments_(archive_) {}

MediaDesk::~MediaDesk() = default;

std::optional<live::RecordedLesson> MediaDesk::recorded(const std::string& lesson) {
  auto recorded = catalog_.recorded(lesson);
  if (recorded) return std::move(*recorded);
  if (recorded.error().kind != base::Errc::not_found) {
    base::log::error("recording cannot be read", {{"lesson", lesson}, {"why", recorded.error().message}});
  }
  return std::nullopt;
}

live::TimelineListener* MediaDesk::begin_recording(const std::string& lesson, base::WallTime started) {
  begun_(lesson, started);
  if (!record_) return nullptr;
  auto recording = recorder_.begin(lesson, started);
  if (!recording) {
    base::log::error("lesson is not recorded", {{"lesson", lesson}, {"why", recording.error().message}});
    return nullptr;
  }
  auto& tape = tapes_[lesson];
  tape = std::make_unique<Tape>(std::move(*recording), record_ladder_);
  return tape.get();
}

void MediaDesk::record_gap(const std::string& lesson, live::Gap gap) {
  const auto tape = tapes_.find(lesson);
  if (tape != tapes_.end()) tape->second->recording().gap(gap);
}

void MediaDesk::fill(const std::string& lesson, record::FillWrite write, record::GapFiller::OnWritten done) {
  const auto tape = tapes_.find(lesson);
  if (tape == tapes_.end())
    return done(base::Error{base::Errc::conflict, "this lesson is not being recorded"});
  tape->second->recording().fill(std::move(write),
                                 [this, lesson, done = std::move(done)](const auto& written) {
                                   if (written) filled_.insert(lesson);
                                   done(written);
                                 });
}

void MediaDesk::end_recording(const std::string& lesson) {
  const auto tape = tapes_.find(lesson);
  if (tape == tapes_.end()) return;
  tape->second->recording().end([this, lesson](const base::Result<void>& closed) {
    if (closed) {
      base::log::info("recording closed", {{"lesson", lesson}});
      closed_(lesson);
    } else {
      base::log::error("recording not closed cleanly", {{"lesson", lesson}, {"why", closed.error().message}});
    }
  });
  tapes_.erase(tape);
}

void MediaDesk::publish(std::shared_ptr<const live::LessonSnapshot> snapshot) {
  if (origin_) origin_->publish(std::move(snapshot));
}

void MediaDesk::frame(const std::string& lesson, const pipeline::wire::Frame& frame) {
  if (viewers_) viewers_->frame(lesson, frame);
}

std::string MediaDesk::trouble(const std::string& lesson) const {
  const auto found = troubles_.find(lesson);
  return found == troubles_.end() ? std::string() : found->second;
}

void MediaDesk::notice(const record::Notice& notice) {
  const std::string code(to_string(notice.trouble));
  if (notice.over) {
    troubles_.erase(notice.lesson);
    base::log::info("recording is whole again", {{"lesson", notice.lesson}});
  } else {
    troubles_[notice.lesson] = code;
    base::log::error("recording is degraded", {{"lesson", notice.lesson},
                                               {"trouble", code},
                                               {"recording", to_string(notice.level)},
                                               {"detail", notice.detail}});
  }
  troubled_(notice.lesson, notice.over ? std::string() : code);
}

}  // namespace tongke::relay::app
