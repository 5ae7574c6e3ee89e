#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "relay/webrtc/history.hpp"
#include "relay/webrtc/opus_group.hpp"

namespace tongke::relay::webrtc {

class Viewer;

/// What a lesson's viewers on one worker share: its frames, kept once, and who gets them.
/// Audio waits for the next video frame and leaves with it, two frames of it as one packet: a
/// message of its own costs as much as a whole video frame. Viewers with a poor line get more
/// audio frames as one packet.
/// @thread its worker's
class Fanout {
 public:
  static constexpr std::size_t kMaxRenditions = 16;
  /// Longest wait of an audio frame for company: a little more than from one picture to the next.
  static constexpr std::chrono::milliseconds kAudioWait{40};
  /// Keyframes are asked for at most this often.
  static constexpr std::chrono::milliseconds kKeyframePace{500};

  /// What can be sent, by rising rate. The first is audio alone.
  struct Step {
    static constexpr std::uint8_t kNoVideo = 0xFF;
    std::uint8_t rendition = kNoVideo;
    std::uint64_t rate = 0;  ///< bits per second, audio included
  };

  /// A picture that is made only while somebody watches it.
  struct Offer {
    std::uint8_t rendition = 0;
    std::uint64_t rate = 0;  ///< bits per second it takes at most; 0: it cannot be had now
    base::Steady::time_point barred_until = {};  ///< nothing came of it
  };

  /// Audio that leaves together.
  struct Sound {
    std::vector<FramePtr> frames;
    FramePtr joined;  ///< all of it in one packet; null when it is not two that can be
  };

  /// What a lesson looks like when a worker's first viewer comes.
  struct Seed {
    std::string lesson;
    /// Wall time of media time zero: what sender reports tell players to line up by.
    std::chrono::system_clock::time_point media_zero;
    std::vector<FramePtr> frames;  ///< in the order they came
    std::vector<Offer> offers;
    std::function<void()> keyframe_wanted;
    /// Somebody watches what is offered.
    std::function<void(std::uint8_t rendition)> watched;
  };
  explicit Fanout(Seed seed);

  void frame(FramePtr frame, base::Steady::time_point now);
  void join(Viewer& viewer) { viewers_.push_back(&viewer); }
  void leave(Viewer& viewer) { std::erase(viewers_, &viewer); }
  /// Sends audio that has waited long enough.
  void flush_audio(base::Steady::time_point now, bool all);
  [[nodiscard]] bool audio_waits() const noexcept { return !waiting_audio_.empty(); }

  /// A keyframe of the source is needed.
  void request_keyframe(base::Steady::time_point now);

  void set_offers(std::vector<Offer> offers);
  /// Whether it is the ladder's, not the source's own.
  [[nodiscard]] bool is_offer(std::uint8_t rendition) const noexcept;
  /// Somebody watches an offer, or waits for it: it is to be made, or goes on to be.
  void watch(std::uint8_t rendition, base::Steady::time_point now);
  /// It did not come: others are chosen for a while.
  void bar(std::uint8_t rendition, base::Steady::time_point now);
  /// Whether frames of it come.
  [[nodiscard]] bool is_made(std::uint8_t rendition) const noexcept;

  [[nodiscard]] const MediaFrame* find(std::uint8_t rendition, std::uint32_t number) const noexcept;
  [[nodiscard]] const History& history(std::uint8_t rendition) const noexcept {
    return histories_[rendition];
  }
  [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
  [[nodiscard]] const std::string& lesson() const noexcept { return lesson_; }
  [[nodiscard]] std::size_t viewers() const noexcept { return viewers_.size(); }
  [[nodiscard]] base::MediaTime media_time(std::chrono::system_clock::time_point at) const {
    return std::chrono::duration_cast<base::MediaTime>(at - media_zero_);
  }

 private:
  void keep(const FramePtr& frame);
  [[nodiscard]] Sound take_waiting();
  void group_audio(const FramePtr& frame);
  void end_audio_group();
  void update_steps();
  void add_offered_steps(std::uint64_t source_rate);

  std::string lesson_;
  std::chrono::system_clock::time_point media_zero_;
  std::function<void()> keyframe_wanted_;
  std::function<void(std::uint8_t)> watched_;
  std::vector<Offer> offers_;
  std::array<base::Steady::time_point, kMaxRenditions> watched_at_{};
  base::MediaTime source_at_{0};  ///< newest picture of the source
  std::array<History, kMaxRenditions> histories_;
  std::vector<Step> steps_;
  std::vector<Viewer*> viewers_;
  std::vector<FramePtr> waiting_audio_;
  OpusGroup audio_group_;
  base::Steady::time_point waiting_since_{};
  base::Steady::time_point requested_{};
  base::MediaTime steps_at_{-1};
};

}  // namespace tongke::relay::webrtc
