#include "relay/output/output.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::output {
namespace {

using namespace std::chrono_literals;
using base::MediaTime;
using pipeline::wire::OutputFormat;
using pipeline::wire::TrackKind;

constexpr auto kTick = 100ms;
/// How long before it is due a piece is handed to the child.
constexpr MediaTime kLead = 1500ms;
/// A destination that was just reached begins with what is due after this.
constexpr MediaTime kRunUp = 200ms;
/// What may wait beyond the delay before the oldest is dropped.
constexpr MediaTime kReserve = 10s;
/// What a child may have yet to take; more is kept back here, where there is a bound.
constexpr std::size_t kMostUntaken = 2U << 20U;
/// A child says something every second, once it has connected; for that it has some seconds.
constexpr auto kSilence = 20s;
/// The source's own sound that is so far behind the audio rendition is not made any more.
constexpr MediaTime kStale = 4s;

struct Metrics {
  base::metrics::Counter& bytes =
      base::metrics::counter("tongke_output_bytes_total", "Bytes sent to destinations outside");
  base::metrics::Counter& failures = base::metrics::counter(
      "tongke_output_failures_total", "Times a destination outside could not be reached or was lost");
  base::metrics::Counter& dropped = base::metrics::counter(
      "tongke_output_dropped_segments_total", "Segments of lessons that destinations outside did not get");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

bool is_aac(const live::RenditionSnapshot* rendition) {
  return rendition != nullptr && !rendition->held.empty() && !rendition->inits->empty() &&
         rendition->inits->back()->codecs == "mp4a.40.2";
}

/// What would have been sent by now was not to be.
void pass_over(DelayLine& line, MediaTime until) {
  while (line.take(until)) {
  }
}

MediaTime end_of(const live::RenditionSnapshot& rendition) {
  const auto& last = rendition.held.back()->info;
  return last.start + last.duration;
}

}  // namespace

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::waiting:
      return "waiting";
    case State::connecting:
      return "connecting";
    case State::sending:
      return "sending";
    case State::retrying:
      return "retrying";
    case State::ended:
      return "ended";
  }
  return "";
}

Output::Output(Use use, std::string lesson, Destination destination)
    : use_(std::move(use)),
      lesson_(std::move(lesson)),
      destination_(std::move(destination)),
      video_{.kind = TrackKind::video, .name = "video", .line = DelayLine(destination_.delay + kReserve)},
      sound_{.kind = TrackKind::audio, .name = "audio", .line = DelayLine(destination_.delay + kReserve)},
      ticks_(use_.context, kTick, [this] { tick(); }) {
  status_.since = use_.clock();
  read();
}

Status Output::status() const {
  Status status = status_;
  status.bytes = bytes_before_ + stats_.bytes;
  status.late = late_before_ + stats_.late;
  status.dropped_frames = dropped_before_ + stats_.dropped_frames;
  status.underruns = underruns_before_ + stats_.underruns;
  status.dropped_segments = video_.line.dropped_segments() + sound_.line.dropped_segments();
  return status;
}

void Output::cut(base::WallTime since) {
  if (status_.cut) return;
  status_.cut = since;
  awaits_picture_ = false;
  tell_cut();
}

void Output::restore() {
  if (!status_.cut) return;
  status_.cut.reset();
  for (Track* track : {&video_, &sound_}) {
    const MediaTime seen = track->line.end();
    pass_over(track->line, seen);
    track->line.skip_to(seen);
  }
  if (!child_) return;
  child_->send(pipeline::wire::Cut{.on = false});
  awaits_picture_ = video_.sent;
}

void Output::tell_cut() {
  if (child_ && status_.cut)
    child_->send(pipeline::wire::Cut{.on = true, .heading = use_.slate_heading, .text = use_.slate_text});
}

MediaTime Output::position() const {
  return std::chrono::duration_cast<MediaTime>(use_.clock() - *begun_ - destination_.delay);
}

void Output::tick() {
  read();
  if (!begun_) return;
  const auto now = base::Steady::now();
  if (!child_) {
    if (now >= next_try_ && is_due()) launch();
    return;
  }
  if (now - heard_ > kSilence) return try_again("no_answer: the sending process hangs", false);
  if (stats_.connected) feed();
}

void Output::read() {
  const auto snapshot = use_.snapshot();
  if (!snapshot) {
    over_ = begun_.has_value();
    return;
  }
  if (snapshot->renditions.empty()) return;
  const auto dropped = video_.line.dropped_segments() + sound_.line.dropped_segments();
  over_ = snapshot->ended;
  begun_ = snapshot->started;
  if (const auto* video = snapshot->find("src")) video_.line.read(*video);
  read_sound(*snapshot);
  metrics().dropped.Increment(
      static_cast<double>(video_.line.dropped_segments() + sound_.line.dropped_segments() - dropped));
}

// The teacher's own sound while it is AAC, else the one that is made for everybody.
void Output::read_sound(const live::LessonSnapshot& snapshot) {
  const auto* own = snapshot.find("src-audio");
  const auto* common = snapshot.find("audio");
  const bool has_common = is_aac(common);
  if (is_aac(own) && (!has_common || end_of(*own) + kStale > end_of(*common))) {
    sound_.line.read(*own);
  } else if (has_common) {
    sound_.line.read(*common);
  }
}

