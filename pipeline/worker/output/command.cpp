#include "pipeline/worker/output/command.hpp"

#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/output/layer2.hpp"
#include "pipeline/worker/output/rendition.hpp"
#include "pipeline/worker/output/sink.hpp"
#include "pipeline/worker/output/stand_in.hpp"
#include "pipeline/worker/port/child_loop.hpp"

namespace tongke::pipeline::worker::output {
namespace {

using namespace std::chrono_literals;
using wire::TrackKind;

constexpr auto kTick = 20ms;
/// Pictures that would come later than this do not fit into the rate: they are left out before one
/// arrives after its time.
constexpr auto kLeastLead = kMuxDelay / 3;
/// A receiver's buffer holds 3584 bytes of sound (ISO/IEC 13818-1 section 2.4.2.3), 450 ms at 64 kbit/s;
/// a large keyframe, which sound has to wait behind, takes nearly as long.
constexpr auto kSoundLag = kMuxDelay - 450ms;
constexpr auto kSoundGrace = 40ms;

class Command {
 public:
  Command() : relay_([this](wire::Message message) { on_message(std::move(message)); }) {}

  int run() { return relay_.run(); }

 private:
  enum class Out : std::uint8_t {
    lesson,
    slate,       ///< nothing of the lesson is taken
    coming_back  ///< the slate, until a picture of the lesson comes
  };

  void on_message(wire::Message message) {
    if (const auto* open = std::get_if<wire::OutputOpen>(&message)) {
      on_open(*open);
    } else if (const auto* init = std::get_if<wire::Init>(&message)) {
      on_init(*init);
    } else if (const auto* part = std::get_if<wire::Part>(&message)) {
      on_part(*part);
    } else if (const auto* cut = std::get_if<wire::Cut>(&message)) {
      on_cut(*cut);
    } else if (std::holds_alternative<wire::Close>(message)) {
      relay_.quit(0);
    } else {
      relay_.broken("unexpected message");
    }
  }

  void on_open(const wire::OutputOpen& open) {
    if (open_ || !(open.video || open.audio) ||
        (open.format == wire::OutputFormat::mpegts && open.rate_bps == 0))
      return relay_.broken("unexpected OutputOpen");
    open_ = open;
    opened_ = base::Steady::now();
    av::route_log(open.secret);
  }

  void on_init(const wire::Init& init) {
    if (!open_ || !(init.kind == TrackKind::video ? open_->video : open_->audio))
      return relay_.broken("unexpected Init");
    auto& rendition = init.kind == TrackKind::video ? video_ : audio_;
    const auto changed = rendition.begin(init.bytes);
    if (!changed) return fail("unsupported", changed.error());
    if (*changed && init.kind == TrackKind::audio && open_->layer2) layer2_ = make_layer2();
    if (relay_.over()) return;
    if (!sink_) return connect();
    if (!*changed) return;
    // Sound of another kind needs another header: the relay starts us again.
    if (init.kind == TrackKind::audio && !open_->layer2)
      fail("parameters_changed", {base::Errc::conflict, "the sound has other parameters now"});
  }

  void connect() {
    if ((open_->video && video_.parameters() == nullptr) || (open_->audio && audio_.parameters() == nullptr))
      return;
    auto sink = Sink::open(*open_, {.video = video_.parameters().get(), .audio = audio_.parameters().get()});
    if (!sink) return fail("unreachable", sink.error());
    sink_ = std::move(*sink);
    shown_ = video_.parameters();
    Schedule::Rules rules{.sound_frame = sink_->sound_frame()};
    if (open_->format == wire::OutputFormat::mpegts) {
      rules.sound_lag = kSoundLag;
      rules.grace = kSoundGrace;
    }
    schedule_.emplace(rules);
    ticks_ = base::glib::Timer(relay_.loop().context(), kTick, [this] { tick(); });
    seconds_ = base::glib::Timer(relay_.loop().context(), 1s, [this] { send_stats(); });
    send_stats();
  }

  void on_part(const wire::Part& part) {
    const bool video = open_ && open_->video && part.rendition == "video";
    if (!schedule_) return relay_.broken("unexpected Part");
    auto units = (video ? video_ : audio_).take(part.bytes);
    if (!units) return fail("unsupported", units.error());
    for (Unit& unit : *units) {
      if (out_ == Out::coming_back && video == open_->video) come_back(unit.dts);
      if (out_ == Out::lesson) give(std::move(unit), layer2_.get());
    }
  }

