#include "pipeline/worker/gst/rtp_graph.hpp"

#include <cstdio>
#include <string_view>
#include <utility>

#include "base/log.hpp"

namespace tongke::pipeline::worker::gst {
namespace {

constexpr int kAvpf = 3;  // GstRTPProfile: feedback at once, RFC 4585
/// rtpsession sends one early packet between two regular ones (RFC 4585 section 3.5.2), so
/// this is how long a NACK may have to wait.
constexpr guint64 kReportEvery = 40 * GST_MSECOND;
/// RTCP's share of it, a twentieth, must not stretch that.
constexpr double kSessionBandwidth = 10e6;
/// Lips are brought together by so much a packet, so that no frame goes back in time.
constexpr guint64 kSyncStep = 4 * GST_MSECOND;
/// Compound packets that may wait for the main thread; a stuck one needs no feedback.
constexpr std::size_t kMaxSaid = 64;

GstPadLinkReturn link(GstPad* from, GstPad* to) {
  // The feeding pads have no parent element, so their link skips the hierarchy check.
  return gst_pad_link_full(from, to, GST_PAD_LINK_CHECK_NOTHING);
}

bool is(const GstCaps* caps, std::string_view encoding) {
  const char* name = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  return name && encoding == name;
}

}  // namespace

RtpGraph::RtpGraph(RtpDescription description, Settings settings, std::function<void()> wake)
    : description_(std::move(description)), settings_(settings), wake_(std::move(wake)) {}

base::Result<std::unique_ptr<RtpGraph>> RtpGraph::create(RtpDescription description, Settings settings,
                                                         std::function<void()> wake) {
  std::unique_ptr<RtpGraph> graph(new RtpGraph(std::move(description), settings, std::move(wake)));
  if (!graph->build()) return base::Error{base::Errc::unavailable, "intake: rtpbin is missing"};
  return graph;
}

RtpGraph::~RtpGraph() {
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  for (GstPad* pad : {rtp_.get(), rtcp_.get()}) {
    if (pad) gst_pad_set_active(pad, FALSE);
  }
}

bool RtpGraph::build() {
  pipeline_ = gst::sink(gst_pipeline_new(nullptr));
  bus_.reset(gst_element_get_bus(pipeline_.get()));
  GstElement* rtpbin = gst_element_factory_make("rtpbin", nullptr);
  if (!rtpbin) return false;
  gst_bin_add(GST_BIN(pipeline_.get()), rtpbin);
  // PacketGate bounds the sources, so none of them is ever taken down.
  g_object_set(rtpbin, "rtp-profile", kAvpf, "latency", static_cast<guint>(settings_.latency.count()),
               "do-retransmission", TRUE, "drop-on-latency", TRUE, "do-lost", TRUE,
               "max-ts-offset-adjustment", kSyncStep, nullptr);
  g_signal_connect(rtpbin, "request-pt-map",
                   G_CALLBACK(+[](GstElement*, guint, guint type, gpointer self) noexcept -> GstCaps* {
                     const auto& known = static_cast<RtpGraph*>(self)->description_.payloads;
                     const auto found = known.find(static_cast<std::uint8_t>(type));
                     return found == known.end() ? nullptr : gst_caps_ref(found->second.get());
                   }),
                   this);
  g_signal_connect(rtpbin, "request-aux-receiver",
                   G_CALLBACK(+[](GstElement*, guint session, gpointer self) noexcept -> GstElement* {
                     return static_cast<RtpGraph*>(self)->retransmission_receiver(session);
                   }),
                   this);
  g_signal_connect(rtpbin, "new-jitterbuffer",
                   G_CALLBACK(+[](GstElement*, GstElement* jitterbuffer, guint, guint, gpointer) noexcept {
                     // A shared screen that stands still sends when it likes: only a gap in the
                     // numbers is a loss. And nobody waits for what may have come before the first.
                     g_object_set(jitterbuffer, "rtx-next-seqnum", FALSE, "faststart-min-packets", 1U,
                                  nullptr);
                   }),
                   nullptr);
  g_signal_connect(rtpbin, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer self) noexcept {
                     if (GST_PAD_IS_SRC(pad) && g_str_has_prefix(GST_PAD_NAME(pad), "recv_rtp_src_"))
                       static_cast<RtpGraph*>(self)->on_pad(pad);
                   }),
                   this);
  rtp_ = feed(rtpbin, "recv_rtp_sink_0", "application/x-rtp");
  rtcp_ = feed(rtpbin, "recv_rtcp_sink_0", "application/x-rtcp");
  if (!rtp_ || !rtcp_ || !connect_rtcp_out(rtpbin)) return false;
  GObject* session = nullptr;
  g_signal_emit_by_name(rtpbin, "get-internal-session", 0U, &session);
  if (session) {
    g_object_set(session, "rtcp-min-interval", kReportEvery, "bandwidth", kSessionBandwidth, nullptr);
    g_object_unref(session);
  }
  return gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