bool Output::is_due() const {
  const auto due = [until = position() + kLead](const Track& track) {
    return !track.line.empty() && track.line.front()->start <= until;
  };
  return due(video_) || due(sound_);
}

void Output::launch() {
  pipeline::wire::OutputOpen open{.format = destination_.format,
                                  .url = destination_.url,
                                  .secret = destination_.key,
                                  .rate_bps = destination_.rate_bps,
                                  .service_name = destination_.service_name,
                                  .layer2 = destination_.layer2,
                                  .position = position(),
                                  .video = !video_.line.empty(),
                                  .audio = !sound_.line.empty()};
  if (open.format == OutputFormat::rtmp && !open.secret.empty()) open.url += "/" + open.secret;
  auto child = pipeline::Child::start(
      use_.context, use_.child, "output", open,
      [this](const pipeline::wire::Message& said) { message(said); },
      [this](pipeline::ChildEnd end, const std::string& why) { ended(end, why); });
  if (!child) return try_again("unavailable: " + child.error().message, false);
  child_ = std::move(*child);
  heard_ = base::Steady::now();
  become(State::connecting);
  awaits_picture_ = false;
  promise(video_);
  promise(sound_);
  tell_cut();
}

void Output::promise(Track& track) {
  track.sent = !track.line.empty();
  if (!track.sent) return;
  track.known = track.line.front()->init;
  child_->send(pipeline::wire::Init{.rendition = track.name,
                                    .kind = track.kind,
                                    .codecs = track.known->codecs,
                                    .bytes = track.known->bytes});
}

void Output::feed() {
  // A picture, or a sound, that was not there when the child began: it has to begin again.
  for (const Track* track : {&video_, &sound_}) {
    if (!track->sent && !track->line.empty())
      return try_again("parameters_changed: the lesson has another kind of media now", true);
  }
  const MediaTime until = position() + kLead;
  if (status_.cut) {
    pass_over(video_.line, position());
  } else {
    feed(video_, until);
  }
  if (status_.cut || awaits_picture_) {
    pass_over(sound_.line, position());
  } else {
    feed(sound_, until);
  }
  if (!over_ || !video_.line.empty() || !sound_.line.empty()) return;
  if (position() < std::max(video_.line.end(), sound_.line.end()) + kLead) return;
  child_->close();
}

void Output::feed(Track& track, MediaTime until) {
  while (child_->waiting() < kMostUntaken) {
    const auto piece = track.line.take(until);
    if (!piece) return;
    if (awaits_picture_) {
      awaits_picture_ = false;
      sound_.line.skip_to(piece->start);
    }
    if (piece->init != track.known) {
      track.known = piece->init;
      child_->send(pipeline::wire::Init{.rendition = track.name,
                                        .kind = track.kind,
                                        .codecs = piece->init->codecs,
                                        .bytes = piece->init->bytes});
    }
    child_->send(pipeline::wire::Part{.rendition = track.name,
                                      .msn = piece->msn,
                                      .independent = piece->begins,
                                      .start = piece->start,
                                      .duration = piece->duration,
                                      .bytes = piece->bytes});
  }
}

void Output::message(const pipeline::wire::Message& message) {
  const auto* stats = std::get_if<pipeline::wire::OutputStats>(&message);
  if (stats == nullptr) return;  // a Failure comes again with the end
  heard_ = base::Steady::now();
  metrics().bytes.Increment(static_cast<double>(stats->bytes - stats_.bytes));
  const bool first = stats->connected && !stats_.connected;
  stats_ = *stats;
  if (!first) return;
  reached_ = heard_;
  video_.line.skip_to(position() + kRunUp);
  sound_.line.skip_to(position() + kRunUp);
  become(State::sending);
}

void Output::ended(pipeline::ChildEnd end, const std::string& why) {
  if (end != pipeline::ChildEnd::closed) return try_again(why, why.starts_with("parameters_changed"));
  child_.reset();
  become(State::ended);
}

void Output::try_again(const std::string& why, bool at_once) {
  const auto now = base::Steady::now();
  const auto lasted =
      stats_.connected ? std::chrono::duration_cast<std::chrono::milliseconds>(now - reached_) : 0ms;
  child_.reset();
  bytes_before_ += stats_.bytes;
  dropped_before_ += stats_.dropped_frames;
  late_before_ += stats_.late;
  underruns_before_ += stats_.underruns;
  stats_ = {};
  ++status_.restarts;
  status_.last_error = why;
  next_try_ = now + (at_once ? 0ms : backoff_.failed(lasted));
  if (!at_once) metrics().failures.Increment();
  base::log::warn("output begins again",
                  {{"lesson", lesson_}, {"destination", destination_.name}, {"why", why}});
  become(State::retrying);
}

void Output::become(State state) {
  if (state != status_.state) status_.since = use_.clock();
  status_.state = state;
}

}  // namespace tongke::relay::output