  void give(Unit unit, Layer2* layer2) {
    if (layer2 != nullptr && unit.track == TrackKind::audio) return layer2->push(unit);
    schedule_->push(std::move(unit));
  }

  /// Begins with nothing of the sound before; null where the sound goes out as it is.
  std::unique_ptr<Layer2> make_layer2() {
    if (!open_->layer2 || !audio_.parameters()) return nullptr;
    auto made = Layer2::create(*audio_.parameters(), [this](Unit unit) { schedule_->push(std::move(unit)); });
    if (made) return std::move(*made);
    fail("unsupported", made.error());
    return nullptr;
  }

  void on_cut(const wire::Cut& cut) {
    if (!schedule_) return relay_.broken("unexpected Cut");
    if (!cut.on) {
      if (out_ == Out::slate) out_ = Out::coming_back;
      return;
    }
    out_ = Out::slate;
    schedule_->drop(base::MediaTime::min());
    slate_layer2_ = make_layer2();
    auto made = StandIn::create(cut, {.video = video_.parameters(), .audio = audio_.parameters()}, now(),
                                relay_.loop().context(),
                                [this](Unit unit) { give(std::move(unit), slate_layer2_.get()); });
    if (!made) base::log::warn("cut without a slate", {{"error", made.error().message}});
    slate_ = made ? std::move(*made) : nullptr;
  }

  // The slate goes on until the lesson's first picture is due.
  void come_back(base::MediaTime at) {
    out_ = Out::lesson;
    layer2_ = make_layer2();
    schedule_->drop(at);
    if (slate_) slate_->end_at(at);
  }

  [[nodiscard]] base::MediaTime now() const {
    return open_->position + std::chrono::duration_cast<base::MediaTime>(base::Steady::now() - opened_);
  }

  void tick() {
    const base::MediaTime now = this->now();
    if (slate_ && slate_->is_over(now)) slate_.reset();
    for (const Unit& unit : schedule_->due(now)) {
      if (relay_.over()) return;
      if (unit.track == TrackKind::video) {
        if (!fits(unit)) {
          ++dropped_;
          continue;
        }
        if (!show(unit)) return;
      }
      if (auto ok = sink_->write(unit); !ok) return fail("unreachable", ok.error());
    }
  }

  // A picture's parameters go out with it, not when they are heard of.
  bool show(const Unit& picture) {
    if (picture.parameters == shown_) return true;
    shown_ = picture.parameters;
    auto ok = sink_->video_changed(*shown_);
    if (!ok) fail("unsupported", ok.error());
    return static_cast<bool>(ok);
  }

  // Once a picture is left out the next ones cannot be shown either, up to a keyframe.
  bool fits(const Unit& picture) {
    if (sink_->lead(picture.dts) < kLeastLead) {
      skipping_ = true;
    } else if (picture.keyframe) {
      skipping_ = false;
    }
    return !skipping_;
  }

  void send_stats() {
    if (relay_.over()) return;
    relay_.send(wire::OutputStats{.connected = sink_ != nullptr,
                                  .bytes = sink_->bytes(),
                                  .late = schedule_->counts().late,
                                  .dropped_frames = dropped_ + schedule_->counts().overtaken,
                                  .silent_frames = schedule_->counts().silent,
                                  .underruns = sink_->underruns()});
  }

  void fail(const std::string& code, const base::Error& error) {
    if (relay_.over()) return;
    relay_.send(wire::Failure{code, error.message});
    relay_.quit(1);
  }

  port::ChildLoop relay_;
  base::glib::Timer ticks_;
  base::glib::Timer seconds_;
  std::optional<wire::OutputOpen> open_;
  base::Steady::time_point opened_{};
  Rendition video_{TrackKind::video};
  Rendition audio_{TrackKind::audio};
  std::optional<Schedule> schedule_;
  std::unique_ptr<Sink> sink_;
  std::shared_ptr<const AVCodecParameters> shown_;  // of the picture that went out last
  Out out_ = Out::lesson;
  std::unique_ptr<Layer2> layer2_;        // of the lesson's sound
  std::unique_ptr<Layer2> slate_layer2_;  // of the slate's
  std::unique_ptr<StandIn> slate_;
  bool skipping_ = false;
  std::uint64_t dropped_ = 0;
};

}  // namespace

int run() {
  std::signal(SIGPIPE, SIG_IGN);
  return Command().run();
}

}  // namespace tongke::pipeline::worker::output
