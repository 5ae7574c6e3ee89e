#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/wire/ladder.hpp"
#include "pipeline/wire/messages.hpp"
#include "relay/webrtc/fanout.hpp"
#include "relay/webrtc/history.hpp"
#include "relay/webrtc/media_frame.hpp"

namespace tongke::relay::webrtc {

/// A lesson's frames on the control thread: numbered, timed and kept for workers whose first
/// viewer is still to come.  @thread control
class Program {
 public:
  /// Numbers and keeps a frame; null when it cannot be sent by RTP (counted by the caller).
  [[nodiscard]] FramePtr add(const pipeline::wire::Frame& frame);

  /// What the lesson can be had as besides, from now on: every step of the ladder, numbered as its
  /// frames will be; those that are not among `steps` without a rate.
  [[nodiscard]] std::vector<Fanout::Offer> offer(const std::vector<const pipeline::wire::LadderStep*>& steps);
  /// Name of the rendition with this number; "" for none.
  [[nodiscard]] std::string name_of(std::uint8_t rendition) const;

  /// All of the source's video comes in another order than it is shown in (B-frames): browsers do not
  /// play that by RTP, so none of it is sent. Over once a whole GOP came in order.
  [[nodiscard]] bool reordered() const noexcept;
  /// Frames to begin with, and when media time zero was.
  [[nodiscard]] Fanout::Seed seed(const std::string& lesson) const;

 private:
  struct Rendition {
    std::uint8_t index = 0;
    pipeline::wire::TrackKind kind = pipeline::wire::TrackKind::video;
    std::uint32_t frames = 0;
    base::MediaTime last{-1};
    std::optional<std::uint32_t> next_rtp_time;  ///< audio: samples follow each other without gaps
    bool reordered = false;
    std::uint32_t steps_back = 0;  ///< of the presentation time, since the last keyframe
    History history;
  };
  Rendition* rendition(const std::string& name, pipeline::wire::TrackKind kind);
  static void watch_order(Rendition& rendition, const pipeline::wire::Frame& frame);
  static std::uint32_t time_of(Rendition& rendition, const pipeline::wire::Frame& frame);

  std::map<std::string, Rendition> renditions_;
  std::optional<std::chrono::system_clock::time_point> media_zero_;
};

}  // namespace tongke::relay::webrtc
