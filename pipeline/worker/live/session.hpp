#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/live/frames_out.hpp"
#include "pipeline/worker/live/ladder_out.hpp"
#include "pipeline/worker/live/rendition.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/timing/media_clock.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"
#include "pipeline/worker/timing/timeline.hpp"

namespace tongke::pipeline::worker::live {

/// A lesson's way from access units to parts: puts both tracks on the media clock, lets
/// video decide the segments and audio follow, and feeds the renditions.
class Session final : public MediaSink {
 public:
  /// @param loop  the thread that owns the session
  Session(const wire::Open& open, base::Executor& loop, Emit emit);

  void on_config(StreamConfig config) override;
  void on_unit(AccessUnit unit) override;
  void on_layer(LayerUnit layer) override;
  void on_restart() override;

  /// Somebody wants a rendition that is made on demand, or nobody does any more.
  void want(const wire::Want& want) {
    if (want.rendition == "opus") frames_.want_opus(want.on);
    if (ladder_) ladder_->want(want.rendition, want.on);
  }

  /// Flushes everything; nothing may follow.
  void finish();

  [[nodiscard]] wire::Stats stats() const;
  /// Whether any media has come at all.
  [[nodiscard]] bool has_media() const { return stats_.video_frames + stats_.audio_frames != 0; }

 private:
  /// An audio frame and what it is made of; parameters travel with it through the queue.
  struct Held {
    AccessUnit unit;
    std::shared_ptr<const StreamConfig> config;
  };
  void start(const AccessUnit& first);
  void video(AccessUnit unit);
  void audio(Held held);
  void wait_with_audio(AccessUnit unit);
  void release_audio(bool all);
  void release(Held held, bool may_cut);
  bool configure_video();
  void configure_audio(const std::shared_ptr<const StreamConfig>& config);
  void pass_through(const AccessUnit& unit);
  void transcode(const AccessUnit& unit);
  void add_audio(Rendition& rendition, base::MediaTime time, base::MediaTime duration,
                 std::vector<std::uint8_t> bytes);

  wire::Open open_;
  Emit emit_;
  FramesOut frames_;
  wire::Stats stats_;
  base::Steady::time_point last_unit_{};
  std::optional<timing::MediaClock> clock_;
  std::optional<timing::Timeline> timeline_;

  std::shared_ptr<const StreamConfig> video_config_;  ///< for the next keyframe
  bool video_config_is_new_ = false;
  std::vector<std::uint8_t> parameter_sets_;  ///< to go before keyframes, if at all
  std::unique_ptr<Rendition> src_;
  std::shared_ptr<LadderOut> ladder_;  ///< null when nothing may be decoded
  base::MediaTime video_shift_{0};     ///< presentation delay of the parameters' first keyframe
  std::uint32_t keyframes_ = 0;
  std::optional<base::MediaTime> video_time_;
  base::MediaTime video_interval_{0};

  std::shared_ptr<const StreamConfig> audio_config_;  ///< of the newest unit
  std::shared_ptr<const StreamConfig> audio_in_use_;  ///< of the renditions
  std::deque<Held> held_;  ///< audio whose segment is not known yet; before the start, in input time
  base::MediaTime newest_audio_{0};
  std::optional<timing::SampleClock> sample_clock_;
  std::unique_ptr<Rendition> src_audio_;
  std::unique_ptr<Rendition> audio_;
  std::unique_ptr<av::VoiceTranscoder> transcoder_;
};

}  // namespace tongke::pipeline::worker::live
