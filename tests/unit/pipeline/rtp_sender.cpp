#include "tests/unit/pipeline/rtp_sender.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <array>

#include "base/guarded.hpp"
#include "tests/support/catch.hpp"

namespace tongke::tests {
namespace {

const std::string kTwcc = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
const std::string kExtension = " ! application/x-rtp,extmap-3=(string)\"" + kTwcc + "\"";

std::string track(int session, const std::string& line, const std::string& retransmission) {
  const std::string n = std::to_string(session);
  return line + retransmission + " ! r.send_rtp_sink_" + n + " r.send_rtp_src_" + n + " ! appsink name=rtp" +
         n + " sync=false async=false r.send_rtcp_src_" + n + " ! appsink name=rtcp" + n +
         " sync=false async=false appsrc name=back" + n +
         " format=time do-timestamp=true is-live=true caps=application/x-rtcp ! r.recv_rtcp_sink_" + n + " ";
}

}  // namespace

const std::string RtpSender::kH264 =
    "videotestsrc is-live=true pattern=ball ! video/x-raw,framerate=25/1 ! videoscale ! "
    "capsfilter name=size caps=video/x-raw,width=320,height=180 ! "
    "x264enc tune=zerolatency speed-preset=ultrafast threads=1 key-int-max=3000 bitrate=400 ! "
    "video/x-h264,profile=constrained-baseline ! rtph264pay pt=96 aggregate-mode=none config-interval=-1";
const std::string RtpSender::kVp8 =
    "videotestsrc is-live=true pattern=ball ! video/x-raw,framerate=25/1,width=320,height=180 ! "
    "vp8enc deadline=1 keyframe-max-dist=3000 target-bitrate=400000 ! rtpvp8pay pt=98";
const std::string RtpSender::kOpus =
    "audiotestsrc is-live=true wave=white-noise volume=0.1 samplesperbuffer=960 ! "
    "audio/x-raw,rate=48000,channels=1 ! opusenc bitrate=32000 ! rtpopuspay pt=111";
const std::string RtpSender::kSdp =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f\r\n"
    "a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 transport-cc\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=rtpmap:98 VP8/90000\r\na=rtcp-fb:98 nack\r\na=rtcp-fb:98 nack pli\r\na=rtcp-fb:98 transport-cc\r\n"
    "a=extmap:3 " +
    kTwcc +
    "\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=recvonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtcp-fb:111 transport-cc\r\n"
    "a=extmap:3 " +
    kTwcc + "\r\n";

struct RtpSender::Graph {
  struct Tap {
    Graph* graph = nullptr;
    bool rtcp = false;
    bool video = false;
  };

  GstElement* pipeline = nullptr;
  std::array<Tap, 4> taps;
  base::Guarded<std::vector<SentPacket>> sent;

  void listen(const std::string& name, Tap& tap) {
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), name.c_str());
    if (!sink) return;
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = [](GstAppSink* from, gpointer data) {
      static_cast<Tap*>(data)->graph->take(from, *static_cast<Tap*>(data));
      return GST_FLOW_OK;
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, &tap, nullptr);
    gst_object_unref(sink);
  }

  void take(GstAppSink* from, const Tap& tap) {
    GstSample* sample = gst_app_sink_try_pull_sample(from, 0);
    if (!sample) return;
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    const guint64 running =
        gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
    SentPacket packet{.bytes = Bytes(gst_buffer_get_size(buffer)),
                      .rtcp = tap.rtcp,
                      .video = tap.video,
                      .captured = base::MediaTime(static_cast<std::int64_t>(running / 1000))};
    gst_buffer_extract(buffer, 0, packet.bytes.data(), packet.bytes.size());
    gst_sample_unref(sample);
    sent.with([&](auto& all) { all.push_back(std::move(packet)); });
  }
};

RtpSender::RtpSender(const Tracks& tracks) : graph_(std::make_unique<Graph>()) {
  gst_init(nullptr, nullptr);
  std::string line = "rtpbin name=r rtp-profile=avpf rtcp-sync-send-time=false ";
  if (!tracks.video.empty())
    line += track(0, tracks.video,
                  kExtension +  // one transport, one count: only one session may number its packets
                      " ! rtprtxsend payload-type-map=\"application/x-rtp-pt-map,96=(uint)97\"");
  if (!tracks.audio.empty()) line += track(1, tracks.audio, "");
  GError* error = nullptr;
  graph_->pipeline = gst_parse_launch(line.c_str(), &error);
  INFO(line);
  REQUIRE(error == nullptr);
  for (int n = 0; n < 2; ++n) {
    for (const bool rtcp : {false, true}) {
      auto& tap = graph_->taps[static_cast<std::size_t>(n * 2 + (rtcp ? 1 : 0))];
      tap = {.graph = graph_.get(), .rtcp = rtcp, .video = n == 0};
      graph_->listen((rtcp ? "rtcp" : "rtp") + std::to_string(n), tap);
    }
  }
  gst_element_set_state(graph_->pipeline, GST_STATE_PLAYING);
}

RtpSender::~RtpSender() {
  gst_element_set_state(graph_->pipeline, GST_STATE_NULL);
  gst_object_unref(graph_->pipeline);
}

std::vector<SentPacket> RtpSender::take() {
  return graph_->sent.with([](auto& all) { return std::exchange(all, {}); });
}

void RtpSender::hear(base::ByteView rtcp) {
  for (const char* name : {"back0", "back1"}) {
    GstElement* source = gst_bin_get_by_name(GST_BIN(graph_->pipeline), name);
    if (!source) continue;
    gst_app_src_push_buffer(GST_APP_SRC(source), gst_buffer_new_memdup(rtcp.data(), rtcp.size()));
    gst_object_unref(source);
  }
}

void RtpSender::set(const std::string& element, const std::string& property, const std::string& value) {
  GstElement* found = gst_bin_get_by_name(GST_BIN(graph_->pipeline), element.c_str());
  REQUIRE(found);
  gst_util_set_object_arg(G_OBJECT(found), property.c_str(), value.c_str());
  gst_object_unref(found);
}

}  // namespace tongke::tests
