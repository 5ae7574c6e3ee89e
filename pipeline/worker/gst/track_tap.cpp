#include "pipeline/worker/gst/track_tap.hpp"

#include <string_view>

#include "pipeline/worker/av/random_access.hpp"
#include "pipeline/worker/gst/caps.hpp"

namespace tongke::pipeline::worker::gst {
namespace {

/// An RTSP graph delivers from its own threads: what may wait for the main thread.
constexpr guint kMaxWaiting = 256;

std::optional<base::MediaTime> running_time(const GstSegment* segment, GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  guint64 running = 0;
  const int sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, time, &running);
  if (sign == 0) return std::nullopt;
  return std::chrono::duration_cast<base::MediaTime>(
      std::chrono::nanoseconds(sign * static_cast<std::int64_t>(running)));
}

GstFlowReturn on_sample(GstAppSink* /*sink*/, gpointer ready) noexcept {
  (*static_cast<TrackTap::Ready*>(ready))();
  return GST_FLOW_OK;
}

struct Setting {
  std::string_view factory;
  const char* property;
  const char* value;
};
// After a loss the picture stands still until the keyframe that is asked for, and does not
// fall apart. VP8 becomes what a browser's own H.264 encoder would have made.
constexpr Setting kSettings[] = {
    {"rtph264depay", "wait-for-keyframe", "true"},
    {"capsfilter", "caps", "video/x-h264,stream-format=byte-stream,alignment=au"},  // needs whole pictures
    {"rtpvp8depay", "wait-for-keyframe", "true"},
    {"rtpvp8depay", "request-keyframe", "true"},
    {"vp8dec", "automatic-request-sync-points", "true"},
    {"vp8dec", "max-errors", "-1"},
    {"x264enc", "tune", "zerolatency"},
    {"x264enc", "speed-preset", "superfast"},
    {"x264enc", "bitrate", "1000"},
    {"x264enc", "vbv-buf-capacity", "1000"},
    {"x264enc", "bframes", "0"},
    {"x264enc", "threads", "1"},
};

Handle<GstElement> make(GstBin* bin, const char* factory) {
  Handle<GstElement> element = sink(gst_element_factory_make(factory, nullptr));
  if (!element) return element;
  for (const Setting& setting : kSettings) {
    if (setting.factory == factory)
      gst_util_set_object_arg(G_OBJECT(element.get()), setting.property, setting.value);
  }
  gst_bin_add(bin, element.get());
  return element;
}

GstPadProbeReturn on_event(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer lost) noexcept {
  const GstStructure* s = gst_event_get_structure(GST_PAD_PROBE_INFO_EVENT(info));
  if (s && gst_structure_has_name(s, "GstRTPPacketLost")) ++*static_cast<std::atomic<std::uint64_t>*>(lost);
  return GST_PAD_PROBE_OK;
}

Handle<GstCaps> caps_of(GstPad* pad) {
  Handle<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  if (caps && (gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get()))) caps.reset();
  return caps;
}

}  // namespace

std::optional<TrackKind> TrackTap::kind_of(GstPad* pad) {
  const Handle<GstCaps> caps = caps_of(pad);
  if (!caps) return std::nullopt;
  const GstStructure* s = gst_caps_get_structure(caps.get(), 0);
  std::string_view media = gst_structure_get_name(s);
  if (media == "application/x-rtp") {
    const char* rtp_media = gst_structure_get_string(s, "media");
    media = rtp_media ? rtp_media : "";
  }
  if (media.substr(0, 5) == "video") return TrackKind::video;
  if (media.substr(0, 5) == "audio") return TrackKind::audio;
  return std::nullopt;
}

