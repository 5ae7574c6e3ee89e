#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "pipeline/worker/av/picture_decoder.hpp"
#include "pipeline/worker/ladder/line.hpp"
#include "pipeline/worker/ladder/made.hpp"
#include "pipeline/worker/ladder/stills.hpp"

namespace tongke::pipeline::worker::ladder {

/// Makes the renditions that are wanted: one decoder for all, each step scaled from the next
/// larger one. Where one of its segments begins is where the source's begins, on the picture
/// with that time. Stills are made of what is decoded, too. Does nothing while nothing is wanted.
///
/// A machine that is too slow for it leaves out whole groups of pictures: what waited longer
/// than `kPatience` is passed over up to a keyframe that did not.
/// @thread one at a time
class Mill {
 public:
  static constexpr std::chrono::seconds kPatience{5};

  explicit Mill(Line::Output output) : output_(std::move(output)) {}

  /// What is to be made from now on. What is new begins with the next segment; what is no
  /// longer wanted ends with this one, or at once when it was the last.
  void want(const Wishes& wishes);
  void take(const Unit& unit, base::Steady::time_point now);
  /// Delivers everything; nothing may follow.
  void finish();

  /// Units passed over, and pictures that nothing could be made of.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  struct Wanted {
    std::unique_ptr<Line> line;
    bool ending = false;
  };
  [[nodiscard]] bool ready_for(const Unit& unit, base::Steady::time_point now);
  void picture(const AVFrame& picture, base::MediaTime pts);
  void begin_segment(const AVFrame& picture);
  void stop();

  struct Known {
    timing::Segment segment;
    bool begins = true;
  };

  Line::Output output_;
  std::vector<Wanted> lines_;  ///< the largest first
  std::unique_ptr<Stills> stills_;
  std::shared_ptr<const StreamConfig> config_;
  std::unique_ptr<av::PictureDecoder> decoder_;
  bool decoding_ = false;       ///< a keyframe has been taken, and everything since
  std::deque<Known> segments_;  ///< of units taken whose pictures are still to come; in order
  bool begun_ = false;          ///< a picture of the first of them has come
  std::uint64_t dropped_ = 0;
};

}  // namespace tongke::pipeline::worker::ladder
