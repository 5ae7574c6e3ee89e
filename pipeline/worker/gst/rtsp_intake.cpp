#include "pipeline/worker/gst/rtsp_intake.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/guarded.hpp"
#include "base/log.hpp"
#include "pipeline/worker/gst/handle.hpp"
#include "pipeline/worker/gst/track_tap.hpp"

namespace tongke::pipeline::worker::gst {
namespace {

using namespace std::chrono_literals;
using base::Steady;

constexpr auto kFirstBackOff = 500ms;
constexpr std::chrono::milliseconds kLongestBackOff = 8s;
constexpr auto kCheckEvery = 100ms;
/// GstRTSPLowerTrans: interleaved TCP. Cameras behind school Wi-Fi lose UDP.
constexpr int kOverTcp = 4;
constexpr guint64 kTcpTimeoutMicroseconds = 5'000'000;

}  // namespace

struct RtspIntake::Call {
  Handle<GstElement> pipeline;
  Handle<GstBus> bus;
  /// Filled on streaming threads, drained on the main one.
  base::Guarded<std::vector<std::shared_ptr<TrackTap>>> taps;
  std::function<void()> wake;
  std::atomic<bool> awake{false};  ///< a drain is posted already

  ~Call() {
    if (pipeline) gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }
  void on_pad(GstPad* pad) {
    const auto kind = TrackTap::kind_of(pad);
    if (!kind) return;
    const bool second = taps.with([&](const auto& all) {
      return std::any_of(all.begin(), all.end(), [&](const auto& tap) { return tap->kind() == *kind; });
    });
    if (second) return;
    auto tap = TrackTap::attach(GST_BIN(pipeline.get()), pad, [this] {
      if (!awake.exchange(true)) wake();
    });
    if (!tap) {
      GstStructure* reason =
          gst_structure_new("unsupported", "codec", G_TYPE_STRING, tap.error().message.c_str(), "video",
                            G_TYPE_BOOLEAN, *kind == TrackKind::video, nullptr);
      gst_bus_post(bus.get(), gst_message_new_application(nullptr, reason));
      return;
    }
    taps.with([&](auto& all) { all.push_back(std::move(*tap)); });
  }
};

RtspIntake::RtspIntake(std::string url, MediaSink& sink, base::glib::MainLoop& loop, OnFailure on_failure)
    : url_(std::move(url)),
      sink_(sink),
      loop_(loop),
      on_failure_(std::move(on_failure)),
      back_off_(kFirstBackOff),
      last_frame_(Steady::now()),
      checker_(loop.context(), kCheckEvery, [this] { check(); }) {
  connect();
}

RtspIntake::~RtspIntake() = default;

void RtspIntake::connect() {
  dialled_at_ = Steady::now();
  call_ = std::make_shared<Call>();
  GstElement* source = gst_element_factory_make("rtspsrc", nullptr);
  call_->pipeline = gst::sink(gst_pipeline_new(nullptr));
  if (!source) return on_failure_({"unavailable", "no RTSP source"});
  gst_bin_add(GST_BIN(call_->pipeline.get()), source);
  g_object_set(source, "location", url_.c_str(), "protocols", kOverTcp, "latency", 0, "tcp-timeout",
               kTcpTimeoutMicroseconds, nullptr);
  g_signal_connect(source, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer call) noexcept {
                     static_cast<Call*>(call)->on_pad(pad);
                   }),
                   call_.get());
  call_->bus.reset(gst_element_get_bus(call_->pipeline.get()));
  call_->wake = [this, number = ++calls_] { loop_.post([this, number] { drain(number); }); };
  gst_element_set_state(call_->pipeline.get(), GST_STATE_PLAYING);
}

void RtspIntake::drain(std::uint64_t number) {
  if (!call_ || number != calls_) return;
  call_->awake = false;
  last_frame_ = Steady::now();
  back_off_ = kFirstBackOff;
  const auto taps = call_->taps.with([](const auto& all) { return all; });
  for (const auto& tap : taps) errors_ += tap->drain(sink_);
}

void RtspIntake::hang_up(const std::string& why) {
  base::log::warn("camera lost", {{"why", why}, {"retry_ms", back_off_.count()}});
  ++errors_;
  call_.reset();
  sink_.on_restart();
  redial_at_ = Steady::now() + back_off_;
  back_off_ = std::min(back_off_ * 2, kLongestBackOff);
}

void RtspIntake::check() {
  const auto now = Steady::now();
  if (now - last_frame_ > kPatience) {
    call_.reset();
    checker_.reset();
    return on_failure_(
        {"input_lost", "no frame from the camera for " + std::to_string(kPatience.count()) + " s"});
  }
  if (!call_) {
    if (now >= redial_at_) connect();
    return;
  }
  while (const Handle<GstMessage> message{gst_bus_pop(call_->bus.get())}) {
    base::glib::ErrorOut error;
    switch (GST_MESSAGE_TYPE(message.get())) {
      case GST_MESSAGE_ERROR:
        gst_message_parse_error(message.get(), error, nullptr);
        return hang_up(error.message());
      case GST_MESSAGE_EOS:
        return hang_up("end of stream");
      case GST_MESSAGE_APPLICATION: {
        const GstStructure* reason = gst_message_get_structure(message.get());
        gboolean video = FALSE;
        gst_structure_get_boolean(reason, "video", &video);
        const std::string codec = gst_structure_get_string(reason, "codec");
        if (video) return on_failure_({"unsupported_codec", codec});
        base::log::warn("audio codec not supported", {{"codec", codec}});
        break;
      }
      default:
        break;
    }
  }
  if (now - std::max(last_frame_, dialled_at_) > kSilence) hang_up("silence");
}

}  // namespace tongke::pipeline::worker::gst