base::Result<std::unique_ptr<TrackTap>> TrackTap::attach(GstBin* bin, GstPad* pad, Ready ready) {
  const Handle<GstCaps> caps = caps_of(pad);
  const auto kind = kind_of(pad);
  const auto chain = caps ? chain_for(caps.get()) : std::nullopt;
  if (!kind || !chain) return base::Error{base::Errc::invalid, caps ? codec_name(caps.get()) : "unknown"};

  std::unique_ptr<TrackTap> tap(new TrackTap(*kind, std::move(ready)));
  tap->sink_ = make(bin, "appsink");
  std::vector<Handle<GstElement>> elements;
  for (const char* name : chain->elements) {
    elements.push_back(make(bin, name));
    if (!elements.back()) return base::Error{base::Errc::unavailable, std::string("no element ") + name};
  }
  GstAppSink* appsink = GST_APP_SINK(tap->sink_.get());
  g_object_set(appsink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, "max-buffers",
               kMaxWaiting, nullptr);
  if (chain->caps) {
    const Handle<GstCaps> wanted(gst_caps_from_string(chain->caps));
    gst_app_sink_set_caps(appsink, wanted.get());
  }
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = on_sample;
  gst_app_sink_set_callbacks(appsink, &callbacks, &tap->ready_, nullptr);

  // From the sink upwards, so that nothing flows into an element that is not ready.
  GstElement* next = tap->sink_.get();
  gst_element_sync_state_with_parent(next);
  bool linked = true;
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    linked = linked && gst_element_link(element->get(), next);
    next = element->get();
    gst_element_sync_state_with_parent(next);
  }
  tap->entry_.reset(gst_element_get_static_pad(next, "sink"));
  tap->loss_probe_ = gst_pad_add_probe(tap->entry_.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event,
                                       &tap->lost_, nullptr);
  if (!linked || GST_PAD_LINK_FAILED(gst_pad_link(pad, tap->entry_.get())))
    return base::Error{base::Errc::invalid, codec_name(caps.get())};
  return tap;
}

TrackTap::~TrackTap() {
  GstAppSinkCallbacks none{};
  if (sink_) gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &none, nullptr, nullptr);
  if (entry_) gst_pad_remove_probe(entry_.get(), loss_probe_);
}

// The form of gst_video_event_new_upstream_force_key_unit(); without all-headers rtpsession
// makes it a PLI, with them a FIR.
void TrackTap::request_keyframe() {
  const Handle<GstPad> end(gst_element_get_static_pad(sink_.get(), "sink"));
  GstStructure* request =
      gst_structure_new("GstForceKeyUnit", "running-time", GST_TYPE_CLOCK_TIME, GST_CLOCK_TIME_NONE,
                        "all-headers", G_TYPE_BOOLEAN, FALSE, "count", G_TYPE_UINT, 0U, nullptr);
  gst_pad_push_event(end.get(), gst_event_new_custom(GST_EVENT_CUSTOM_UPSTREAM, request));
}

std::uint64_t TrackTap::drain(MediaSink& sink) {
  std::uint64_t unusable = 0;
  while (const Handle<GstSample> sample{gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 0)}) {
    if (!deliver(sample.get(), sink)) ++unusable;
  }
  return unusable;
}

bool TrackTap::deliver(GstSample* sample, MediaSink& sink) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  GstCaps* caps = gst_sample_get_caps(sample);
  if (!buffer || !caps) return false;
  if (!caps_ || (caps != caps_.get() && !gst_caps_is_equal(caps, caps_.get()))) {
    auto config = stream_config(caps);
    if (!config) return false;
    caps_.reset(gst_caps_ref(caps));
    h264_ = config->codec == "h264";
    sink.on_config(std::move(*config));
  }
  const GstSegment* segment = gst_sample_get_segment(sample);
  const auto pts = running_time(segment, GST_BUFFER_PTS(buffer));
  const auto dts = running_time(segment, GST_BUFFER_DTS(buffer));
  if (!pts && !dts) return false;
  const MappedBuffer mapped(buffer);
  AccessUnit unit{.kind = kind_,
                  .pts = pts.value_or(dts.value_or(base::MediaTime(0))),
                  .dts = dts.value_or(pts.value_or(base::MediaTime(0))),
                  .bytes = {mapped.begin(), mapped.end()}};
  unit.keyframe = is_keyframe(buffer, unit.bytes);
  if (unit.bytes.empty()) return false;
  sink.on_unit(std::move(unit));
  return true;
}

// The parser calls any picture with an I slice a keyframe. Its word counts only for streams
// that mark no picture as a place to begin.
bool TrackTap::is_keyframe(GstBuffer* buffer, const std::vector<std::uint8_t>& bytes) {
  if (!h264_) return true;
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)) return false;
  const bool marked = av::is_random_access(bytes);
  marks_keyframes_ = marks_keyframes_ || marked;
  return marked || !marks_keyframes_;
}

}  // namespace tongke::pipeline::worker::gst
