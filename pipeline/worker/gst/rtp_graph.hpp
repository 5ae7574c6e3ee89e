#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "pipeline/worker/gst/handle.hpp"
#include "pipeline/worker/gst/rtp_description.hpp"
#include "pipeline/worker/gst/track_tap.hpp"

namespace tongke::pipeline::worker::gst {

/// The GStreamer side of RtpIntake: rtpbin between two pads that packets are pushed into, a
/// tap for every stream that comes out, and a sink for what it says by RTCP.
/// @thread pushed into and read by one thread; its own threads only fill what is guarded
class RtpGraph {
 public:
  /// One RTP source: a track, or a simulcast layer of one.
  struct Stream {
    std::uint32_t ssrc = 0;
    std::unique_ptr<TrackTap> tap;
  };
  /// A codec that nothing here understands.
  struct Unsupported {
    TrackKind kind = TrackKind::video;
    std::string codec;
  };
  struct Settings {
    std::chrono::milliseconds latency{100};
    bool transcodes = true;  ///< false: VP8 counts as unsupported
  };

  /// @param wake  called on any thread when there is something to read
  [[nodiscard]] static base::Result<std::unique_ptr<RtpGraph>> create(RtpDescription description,
                                                                      Settings settings,
                                                                      std::function<void()> wake);
  ~RtpGraph();
  RtpGraph(const RtpGraph&) = delete;
  RtpGraph& operator=(const RtpGraph&) = delete;

  void push_rtp(base::ByteView packet) { push(rtp_.get(), packet); }
  void push_rtcp(base::ByteView packet) { push(rtcp_.get(), packet); }

  /// From now on wake() is called again. Read everything after it.
  void reading() noexcept { awake_ = false; }
  [[nodiscard]] std::vector<std::shared_ptr<Stream>> streams();
  [[nodiscard]] std::vector<base::SharedBytes> take_rtcp();
  [[nodiscard]] std::vector<Unsupported> take_unsupported();
  /// Feedback packets that nobody took in time, since the last call.
  [[nodiscard]] std::uint64_t take_dropped() noexcept { return dropped_.exchange(0); }
  /// What stopped the graph, once.
  [[nodiscard]] std::optional<std::string> error();

 private:
  RtpGraph(RtpDescription description, Settings settings, std::function<void()> wake);
  bool build();
  bool connect_rtcp_out(GstElement* rtpbin);
  [[nodiscard]] Handle<GstPad> feed(GstElement* rtpbin, const char* pad, const char* caps);
  void push(GstPad* pad, base::ByteView packet);
  [[nodiscard]] GstElement* retransmission_receiver(guint session) const;
  void on_pad(GstPad* pad);
  void on_rtcp(GstAppSink* sink);
  void discard(GstPad* pad);
  void wake();

  const RtpDescription description_;
  const Settings settings_;
  const std::function<void()> wake_;
  std::atomic<bool> awake_{false};  ///< wake_() was called and nobody has read since
  Handle<GstElement> pipeline_;
  Handle<GstBus> bus_;
  Handle<GstPad> rtp_;
  Handle<GstPad> rtcp_;
  Handle<GstElement> rtcp_out_;
  base::Guarded<std::vector<std::shared_ptr<Stream>>> streams_;
  base::Guarded<std::vector<base::SharedBytes>> said_;
  std::atomic<std::uint64_t> dropped_{0};
  base::Guarded<std::vector<Unsupported>> unsupported_;
};

}  // namespace tongke::pipeline::worker::gst