// A source pad of ours, linked to what rtpbin wants to be fed by.
Handle<GstPad> RtpGraph::feed(GstElement* rtpbin, const char* pad, const char* caps) {
  const Handle<GstPad> entry(gst_element_request_pad_simple(rtpbin, pad));
  Handle<GstPad> source = gst::sink(gst_pad_new(pad, GST_PAD_SRC));
  if (!entry || link(source.get(), entry.get()) != GST_PAD_LINK_OK) return nullptr;
  gst_pad_set_active(source.get(), TRUE);
  gst_pad_push_event(source.get(), gst_event_new_stream_start(pad));
  const Handle<GstCaps> wanted(gst_caps_from_string(caps));
  gst_pad_push_event(source.get(), gst_event_new_caps(wanted.get()));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_push_event(source.get(), gst_event_new_segment(&segment));
  return source;
}

bool RtpGraph::connect_rtcp_out(GstElement* rtpbin) {
  rtcp_out_ = gst::sink(gst_element_factory_make("appsink", nullptr));
  const Handle<GstPad> source(gst_element_request_pad_simple(rtpbin, "send_rtcp_src_0"));
  if (!rtcp_out_ || !source) return false;
  g_object_set(rtcp_out_.get(), "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, nullptr);
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* sink, gpointer self) noexcept {
    static_cast<RtpGraph*>(self)->on_rtcp(sink);
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(rtcp_out_.get()), &callbacks, this, nullptr);
  gst_bin_add(GST_BIN(pipeline_.get()), rtcp_out_.get());
  const Handle<GstPad> end(gst_element_get_static_pad(rtcp_out_.get(), "sink"));
  return gst_pad_link(source.get(), end.get()) == GST_PAD_LINK_OK;
}

// RTX packets come on sources of their own, within the same session.
GstElement* RtpGraph::retransmission_receiver(guint session) const {
  if (description_.retransmissions.empty()) return nullptr;
  GstElement* receiver = gst_element_factory_make("rtprtxreceive", nullptr);
  if (!receiver) return nullptr;
  GstStructure* map = gst_structure_new_empty("application/x-rtp-pt-map");
  for (const auto& [repeated, type] : description_.retransmissions)
    gst_structure_set(map, std::to_string(repeated).c_str(), G_TYPE_UINT, guint{type}, nullptr);
  g_object_set(receiver, "payload-type-map", map, nullptr);
  gst_structure_free(map);
  GstElement* bin = gst_bin_new(nullptr);
  gst_bin_add(GST_BIN(bin), receiver);
  for (const auto& [of, name] : {std::pair{"sink", "sink_"}, std::pair{"src", "src_"}}) {
    const Handle<GstPad> inner(gst_element_get_static_pad(receiver, of));
    gst_element_add_pad(bin, gst_ghost_pad_new((name + std::to_string(session)).c_str(), inner.get()));
  }
  return bin;
}

