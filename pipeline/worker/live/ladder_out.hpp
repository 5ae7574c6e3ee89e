#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/executor.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/ladder/ladder.hpp"
#include "pipeline/worker/live/rendition.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/rtp/h264_packetizer.hpp"

namespace tongke::pipeline::worker::live {

/// The ladder of a session: pictures of the source in, Init, Parts and Frames of the wanted steps out,
/// and stills.
/// @thread the loop's
class LadderOut : public std::enable_shared_from_this<LadderOut> {
 public:
  [[nodiscard]] static std::shared_ptr<LadderOut> create(const wire::Open& open, base::Executor& loop,
                                                         Emit emit);

  /// Names that are no step's are none of its business.
  void want(const std::string& rendition, bool on);

  /// Parameters of the pictures that follow.
  void configure(std::shared_ptr<const StreamConfig> config) { config_ = std::move(config); }
  /// @param pts  on the media clock; of a keyframe that begins a segment, the segment's start
  void add(const timing::Segment& segment, base::MediaTime pts, const AccessUnit& unit);

  /// Emits everything; nothing may follow.
  void finish();

  [[nodiscard]] std::uint64_t dropped() const noexcept { return ladder_->dropped(); }

 private:
  LadderOut(const wire::Open& open, Emit emit) : open_(open), emit_(std::move(emit)) {}
  void take();
  void take(ladder::Made made);

  /// A step's rendition stays when it is not wanted: it goes on with its parameters.
  struct Step {
    std::unique_ptr<Rendition> rendition;
    std::shared_ptr<const StreamConfig> config;
    rtp::H264Packetizer packetizer = {};
  };

  wire::Open open_;
  Emit emit_;
  std::shared_ptr<const StreamConfig> config_;
  std::map<const wire::LadderStep*, Step> steps_;
  std::unique_ptr<ladder::Ladder> ladder_;  ///< last: its thread ends before what it wakes goes
};

}  // namespace tongke::pipeline::worker::live
