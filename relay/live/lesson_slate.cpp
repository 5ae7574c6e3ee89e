#include "base/log.hpp"
#include "relay/live/lesson.hpp"

// What pupils see while the teacher is away: a slate, in the same playlist and to the same WebRTC
// viewers. It is a session like a publisher's whose child makes its own media, and goes when a
// publisher's media comes.

namespace tongke::relay::live {

namespace wire = pipeline::wire;
namespace log = base::log;

namespace {

using namespace std::chrono_literals;

/// A teacher who has not come back by then comes no more: the class waits without it.
constexpr std::chrono::minutes kLongestSlate{10};
/// What was missed before the slate is made up for, so that players have no hole; but a lesson
/// that stood still for long begins at now.
constexpr base::MediaTime kMostOwed{5s};

}  // namespace

bool Lesson::may_show_slate() const {
  const bool wanted = begun_ && !ended_ && !stopping_ && !sent_away_ && camera_url_.empty();
  const bool possible = !settings_.slate_heading.empty() && !slate_fails_ && !health_.tracks.empty();
  return wanted && possible && (!away_ || is_aside_ || base::Steady::now() - away_->since < kLongestSlate);
}

// Whoever is connected but sends nothing (a dead link, a laptop that sleeps) cannot be asked.
void Lesson::listen_for_silence() {
  quiet_.reset();
  if (!session_->publisher || next_ || !may_show_slate()) return;
  const auto left = session_->silence.left(base::Steady::now());
  if (left <= 0ms) return step_back();
  quiet_ = base::glib::Timer(control_.context(), left, [this] { listen_for_silence(); });
}

// The publisher waits for its own next media, as one that has just come would.
void Lesson::step_back() {
  log::info("publisher silent",
            {{"lesson", id_}, {"protocol", session_->protocol}, {"peer", session_->peer}});
  auto waiting = make_source({.lesson = id_,
                              .key = {},
                              .protocol = session_->protocol,
                              .peer = session_->peer,
                              .format = session_->open.format,
                              .sdp = session_->open.sdp},
                             std::exchange(session_->publisher, nullptr));
  waiting->id = std::exchange(session_->id, 0);
  waiting->session->take_headers(*session_->session);
  next_ = std::move(waiting);
  session_->session->finish();
}

wire::Slate Lesson::slate_like_source() const {
  wire::Slate slate{.heading = settings_.slate_heading, .text = settings_.slate_text};
  for (const wire::Track& track : health_.tracks) {
    if (track.kind == wire::TrackKind::video) {
      slate.width = track.width & ~1U;
      slate.height = track.height & ~1U;
    } else {
      slate.sound = track.codec == "aac" ? "aac" : "opus";
      slate.sample_rate = track.sample_rate;
      slate.channels = track.channels;
    }
  }
  return slate;
}

void Lesson::show_slate() {
  const auto held = timeline_->end_time();
  if (!away_) away_ = Away{.from = held, .since = base::Steady::now()};
  session_ = make_source(
      {.lesson = id_, .key = {}, .protocol = "slate", .peer = {}, .format = wire::InputFormat::slate},
      nullptr);
  timeline_->record(false);
  const InputReplay::Point now = next_point();
  wire::Slate& slate = session_->open.slate;
  slate = slate_like_source();
  slate.owed = std::min(now.start - held, kMostOwed);
  log::info("slate", {{"lesson", id_}});
  launch(*session_, {.start = now.start - slate.owed, .msn = now.msn});
  if (is_aside_) return;
  quiet_ = base::glib::Timer(control_.context(), kLongestSlate, [this] { session_->session->finish(); });
}

std::shared_ptr<Lesson> Lesson::aside(std::string id, const std::string& heading, const std::string& text,
                                      Outlet& outlet) const {
  if (!timeline_ || timeline_->ended()) return nullptr;
  LessonSettings settings = settings_;
  settings.slate_heading = heading;
  settings.slate_text = text;
  auto made = std::make_shared<Lesson>(std::move(id), control_, std::move(settings), outlet);
  made->timeline_ = timeline_->fork(made->id_);
  made->started_ = started_;
  made->begun_ = true;
  made->is_aside_ = true;
  made->health_.tracks = health_.tracks;
  for (const auto& rendition : demand_.wanted()) made->ask(rendition);
  if (made->may_show_slate()) made->show_slate();
  return made;
}

}  // namespace tongke::relay::live
