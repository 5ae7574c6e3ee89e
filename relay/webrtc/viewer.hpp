#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "relay/webrtc/agreement.hpp"
#include "relay/webrtc/counters.hpp"
#include "relay/webrtc/fanout.hpp"
#include "relay/webrtc/feedback_meter.hpp"
#include "relay/webrtc/outgoing.hpp"
#include "relay/webrtc/rate_controller.hpp"
#include "relay/webrtc/rtcp.hpp"
#include "relay/webrtc/session.hpp"

namespace tongke::relay::webrtc {

/// One viewer of a lesson: what it gets, how fast, and what it gets again. Video waits in a
/// queue of references when the line is slower than the frames come; what has waited too long
/// gives way to the next keyframe. Audio never waits.
/// @thread its worker's
class Viewer final : public Session::User {
 public:
  /// Video packets that may be asked for again.
  static constexpr std::size_t kKept = 512;

  struct Setup {
    Agreement agreement;
    Ssrcs ssrcs;
    /// Bits per second that it wants at most, if a smaller picture can be had.
    std::uint64_t limit = UINT64_MAX;
    /// Told now and then that media has arrived at the viewer's, by its own report.
    /// @thread the worker's
    std::function<void()> received = {};
  };
  /// `session` and `fanout` outlive the viewer.
  Viewer(Session& session, Fanout& fanout, const Setup& setup, Counters& counters);
  ~Viewer() override;

  void connected() override;
  void rtp(base::ByteView /*packet*/) override {}
  void rtcp(base::ByteView compound) override;
  void tick(base::Steady::time_point now) override;

  /// The lesson's next video frame, with audio that goes along.
  void video(const FramePtr& frame, const Fanout::Sound& riding, base::Steady::time_point now);
  void audio(const Fanout::Sound& sound);
  /// Gets several audio frames as one packet: its line is poor, or it has no picture.
  [[nodiscard]] bool thrifty() const noexcept { return thrifty_; }
  void joined_audio(const FramePtr& group) { send_audio(std::span(&group, 1)); }
  /// Between two groups, the last of which ended with frame `last`, a viewer may change over.
  void audio_group_ended(std::uint32_t last);
  /// Sends what the line takes by now.
  void pace(base::Steady::time_point now);
  /// Whether pace() should be called every few milliseconds.
  [[nodiscard]] bool pacing() const noexcept { return connected_ && (!queue_.empty() || padding_ > 0); }
  [[nodiscard]] bool has_connected() const noexcept { return connected_; }

 private:
  struct Queued {
    FramePtr frame;
    base::Steady::time_point since;
  };

  /// Those within what it wants; audio and one picture at least.
  [[nodiscard]] std::span<const Fanout::Step> steps() const;
  void turn_over(base::Steady::time_point now);
  void drop_queue();
  void need_keyframe(base::Steady::time_point now);
  void catch_up(base::Steady::time_point now);
  void enqueue(const FramePtr& frame, base::Steady::time_point now);
  void drain(base::Steady::time_point now, std::span<const FramePtr> riding);
  /// What this viewer gets of it besides its groups.
  [[nodiscard]] std::span<const FramePtr> apart(const Fanout::Sound& sound) const;
  void refill(base::Steady::time_point now);
  void skip_to_key(base::Steady::time_point now);
  [[nodiscard]] bool send_batch(const MediaFrame& frame, const MediaFrame::Batch& batch,
                                const MediaFrame* riding);
  std::size_t write_riding(std::uint8_t* out, const MediaFrame& sound);
  void send_audio(std::span<const FramePtr> frames);
  void send_padding(base::Steady::time_point now);

  void nack(const rtcp::Nack& nack);
  void receipt(const rtcp::ReportBlock& block);
  void feedback(const rtcp::TransportCc& feedback);
  void reports(const rtcp::Packet& packet);
  void send_reports();
  void adapt(base::Steady::time_point now);
  void await_target(base::Steady::time_point now);
  void take_step(std::uint8_t wanted, base::Steady::time_point now);
  void sent(std::size_t packets, std::size_t bytes);

  Session& session_;
  Fanout& fanout_;
  Counters& counters_;
  std::unique_ptr<SendLog> log_;
  std::optional<OutgoingStream> audio_;
  std::optional<OutgoingStream> video_;
  std::optional<OutgoingStream> rtx_;

  bool connected_ = false;
  std::uint8_t rendition_ = Fanout::Step::kNoVideo;  ///< being sent
  std::uint8_t target_ = Fanout::Step::kNoVideo;     ///< to be sent from its next keyframe on
  bool waiting_for_key_ = true;
  bool gives_way_ = false;  ///< nothing of it any more: its successor's keyframe is on its way
  bool paused_ = false;     ///< the line carries no video
  bool thrifty_ = false;
  bool be_thrifty_ = false;        ///< from the next group of audio on
  std::uint32_t apart_from_ = 0;   ///< first audio frame that is sent by itself
  std::uint32_t apart_until_ = 0;  ///< and, when thrifty, the last

  std::deque<Queued> queue_;
  std::size_t queue_batch_ = 0;  ///< next of the front frame
  std::size_t queue_bytes_ = 0;
  base::MediaTime shown_{0};             ///< of the newest picture that was taken
  base::Steady::time_point turned_{};    ///< when rendition_ began
  base::Steady::time_point targeted_{};  ///< when target_ was chosen
  std::uint64_t limit_;
  std::function<void()> received_;
  base::Steady::time_point receipt_{};
  std::map<std::uint32_t, std::uint32_t> arrived_;  ///< newest sequence number reported, by SSRC
  double budget_ = 0;                               ///< bytes that may leave now
  base::Steady::time_point refilled_{};

  RateController controller_;
  FeedbackMeter meter_;
  LineReport report_;
  std::uint64_t padding_ = 0;  ///< bits per second
  double padding_debt_ = 0;
  base::Steady::time_point padded_{};
  std::uint64_t media_bytes_ = 0;
  base::Steady::time_point adapted_{};
  base::Steady::time_point reported_{};
  std::uint32_t last_rtp_time_ = 0;
};

}  // namespace tongke::relay::webrtc
