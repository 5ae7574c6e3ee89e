#include "pipeline/worker/gst/rtp_intake.hpp"

#include <map>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "pipeline/worker/gst/rtp_graph.hpp"
#include "pipeline/worker/gst/runtime.hpp"
#include "pipeline/worker/rtp/framing.hpp"
#include "pipeline/worker/rtp/layer_choice.hpp"
#include "pipeline/worker/rtp/packet_gate.hpp"
#include "pipeline/worker/timing/keyframe_pacer.hpp"

namespace tongke::pipeline::worker::gst {
namespace {

using base::Steady;

constexpr std::chrono::milliseconds kCheckEvery{50};

}  // namespace

struct RtpIntake::State {
  /// What comes out of one stream, on its way to the lesson if that shows the stream.
  class Layer final : public MediaSink {
   public:
    Layer(State& state, std::uint32_t ssrc) : state_(state), ssrc_(ssrc) {}
    void on_config(StreamConfig config) override {
      config_ = std::make_shared<const StreamConfig>(std::move(config));
      told_ = false;
    }
    void on_unit(AccessUnit unit) override {
      unit.dts = unit.pts;  // no B-frames here; the other is when the packet came
      state_.unit(*this, std::move(unit));
    }
    void on_restart() override {}

   private:
    friend State;
    State& state_;
    std::uint32_t ssrc_;
    std::shared_ptr<const StreamConfig> config_ = std::make_shared<const StreamConfig>();
    bool told_ = false;  ///< the lesson knows the parameters
  };

  State(const wire::Open& open, MediaSink& media_sink, Handler handlers)
      : sink(media_sink), handler(std::move(handlers)), pacer(std::chrono::milliseconds(open.segment_ms)) {}

  MediaSink& sink;
  Handler handler;
  std::unique_ptr<RtpGraph> graph;
  rtp::PacketGate gate;
  timing::KeyframePacer pacer;
  rtp::LayerChoice shown_video;
  rtp::LayerChoice shown_audio;
  std::map<std::uint32_t, Layer> layers;  ///< by SSRC; the gate bounds them
  bool is_simulcast = false;
  base::glib::Timer checker;
  std::uint64_t errors = 0;

  void read();
  void read(RtpGraph::Stream& stream);
  void unit(Layer& layer, AccessUnit unit);
  void ask_for_keyframe();
};

void RtpIntake::State::read() {
  graph->reading();
  for (auto& packet : graph->take_rtcp()) handler.on_rtcp(std::move(packet));
  errors += graph->take_dropped();
  for (const auto& stream : graph->streams()) read(*stream);
  for (const auto& [kind, codec] : graph->take_unsupported()) {
    if (kind == TrackKind::video) return handler.on_failure({"unsupported_codec", codec});
    base::log::warn("audio codec not supported", {{"codec", codec}});
    ++errors;
  }
  ask_for_keyframe();
}

void RtpIntake::State::read(RtpGraph::Stream& stream) {
  const auto [layer, is_new] = layers.try_emplace(stream.ssrc, *this, stream.ssrc);
  const bool video = stream.tap->kind() == TrackKind::video;
  const std::uint64_t lost = stream.tap->take_lost();
  errors += lost;
  if (video && (is_new || (lost > 0 && shown_video.shown() == stream.ssrc))) pacer.request();
  errors += stream.tap->drain(layer->second);
}

void RtpIntake::State::unit(Layer& layer, AccessUnit unit) {
  const auto now = Steady::now();
  rtp::LayerChoice& choice = unit.kind == TrackKind::video ? shown_video : shown_audio;
  const auto before = choice.shown();
  const std::uint64_t pixels = std::uint64_t{layer.config_->width} * layer.config_->height;
  if (!choice.take(layer.ssrc_, pixels, unit.keyframe, now)) {
    if (is_simulcast && unit.kind == TrackKind::video)
      sink.on_layer({.id = layer.ssrc_, .config = layer.config_, .unit = std::move(unit)});
    return;
  }
  if (before != layer.ssrc_) layer.told_ = false;
  if (!std::exchange(layer.told_, true)) sink.on_config(*layer.config_);
  if (unit.kind == TrackKind::video && unit.keyframe) pacer.keyframe_came(now);
  sink.on_unit(std::move(unit));
}

void RtpIntake::State::ask_for_keyframe() {
  if (!pacer.should_ask(Steady::now())) return;
  for (const auto& stream : graph->streams()) {
    if (stream->tap->kind() == TrackKind::video) stream->tap->request_keyframe();
  }
}

base::Result<std::unique_ptr<RtpIntake>> RtpIntake::create(const wire::Open& open, MediaSink& sink,
                                                           base::glib::MainLoop& loop, Handler handler) {
  auto description = RtpDescription::parse(open.sdp);
  if (!description) return std::move(description).error();
  const bool transcodes = description->has_vp8 && !open.passthrough_only;
  if (transcodes) {
    if (auto ok = load_vp8_transcoding(); !ok) return std::move(ok).error();
  }
  auto state = std::make_shared<State>(open, sink, std::move(handler));
  state->is_simulcast = description->is_simulcast;
  for (const auto& [type, caps] : description->payloads) state->gate.allow(type);
  const std::weak_ptr<State> weak = state;
  auto graph = RtpGraph::create(std::move(*description), {.latency = kLatency, .transcodes = transcodes},
                                [weak, &loop] {
                                  loop.post([weak] {
                                    if (const auto self = weak.lock()) self->read();
                                  });
                                });
  if (!graph) return std::move(graph).error();
  state->graph = std::move(*graph);
  state->checker = base::glib::Timer(loop.context(), kCheckEvery, [raw = state.get()] {
    if (const auto error = raw->graph->error()) return raw->handler.on_failure({"bad_input", *error});
    raw->ask_for_keyframe();
  });
  return std::unique_ptr<RtpIntake>(new RtpIntake(std::move(state)));
}

RtpIntake::RtpIntake(std::shared_ptr<State> state) : state_(std::move(state)) {}
RtpIntake::~RtpIntake() = default;

void RtpIntake::push(const base::SharedBytes& framed) {
  rtp::Deframer packets(framed.view());
  while (const auto packet = packets.next()) {
    switch (state_->gate.admit(*packet)) {
      case rtp::PacketGate::Kind::rtp:
        state_->graph->push_rtp(*packet);
        break;
      case rtp::PacketGate::Kind::rtcp:
        state_->graph->push_rtcp(*packet);
        break;
      case rtp::PacketGate::Kind::refused:
        ++state_->errors;
    }
  }
  if (!packets.whole()) ++state_->errors;
}

void RtpIntake::request_keyframe() {
  state_->pacer.request();
  state_->ask_for_keyframe();
}

void RtpIntake::finish() {
  for (const auto& stream : state_->graph->streams()) state_->read(*stream);
}

std::uint64_t RtpIntake::errors() const noexcept { return state_->errors; }

}  // namespace tongke::pipeline::worker::gst