void RtpGraph::push(GstPad* pad, base::ByteView packet) {
  GstBuffer* buffer = gst_buffer_new_memdup(packet.data(), packet.size());
  const Handle<GstClock> clock(gst_element_get_clock(pipeline_.get()));
  const GstClockTime base_time = gst_element_get_base_time(pipeline_.get());
  const GstClockTime now = clock ? gst_clock_get_time(clock.get()) : 0;
  GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = now > base_time ? now - base_time : 0;
  gst_pad_push(pad, buffer);
}

// A stream's first packet has left its jitter buffer.
void RtpGraph::on_pad(GstPad* pad) {
  const auto kind = TrackTap::kind_of(pad);
  if (!kind) return discard(pad);
  unsigned session = 0;
  unsigned ssrc = 0;
  if (std::sscanf(GST_PAD_NAME(pad), "recv_rtp_src_%u_%u", &session, &ssrc) != 2) return discard(pad);
  const Handle<GstCaps> caps(gst_pad_get_current_caps(pad));
  const bool allowed = settings_.transcodes || !caps || !is(caps.get(), "VP8");
  auto tap = allowed ? TrackTap::attach(GST_BIN(pipeline_.get()), pad, [this] { wake(); })
                     : base::Result<std::unique_ptr<TrackTap>>(base::Error{base::Errc::invalid, "VP8"});
  if (tap) {
    streams_.with([&](auto& all) {
      all.push_back(std::make_shared<Stream>(Stream{.ssrc = ssrc, .tap = std::move(*tap)}));
    });
  } else {
    unsupported_.with([&](auto& all) { all.push_back({.kind = *kind, .codec = tap.error().message}); });
    discard(pad);
  }
  wake();
}

// An unlinked pad would stop the whole session.
void RtpGraph::discard(GstPad* pad) {
  GstElement* nowhere = gst_element_factory_make("fakesink", nullptr);
  g_object_set(nowhere, "sync", FALSE, "async", FALSE, nullptr);
  gst_bin_add(GST_BIN(pipeline_.get()), nowhere);
  gst_element_sync_state_with_parent(nowhere);
  const Handle<GstPad> end(gst_element_get_static_pad(nowhere, "sink"));
  gst_pad_link(pad, end.get());
}

void RtpGraph::on_rtcp(GstAppSink* sink) {
  const Handle<GstSample> sample(gst_app_sink_try_pull_sample(sink, 0));
  if (!sample) return;
  const MappedBuffer mapped(gst_sample_get_buffer(sample.get()));
  base::SharedBytes packet(std::vector<std::uint8_t>(mapped.begin(), mapped.end()));
  said_.with([&](auto& all) {
    if (all.size() < kMaxSaid) {
      all.push_back(std::move(packet));
    } else {
      ++dropped_;
    }
  });
  wake();
}

void RtpGraph::wake() {
  if (!awake_.exchange(true)) wake_();
}

std::vector<std::shared_ptr<RtpGraph::Stream>> RtpGraph::streams() {
  return streams_.with([](const auto& all) { return all; });
}

std::vector<base::SharedBytes> RtpGraph::take_rtcp() {
  return said_.with([](auto& all) { return std::exchange(all, {}); });
}

std::vector<RtpGraph::Unsupported> RtpGraph::take_unsupported() {
  return unsupported_.with([](auto& all) { return std::exchange(all, {}); });
}

std::optional<std::string> RtpGraph::error() {
  std::optional<std::string> found;
  while (const Handle<GstMessage> message{gst_bus_pop(bus_.get())}) {
    base::glib::ErrorOut error;
    if (GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_ERROR) continue;
    gst_message_parse_error(message.get(), error, nullptr);
    if (!found) found = error.message();
  }
  return found;
}

}  // namespace tongke::pipeline::worker::gst
