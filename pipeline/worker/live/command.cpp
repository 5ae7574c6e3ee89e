#include "pipeline/worker/live/command.hpp"

#include <glib-unix.h>
#include <malloc.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/gst/rtp_intake.hpp"
#include "pipeline/worker/gst/rtsp_intake.hpp"
#include "pipeline/worker/gst/runtime.hpp"
#include "pipeline/worker/gst/stream_intake.hpp"
#include "pipeline/worker/live/session.hpp"
#include "pipeline/worker/port/child_loop.hpp"
#include "pipeline/worker/slate/maker.hpp"

namespace tongke::pipeline::worker::live {
namespace {

using namespace std::chrono_literals;

/// So much input without a single frame is not a lesson.
constexpr std::size_t kHopelessBytes = 8U << 20U;
constexpr auto kHopelessTime = 15s;

class Command {
 public:
  Command()
      : relay_([this](wire::Message message) { on_message(std::move(message)); }),
        stats_timer_(relay_.loop().context(), 1s, [this] { every_second(); }),
        term_(g_unix_signal_source_new(SIGTERM)) {
    g_source_set_callback(
        term_.get(),
        [](gpointer self) -> gboolean {
          static_cast<Command*>(self)->end();
          return G_SOURCE_CONTINUE;
        },
        this, nullptr);
    g_source_attach(term_.get(), relay_.loop().context());
  }

  int run() { return relay_.run(); }

 private:
  void on_message(wire::Message message) {
    if (const auto* open = std::get_if<wire::Open>(&message)) {
      on_open(*open);
    } else if (const auto* input = std::get_if<wire::Input>(&message)) {
      on_input(input->bytes);
    } else if (const auto* want = std::get_if<wire::Want>(&message)) {
      on_want(*want);
    } else if (std::holds_alternative<wire::KeyframeRequest>(message)) {
      if (webrtc_) webrtc_->request_keyframe();  // nobody else can be asked
    } else if (std::holds_alternative<wire::Close>(message)) {
      end();
    } else {
      relay_.broken("unexpected message");
    }
  }

  void on_open(const wire::Open& open) {
    if (session_ || open.segment_ms == 0 || open.part_ms == 0) return relay_.broken("unexpected Open");
    session_.emplace(open, relay_.loop(), [this](wire::Message message) { relay_.send(message); });
    if (open.format == wire::InputFormat::slate) return open_slate(open);
    if (auto ok = gst::start(open.format); !ok) return fail({"unavailable", ok.error().message});
    if (open.format == wire::InputFormat::rtsp_url) {
      camera_.emplace(open.url, *session_, relay_.loop(),
                      [this](const gst::IntakeFailure& failure) { fail(failure); });
      return;
    }
    if (open.format == wire::InputFormat::rtp) return open_webrtc(open);
    auto intake = gst::StreamIntake::create(open.format, *session_);
    if (!intake) return fail({"unavailable", intake.error().message});
    intake_ = std::move(*intake);
  }

  void open_slate(const wire::Open& open) {
    auto slate = slate::Maker::create(open, *session_, relay_.loop().context());
    if (!slate) return fail({"unavailable", slate.error().message});
    slate_ = std::move(*slate);
  }

  void open_webrtc(const wire::Open& open) {
    auto intake = gst::RtpIntake::create(
        open, *session_, relay_.loop(),
        {.on_rtcp = [this](base::SharedBytes packet) { relay_.send(wire::Rtcp{std::move(packet)}); },
         .on_failure = [this](const gst::IntakeFailure& failure) { fail(failure); }});
    if (!intake) return fail({"unavailable", intake.error().message});
    webrtc_ = std::move(*intake);
  }

  void on_input(const base::SharedBytes& bytes) {
    if (!intake_ && !webrtc_) return relay_.broken("unexpected Input");
    input_bytes_ += bytes.size();
    if (first_input_ == base::Steady::time_point{}) first_input_ = base::Steady::now();
    if (webrtc_) return webrtc_->push(bytes);
    if (const auto failure = intake_->push(bytes)) return fail(*failure);
    if (!session_->has_media() && input_bytes_ > kHopelessBytes)
      fail({"no_media", "no audio or video in the input"});
  }

  void on_want(const wire::Want& want) {
    if (!session_) return relay_.broken("Want before Open");
    session_->want(want);
  }

  void every_second() {
    if (!session_ || relay_.over()) return;
    send_stats();
    if (!session_->has_media() && first_input_ != base::Steady::time_point{} &&
        base::Steady::now() - first_input_ > kHopelessTime)
      fail({"no_media", "no audio or video in the input"});
  }

  void send_stats() {
    wire::Stats stats = session_->stats();
    stats.input_errors += (intake_ ? intake_->errors() : 0) + (camera_ ? camera_->errors() : 0) +
                          (webrtc_ ? webrtc_->errors() : 0);
    relay_.send(stats);
  }

  void fail(const gst::IntakeFailure& failure) {
    if (relay_.over()) return;
    base::log::error("pipeline failed", {{"code", failure.code}, {"text", failure.text}});
    if (session_) session_->finish();
    relay_.send(wire::Failure{failure.code, failure.text});
    relay_.quit(1);
  }

  void end() {
    if (relay_.over()) return;
    slate_.reset();
    if (intake_) intake_->finish();
    if (webrtc_) webrtc_->finish();
    if (session_) {
      session_->finish();
      send_stats();
    }
    relay_.quit(0);
  }

  port::ChildLoop relay_;
  base::glib::Timer stats_timer_;
  base::glib::Handle<GSource> term_;
  std::optional<Session> session_;
  std::unique_ptr<gst::StreamIntake> intake_;
  std::optional<gst::RtspIntake> camera_;
  std::unique_ptr<gst::RtpIntake> webrtc_;
  std::unique_ptr<slate::Maker> slate_;
  std::size_t input_bytes_ = 0;
  base::Steady::time_point first_input_{};
};

}  // namespace

int run() {
  // One heap: streaming threads of a graph need none of their own.
  mallopt(M_ARENA_MAX, 1);
  std::signal(SIGPIPE, SIG_IGN);
  av::route_log();
  return Command().run();
}

}  // namespace tongke::pipeline::worker::live
