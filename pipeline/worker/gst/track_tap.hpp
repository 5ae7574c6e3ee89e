#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "pipeline/worker/gst/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::gst {

/// Taps one elementary stream of a graph: chains a parser (and for RTP a depayloader) to a
/// source pad and turns what arrives into access units.
class TrackTap {
 public:
  /// Called on the streaming thread when there is something to drain.
  using Ready = std::function<void()>;

  /// Whether a pad carries a kind of media that lessons have at all.
  [[nodiscard]] static std::optional<TrackKind> kind_of(GstPad* pad);

  /// Adds the chain to `bin` and links it behind `pad`.
  /// @errors invalid: nothing here understands the pad's caps; the message names the codec
  [[nodiscard]] static base::Result<std::unique_ptr<TrackTap>> attach(GstBin* bin, GstPad* pad, Ready ready);

  ~TrackTap();
  TrackTap(const TrackTap&) = delete;
  TrackTap& operator=(const TrackTap&) = delete;

  /// Delivers everything that waits.
  /// @return how many units were unusable (no timestamp)
  std::uint64_t drain(MediaSink& sink);

  /// Asks the sender for a keyframe; a chain that encodes makes one itself.
  void request_keyframe();

  /// RTP packets that the jitter buffer has given up since the last call.
  [[nodiscard]] std::uint64_t take_lost() noexcept { return lost_.exchange(0); }

  [[nodiscard]] TrackKind kind() const noexcept { return kind_; }

 private:
  TrackTap(TrackKind kind, Ready ready) : kind_(kind), ready_(std::move(ready)) {}
  bool deliver(GstSample* sample, MediaSink& sink);
  [[nodiscard]] bool is_keyframe(GstBuffer* buffer, const std::vector<std::uint8_t>& bytes);

  TrackKind kind_;
  Ready ready_;
  std::atomic<std::uint64_t> lost_{0};
  Handle<GstElement> sink_;
  Handle<GstPad> entry_;  ///< of the chain
  gulong loss_probe_ = 0;
  Handle<GstCaps> caps_;  ///< of the last unit
  bool marks_keyframes_ = false;
  bool h264_ = false;
};

}  // namespace tongke::pipeline::worker::gst
