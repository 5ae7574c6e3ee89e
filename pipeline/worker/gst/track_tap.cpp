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

Handle<GstElement> make(GstBin* bin, const char* factory) {
  Handle<GstElement> element = sink(gst_element_factory_make(factory, nullptr));
  if (element) gst_bin_add(bin, element.get());
  return element;
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
  const Handle<GstPad> entry(gst_element_get_static_pad(next, "sink"));
  if (!linked || GST_PAD_LINK_FAILED(gst_pad_link(pad, entry.get())))
    return base::Error{base::Errc::invalid, codec_name(caps.get())};
  return tap;
}

TrackTap::~TrackTap() {
  GstAppSinkCallbacks none{};
  if (sink_) gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &none, nullptr, nullptr);
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
