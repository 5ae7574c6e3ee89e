#include "relay/live/session.hpp"

#include <utility>

#include "base/log.hpp"

namespace tongke::relay::live {

namespace wire = pipeline::wire;

namespace {

constexpr std::chrono::seconds kWatchInterval{1};
/// A child says Stats every second; one that is silent for this long is hung.
constexpr std::chrono::seconds kSilenceBound{6};

}  // namespace

Session::Session(GMainContext* context, const pipeline::ChildSettings& settings, wire::InputFormat format,
                 Listener& listener)
    : context_(context),
      settings_(settings),
      listener_(listener),
      replay_(format == wire::InputFormat::rtp || format == wire::InputFormat::slate
                  ? InputReplay::Memory::none
                  : InputReplay::Memory::since_keyframe) {}

void Session::start(wire::Open open) {
  started_ = true;
  open_ = std::move(open);
  replay_.set_point({open_.start, open_.first_msn});
  launch();
  watchdog_ = base::glib::Timer(context_, kWatchInterval, [this] { check_alive(); });
}

void Session::push(const ingest::Chunk& chunk) {
  if (finishing_) return;
  input_bytes_ += chunk.bytes.size();
  const auto bytes = replay_.add(chunk);
  if (child_) child_->send(wire::Input{bytes});
}

void Session::take_headers(const Session& before) { replay_.take_headers(before.replay_); }

void Session::want(const std::string& rendition, bool on) {
  const bool changed = on ? wanted_.insert(rendition).second : wanted_.erase(rendition) > 0;
  if (changed && child_) child_->send(wire::Want{rendition, on});
}

void Session::request_keyframe() {
  if (child_ && !finishing_) child_->send(wire::KeyframeRequest{});
}

void Session::finish() {
  if (finishing_) return;
  finishing_ = true;
  if (child_) {
    child_->close();
  } else {
    // Between two children: there is nothing to flush.
    relaunch_ =
        base::glib::Timer(context_, std::chrono::milliseconds(0), [this] { listener_.session_over({}); });
  }
}

void Session::launch() {
  relaunch_.reset();
  open_.start = replay_.point().start;
  open_.first_msn = replay_.point().msn;
  auto child = pipeline::Child::start(
      context_, settings_, "live", open_, [this](wire::Message m) { message(std::move(m)); },
      [this](pipeline::ChildEnd end, const std::string& why) { ended(end, why); });
  if (!child) {
    base::log::error("pipeline child did not start", {{"why", child.error().message}});
    relaunch_ = base::glib::Timer(context_, policy_.crashed(base::Steady::now()).delay + kWatchInterval,
                                  [this] { go_on(); });
    return;
  }
  child_ = std::move(*child);
  heard_ = base::Steady::now();
  for (const auto& rendition : wanted_) child_->send(wire::Want{rendition, true});
  for (const auto& bytes : replay_.begin_again()) child_->send(wire::Input{bytes});
}

void Session::go_on() {
  if (!replay_.remembers()) replay_.set_point(listener_.session_resumes());
  launch();
}

void Session::message(wire::Message message) {
  heard_ = base::Steady::now();
  const auto* part = std::get_if<wire::Part>(&message);
  if (part && replay_.remembers()) {
    const bool starts_video = part->index == 0 && part->independent && part->rendition == "src";
    if (starts_video) {
      has_video_segments_ = true;
      replay_.segment_started(part->keyframe, {part->start, part->msn});
    } else if (!has_video_segments_ && part->ends_segment) {
      replay_.sound_segment_ended({part->start + part->duration, part->msn + 1});
    }
  }
  if (!std::holds_alternative<wire::Failure>(message)) listener_.session_message(std::move(message));
}

void Session::ended(pipeline::ChildEnd end, const std::string& why) {
  child_.reset();
  if (finishing_ || end == pipeline::ChildEnd::failed) {
    watchdog_.reset();
    listener_.session_over(finishing_ ? std::string() : why);
    return;
  }
  ++restarts_;
  const auto decision = policy_.crashed(base::Steady::now());
  open_.passthrough_only = decision.passthrough_only;
  listener_.session_restarted(why, decision.passthrough_only);
  if (decision.delay.count() == 0) {
    go_on();
  } else {
    relaunch_ = base::glib::Timer(context_, decision.delay, [this] { go_on(); });
  }
}

void Session::check_alive() {
  if (child_ && !finishing_ && base::Steady::now() - heard_ > kSilenceBound) {
    base::log::warn("pipeline child is silent; starting another", {{"pid", child_->pid()}});
    // Destroying kills it; its end is not reported any more, so it is told here.
    ended(pipeline::ChildEnd::crashed, "silent");
  }
}

}  // namespace tongke::relay::live
