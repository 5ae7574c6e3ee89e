#include "pipeline/worker/gst/stream_intake.hpp"

#include <optional>
#include <vector>

#include "base/log.hpp"
#include "pipeline/worker/gst/handle.hpp"
#include "pipeline/worker/gst/track_tap.hpp"

namespace tongke::pipeline::worker::gst {

struct StreamIntake::Graph {
  explicit Graph(MediaSink& media_sink) : sink(media_sink) {}

  MediaSink& sink;
  Handle<GstElement> pipeline;
  Handle<GstPad> feed;
  Handle<GstBus> bus;
  std::vector<std::unique_ptr<TrackTap>> taps;
  std::optional<IntakeFailure> failure;
  std::uint64_t errors = 0;

  bool build(wire::InputFormat format);
  void on_pad(GstPad* pad);
  void check_bus();
  [[nodiscard]] bool has(TrackKind kind) const;
};

namespace {

// The bytes stay owned by the relay's message; GStreamer only borrows them.
Handle<GstBuffer> wrap(const base::SharedBytes& bytes) {
  auto* owner = new base::SharedBytes(bytes);
  return Handle<GstBuffer>(gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, const_cast<std::uint8_t*>(bytes.view().data()), bytes.size(), 0, bytes.size(),
      owner, [](gpointer data) { delete static_cast<base::SharedBytes*>(data); }));
}

}  // namespace

bool StreamIntake::Graph::build(wire::InputFormat format) {
  const bool flv = format == wire::InputFormat::flv;
  pipeline = gst::sink(gst_pipeline_new(nullptr));
  GstElement* demuxer = gst_element_factory_make(flv ? "flvdemux" : "tsdemux", nullptr);
  if (!demuxer) return false;
  gst_bin_add(GST_BIN(pipeline.get()), demuxer);
  g_signal_connect(demuxer, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer self) noexcept {
                     static_cast<Graph*>(self)->on_pad(pad);
                   }),
                   this);
  bus.reset(gst_element_get_bus(pipeline.get()));
  feed = gst::sink(gst_pad_new("feed", GST_PAD_SRC));
  const Handle<GstPad> entry(gst_element_get_static_pad(demuxer, "sink"));
  // The feeding pad has no parent element, so its link skips the hierarchy check.
  if (gst_pad_link_full(feed.get(), entry.get(), GST_PAD_LINK_CHECK_NOTHING) != GST_PAD_LINK_OK) return false;
  gst_pad_set_active(feed.get(), TRUE);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  gst_pad_push_event(feed.get(), gst_event_new_stream_start("input"));
  const Handle<GstCaps> caps(
      gst_caps_from_string(flv ? "video/x-flv" : "video/mpegts,systemstream=true,packetsize=188"));
  gst_pad_push_event(feed.get(), gst_event_new_caps(caps.get()));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  gst_pad_push_event(feed.get(), gst_event_new_segment(&segment));
  return true;
}

bool StreamIntake::Graph::has(TrackKind kind) const {
  for (const auto& tap : taps) {
    if (tap->kind() == kind) return true;
  }
  return false;
}

void StreamIntake::Graph::on_pad(GstPad* pad) {
  const auto kind = TrackTap::kind_of(pad);
  if (!kind || has(*kind)) return;  // subtitles, data, a second camera: not part of a lesson
  const std::size_t index = taps.size();
  auto tap =
      TrackTap::attach(GST_BIN(pipeline.get()), pad, [this, index] { errors += taps[index]->drain(sink); });
  if (tap) {
    taps.push_back(std::move(*tap));
  } else if (*kind == TrackKind::video) {
    failure = IntakeFailure{"unsupported_codec", tap.error().message};
  } else {
    base::log::warn("audio codec not supported", {{"codec", tap.error().message}});
    ++errors;
  }
}

void StreamIntake::Graph::check_bus() {
  while (const Handle<GstMessage> message{gst_bus_pop(bus.get())}) {
    base::glib::ErrorOut error;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
      gst_message_parse_error(message.get(), error, nullptr);
      if (!failure) failure = IntakeFailure{"bad_input", error.message()};
    } else if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_WARNING) {
      gst_message_parse_warning(message.get(), error, nullptr);
      base::log::debug("intake", {{"warning", error.message()}});
      ++errors;
    }
  }
}

base::Result<std::unique_ptr<StreamIntake>> StreamIntake::create(wire::InputFormat format, MediaSink& sink) {
  auto graph = std::make_unique<Graph>(sink);
  if (!graph->build(format)) return base::Error{base::Errc::unavailable, "intake: the demuxer is missing"};
  return std::unique_ptr<StreamIntake>(new StreamIntake(std::move(graph)));
}

StreamIntake::StreamIntake(std::unique_ptr<Graph> graph) : graph_(std::move(graph)) {}

StreamIntake::~StreamIntake() {
  gst_element_set_state(graph_->pipeline.get(), GST_STATE_NULL);
  gst_pad_set_active(graph_->feed.get(), FALSE);
}

std::optional<IntakeFailure> StreamIntake::push(const base::SharedBytes& bytes) {
  if (bytes.empty()) return std::nullopt;
  const GstFlowReturn flow = gst_pad_push(graph_->feed.get(), wrap(bytes).release());
  graph_->check_bus();
  if (flow < GST_FLOW_NOT_LINKED && !graph_->failure)
    graph_->failure = IntakeFailure{"bad_input", gst_flow_get_name(flow)};
  return graph_->failure;
}

void StreamIntake::finish() { gst_pad_push_event(graph_->feed.get(), gst_event_new_eos()); }

std::uint64_t StreamIntake::errors() const { return graph_->errors; }

}  // namespace tongke::pipeline::worker::gst
