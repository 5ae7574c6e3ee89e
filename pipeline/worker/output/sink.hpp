#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/output/pacer.hpp"
#include "pipeline/worker/output/schedule.hpp"

namespace tongke::pipeline::worker::output {

/// The packets' ids, the same for every channel and for ever: a head-end is set to them once.
inline constexpr int kPmtPid = 0x100;
inline constexpr int kVideoPid = 0x101;
inline constexpr int kAudioPid = 0x102;

/// MPEG-TS: how long before its decoding a picture begins to arrive. A large keyframe is spread over it.
inline constexpr base::MediaTime kMuxDelay{std::chrono::milliseconds(600)};

/// One destination: libav's muxer and the connection it writes to. MPEG-TS goes through a Pacer.
/// @thread one
class Sink {
 public:
  /// What is to be sent, null for none; of constant bit rate there is sound in any case. With `layer2`
  /// the sound that is written is that.
  struct Tracks {
    const AVCodecParameters* video = nullptr;
    const AVCodecParameters* audio = nullptr;
  };

  /// Connects; waits for it some seconds.  @errors unavailable: no message holds the address
  [[nodiscard]] static base::Result<std::unique_ptr<Sink>> open(const wire::OutputOpen& open,
                                                                const Tracks& tracks);
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// Pictures that follow have other parameters.  @errors invalid: another codec
  [[nodiscard]] base::Result<void> video_changed(const AVCodecParameters& parameters);
  /// Sends a frame; RTMP may wait for the destination. A unit without bytes is a frame of silence.
  /// @errors unavailable: the destination is gone
  [[nodiscard]] base::Result<void> write(const Unit& unit);

  /// Length of a frame of sound; 0 when no silence can be made of its kind.
  [[nodiscard]] base::MediaTime sound_frame() const noexcept { return sound_frame_; }
  /// How long before its decoding a frame would begin to arrive if it was written now: kMuxDelay, or less
  /// when frames do not fit into the rate.
  [[nodiscard]] base::MediaTime lead(base::MediaTime dts) const;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return pacer_ ? pacer_->sent() : written_; }
  [[nodiscard]] std::uint64_t underruns() const noexcept { return pacer_ ? pacer_->underruns() : 0; }

 private:
  explicit Sink(const wire::OutputOpen& open) : open_(open) {}
  [[nodiscard]] bool is_ts() const noexcept { return open_.format == wire::OutputFormat::mpegts; }
  base::Result<void> connect();
  base::Result<void> add(wire::TrackKind kind, const AVCodecParameters& parameters);
  base::Result<void> filter(const AVCodecParameters& parameters);
  base::Result<void> begin();

  const wire::OutputOpen open_;
  AVIOContext* line_ = nullptr;   // to the destination; closed by avio_closep
  av::Handle<AVIOContext> made_;  // mpegts: takes what the muxer makes to the pacer
  av::Output output_;
  std::unique_ptr<Pacer> pacer_;
  av::Handle<AVBSFContext> annex_b_;
  av::Handle<AVPacket> packet_;
  AVStream* video_ = nullptr;
  AVStream* audio_ = nullptr;
  std::vector<std::uint8_t> silence_;
  std::vector<std::uint8_t> news_;  // rtmp: parameters to go with the next picture
  base::MediaTime sound_frame_{0};
  std::optional<base::MediaTime> first_;  // dts of the first frame written
  std::uint64_t written_ = 0;
  bool begun_ = false;
};

}  // namespace tongke::pipeline::worker::output
