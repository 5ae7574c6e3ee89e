#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/executor.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/ladder/ladder.hpp"
#include "pipeline/worker/ladder/layer.hpp"
#include "pipeline/worker/live/rendition.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/rtp/h264_packetizer.hpp"

namespace tongke::pipeline::worker::live {

/// The ladder of a session: pictures of the source in, Init, Parts and Frames of the wanted steps out,
/// and stills. A step that the publisher encodes himself (simulcast) is taken from him, and made here
/// only when he fails.
/// @thread the loop's
class LadderOut : public std::enable_shared_from_this<LadderOut> {
 public:
  [[nodiscard]] static std::shared_ptr<LadderOut> create(const wire::Open& open, base::Executor& loop,
                                                         Emit emit);

  /// Names that are no step's are none of its business.
  void want(const std::string& rendition, bool on);

  /// Parameters of the pictures that follow.
  void configure(std::shared_ptr<const StreamConfig> config);
  /// @param pts  on the media clock; of a keyframe that begins a segment, the segment's start
  void add(const timing::Segment& segment, base::MediaTime pts, const AccessUnit& unit);
  /// A picture of a smaller stream of the publisher's. @param pts  on the media clock, roughly
  void add_layer(LayerUnit layer, base::MediaTime pts);

  /// Emits everything; nothing may follow.
  void finish();

  [[nodiscard]] std::uint64_t dropped() const noexcept { return ladder_->dropped(); }

 private:
  LadderOut(const wire::Open& open, Emit emit) : open_(open), emit_(std::move(emit)) {}
  /// A step's rendition stays when it is not wanted: it goes on with its parameters.
  struct Step {
    explicit Step(const wire::LadderStep& which) : step(&which) {}

    const wire::LadderStep* step;
    std::unique_ptr<Rendition> rendition = {};
    std::shared_ptr<const StreamConfig> config = {};
    rtp::H264Packetizer packetizer = {};

    bool wanted = false;
    std::uint32_t layer_id = 0;
    std::optional<ladder::Layer> layer = {};   ///< the publisher's own, if he has one
    bool layered = false;                      ///< the step is the layer now
    std::optional<std::uint32_t> turns = {};   ///< the segment that it is to be from on
    std::optional<std::uint32_t> newest = {};  ///< segment that went out
    std::uint32_t first_made = 0;              ///< what the mill makes of earlier ones is not needed
  };

  Step& step_of(const wire::LadderStep& step) { return steps_.try_emplace(&step, step).first->second; }
  void take();
  void take(ladder::Made made);
  void want(Step& step, bool on);
  void follow(Step& step);
  bool turn(Step& step, std::uint32_t msn, bool exactly);
  static void leave_layer(Step& step);
  void fall_back(Step& step);
  void put(Step& step, ladder::Made made);

  wire::Open open_;
  Emit emit_;
  std::shared_ptr<const StreamConfig> config_;
  std::map<const wire::LadderStep*, Step> steps_;
  std::unique_ptr<ladder::Ladder> ladder_;  ///< last: its thread ends before what it wakes goes
};

}  // namespace tongke::pipeline::worker::live
