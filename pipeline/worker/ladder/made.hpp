#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "pipeline/wire/ladder.hpp"
#include "pipeline/worker/media.hpp"
#include "pipeline/worker/timing/timeline.hpp"

namespace tongke::pipeline::worker::ladder {

/// One coded picture of the source on the lesson's media clock.
struct Unit {
  std::shared_ptr<const StreamConfig> config;
  timing::Segment segment;
  base::MediaTime pts{0};  ///< of a keyframe that begins a segment: the segment's start
  bool keyframe = false;
  bool begins = true;       ///< renditions may begin with this segment: it is not there for decoding only
  bool after_loss = false;  ///< units between the one before and this one are missing
  base::Steady::time_point came{};
  std::vector<std::uint8_t> bytes = {};
};

/// What is wanted of the ladder.
struct Wishes {
  std::vector<const wire::LadderStep*> steps;
  bool stills = false;

  [[nodiscard]] bool nothing() const noexcept { return steps.empty() && !stills; }
};

/// One picture of a rendition, or the news that no more of it follow for now; or a still.
struct Made {
  const wire::LadderStep* step = nullptr;           ///< null: a still
  bool ends = false;                                ///< no picture: the rendition stops here
  std::shared_ptr<const StreamConfig> config = {};  ///< compared by identity
  timing::Segment segment = {};
  base::MediaTime pts{0};
  base::MediaTime duration{0};  ///< expected
  bool keyframe = false;
  std::vector<std::uint8_t> bytes = {};
};

}  // namespace tongke::pipeline::worker::ladder
