#include "relay/live/lesson.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace tongke::relay::live {

namespace wire = pipeline::wire;
namespace log = base::log;

namespace {

/// A pause shorter than this is the seam between two publishers, not a gap anyone sees.
constexpr base::MediaTime kNoGap{std::chrono::milliseconds(100)};
/// A player keeps the master playlist it was given first: a lesson is on air once picture and
/// sound are both there, or when one of them has been alone for this long.
constexpr std::chrono::milliseconds kPatience{1000};

base::MediaTime since(base::WallTime started) {
  return std::max(base::MediaTime(0),
                  std::chrono::duration_cast<base::MediaTime>(base::wall_now() - started));
}

}  // namespace

std::string_view to_string(OnAir state) noexcept {
  switch (state) {
    case OnAir::waiting:
      return "waiting";
    case OnAir::live:
      return "live";
    case OnAir::interrupted:
      return "interrupted";
    case OnAir::ended:
      return "ended";
  }
  return "waiting";
}

/// What a protocol holds: a source's number and a weak way to the lesson.
class Lesson::LessonFeed final : public ingest::Feed {
 public:
  LessonFeed(std::weak_ptr<Lesson> lesson, std::uint64_t source)
      : lesson_(std::move(lesson)), source_(source) {}
  ~LessonFeed() override {
    if (const auto lesson = lesson_.lock()) lesson->gone(source_);
  }
  LessonFeed(const LessonFeed&) = delete;
  LessonFeed& operator=(const LessonFeed&) = delete;

  void push(const ingest::Chunk& chunk) override {
    if (const auto lesson = lesson_.lock()) lesson->push(source_, chunk);
  }

 private:
  std::weak_ptr<Lesson> lesson_;
  std::uint64_t source_;
};

Lesson::Lesson(std::string id, base::glib::MainLoop& control, LessonSettings settings, Outlet& outlet)
    : id_(std::move(id)), control_(control), settings_(std::move(settings)), outlet_(outlet) {}
Lesson::~Lesson() { give_up_demand(); }

OnAir Lesson::on_air() const noexcept {
  if (ended_) return OnAir::ended;
  if (session_ && media_seen_) return OnAir::live;
  return begun_ ? OnAir::interrupted : OnAir::waiting;
}

void Lesson::tell_on_air() {
  const OnAir now = on_air();
  if (std::exchange(told_, now) != now) outlet_.on_air(id_, now);
}

base::MediaTime Lesson::end_time() const noexcept {
  return timeline_ ? timeline_->end_time() : base::MediaTime(0);
}

LessonHealth Lesson::health() const {
  LessonHealth health = health_;
  // Behind a slate waits who was silent, or has only connected.
  if (const auto* source = session_ && session_->is_slate() ? next_.get() : session_.get()) {
    health.protocol = source->protocol;
    health.peer = source->peer;
    health.input_bytes = source->session->input_bytes();
  }
  if (session_) health.child = session_->session->child_pid();
  if (timeline_) health.counts = timeline_->counts();
  return health;
}

std::string Lesson::publisher() const {
  if (next_ && next_->publisher) return next_->protocol;
  return session_ && session_->publisher ? session_->protocol : std::string();
}

// ---- publishers ----

std::unique_ptr<ingest::Feed> Lesson::publish(const ingest::PublishRequest& request,
                                              ingest::Publisher& publisher) {
  auto source = make_source(request, &publisher);
  auto feed = std::make_unique<LessonFeed>(weak_from_this(), source->id);
  log::info("publisher accepted", {{"lesson", id_}, {"protocol", request.protocol}, {"peer", request.peer}});
  put_on_air(std::move(source));
  return feed;
}

void Lesson::pull(const std::string& url) {
  camera_url_ = url;
  if (session_ && session_->is_slate() && !next_)
    return session_->session->finish();  // pulls when it is over
  if (session_ || next_ || ended_ || stopping_) return;
  auto source = make_source(
      {.lesson = id_, .key = {}, .protocol = "rtsp", .peer = {}, .format = wire::InputFormat::rtsp_url},
      nullptr);
  source->open.url = url;
  session_ = std::move(source);
  start(*session_);
}

std::unique_ptr<Lesson::Source> Lesson::make_source(const ingest::PublishRequest& request,
                                                    ingest::Publisher* publisher) {
  auto source = std::make_unique<Source>(settings_.silence);
  source->id = ++last_source_;
  source->protocol = request.protocol;
  source->peer = request.peer;
  source->publisher = publisher;
  source->open.format = request.format;
  source->open.sdp = request.sdp;
  Session::Listener& listener = *this;
  source->session = std::make_unique<Session>(control_.context(), settings_.child, request.format, listener);
  return source;
}

void Lesson::put_on_air(std::unique_ptr<Source> source) {
  sent_away_ = false;
  if (!session_) {
    session_ = std::move(source);
    media_seen_ = false;
    return;
  }
  if (!session_->is_slate() || next_) ++health_.takeovers;
  if (next_) dismiss(*next_, ingest::Dismissal::superseded);
  if (session_->is_slate()) {
    next_ = std::move(source);  // on air with its first media
    return;
  }
  dismiss(*session_, ingest::Dismissal::superseded);
  next_ = std::move(source);
  if (session_->session->started()) {
    session_->session->finish();  // session_over() goes on with next_
  } else {
    session_over({});
  }
}

void Lesson::dismiss(Source& source, ingest::Dismissal why) {
  if (auto* publisher = std::exchange(source.publisher, nullptr)) {
    // Its feed may go at once: by number 0 nobody finds the source again.
    source.id = 0;
    log::info(
        "publisher dismissed",
        {{"lesson", id_}, {"protocol", source.protocol}, {"peer", source.peer}, {"why", to_string(why)}});
    publisher->dismiss(why);
  }
}

void Lesson::push(std::uint64_t source, const ingest::Chunk& chunk) {
  const bool media = chunk.kind == ingest::ChunkKind::keyframe || chunk.kind == ingest::ChunkKind::media;
  if (next_ && next_->id == source) {
    next_->session->push(chunk);
    next_->heard = next_->heard || media;
    if (next_->heard && session_->is_slate()) session_->session->finish();
  } else if (session_ && session_->id == source) {
    session_->session->push(chunk);
    if (!media) return;
    session_->silence.heard(base::Steady::now());
    // The clock starts with media, not with the connection: an encoder may idle first.
    if (!session_->session->started()) start(*session_);
  }
}

void Lesson::gone(std::uint64_t source) {
  if (next_ && next_->id == source) {
    next_.reset();
  } else if (session_ && session_->id == source) {
    session_->publisher = nullptr;
    log::info("publisher gone",
              {{"lesson", id_}, {"protocol", session_->protocol}, {"peer", session_->peer}});
    if (session_->session->started()) {
      session_->session->finish();
    } else {
      session_.reset();
    }
  }
  tell_on_air();
}

// ---- session ----

void Lesson::start(Source& source) {
  ensure_timeline();
  timeline_->record(true);
  health_.tracks.clear();
  health_.passthrough_only = false;
  launch(source, continue_now());
}

void Lesson::launch(Source& source, InputReplay::Point point) {
  source.open.start = point.start;
  source.open.first_msn = point.msn;
  source.open.part_ms = static_cast<std::uint32_t>(settings_.part.count());
  source.open.segment_ms = static_cast<std::uint32_t>(settings_.segment.count());
  for (const auto& rendition : demand_.wanted()) source.session->want(rendition, true);
  source.session->start(source.open);
}

// Media that has nothing to do with what was before goes on at the wall clock's place.
InputReplay::Point Lesson::next_point() {
  timeline_->discontinuity();
  return {.start = std::max(timeline_->end_time(), since(*started_)), .msn = timeline_->next_msn()};
}

InputReplay::Point Lesson::continue_now() {
  const auto from = away_ ? away_->from : timeline_->end_time();
  away_.reset();
  const InputReplay::Point point = next_point();
  if (point.msn != 0 && point.start - from > kNoGap) {
    const Gap gap{.start = from, .duration = point.start - from};
    timeline_->gap(gap);
    outlet_.record_gap(id_, gap);
  }
  return point;
}

InputReplay::Point Lesson::session_resumes() { return session_->is_slate() ? next_point() : continue_now(); }

void Lesson::session_message(wire::Message message) {
  if (const auto* frame = std::get_if<wire::Frame>(&message)) {
    // What a child still flushes when the lesson is over has no viewers, and nobody would forget it.
    if (!ended_ && frame_order_.is_new(*frame)) outlet_.frame(id_, *frame);
  } else if (const auto* rtcp = std::get_if<wire::Rtcp>(&message)) {
    if (session_->publisher) session_->publisher->send_rtcp(rtcp->bytes.view());
  } else if (const auto* init = std::get_if<wire::Init>(&message)) {
    timeline_->init(*init);
    if (init->rendition == "src" && !session_->is_slate()) {
      ladder_source_ = {.size = {init->width, init->height}, .frame_rate = init->frame_rate};
      offer_ladder();
    }
  } else if (const auto* part = std::get_if<wire::Part>(&message)) {
    if (timeline_->part(*part) == Timeline::Taken::accepted) part_accepted();
  } else if (const auto* still = std::get_if<wire::Still>(&message)) {
    if (timeline_->still(*still)) publish_soon();
  } else if (session_->is_slate()) {
    return;  // what is told of the source stays
  } else if (const auto* track = std::get_if<wire::Track>(&message)) {
    std::erase_if(health_.tracks, [&](const auto& known) { return known.kind == track->kind; });
    health_.tracks.push_back(*track);
  } else if (const auto* stats = std::get_if<wire::Stats>(&message)) {
    note_stats(*stats);
  }
}

void Lesson::part_accepted() {
  if (session_->is_slate()) {
    publish_soon();
  } else if (media_seen_ || both_kinds_begun()) {
    media_flows();
  } else if (!patience_) {
    patience_ = base::glib::Timer(control_.context(), kPatience, [this] { media_flows(); });
  }
}

bool Lesson::both_kinds_begun() const {
  const auto has = [snapshot = timeline_->snapshot()](TrackKind kind) {
    return std::ranges::any_of(snapshot->renditions, [kind](const auto& rendition) {
      return rendition->kind == kind && !rendition->empty();
    });
  };
  return has(TrackKind::video) && has(TrackKind::audio);
}

void Lesson::media_flows() {
  patience_.reset();
  begun_ = true;
  if (!std::exchange(media_seen_, true)) {
    log::info("on air", {{"lesson", id_}, {"protocol", session_->protocol}});
    listen_for_silence();
  }
  tell_on_air();
  publish_soon();
}

void Lesson::session_restarted(const std::string& why, bool passthrough_only) {
  ++health_.restarts;
  frame_order_.replayed_from_here();
  health_.passthrough_only = passthrough_only;
  if (passthrough_only) {
    timeline_->offer({});
    publish_soon();
  }
  log::warn("pipeline child crashed; starting another",
            {{"lesson", id_}, {"why", why}, {"passthrough_only", passthrough_only ? "yes" : "no"}});
}

void Lesson::session_over(const std::string& failure) {
  if (!failure.empty()) {
    health_.last_failure = failure;
    log::warn("pipeline gave up on the input", {{"lesson", id_}, {"why", failure}});
    dismiss(*session_, ingest::Dismissal::unusable_media);
  }
  const bool was_camera = session_->is_camera();
  slate_fails_ = slate_fails_ || (session_->is_slate() && !failure.empty());
  session_.reset();
  media_seen_ = false;
  patience_.reset();
  quiet_.reset();
  if (next_ && (next_->heard || !may_show_slate())) {
    session_ = std::move(next_);
    if (session_->heard) start(*session_);
  } else if (may_show_slate()) {
    show_slate();
  } else if (ended_ || stopping_) {
    close_timeline();
  } else if (!camera_url_.empty() && !was_camera) {
    pull(camera_url_);
  }
  tell_on_air();
}

// ---- timeline ----

void Lesson::ensure_timeline() {
  if (!timeline_) load_recording();
  if (!timeline_) {
    started_ = base::wall_now();
    timeline_ = make_timeline();
  }
  if (!std::exchange(recording_, true)) timeline_->set_listener(outlet_.begin_recording(id_, *started_));
}

std::unique_ptr<Timeline> Lesson::make_timeline() const {
  TimelineSettings settings{.part = settings_.part, .segment = settings_.segment};
  settings.records_ladder = settings_.records_ladder;
  return std::make_unique<Timeline>(id_, *started_, settings);
}

void Lesson::load_recording() {
  auto recorded = outlet_.recorded(id_);
  if (!recorded || timeline_) return;
  started_ = recorded->started;
  recorded->ended = ended_;
  timeline_ = make_timeline();
  timeline_->restore(*recorded);
  begun_ = true;
  outlet_.publish(timeline_->snapshot());
  tell_on_air();
}

void Lesson::end(ingest::Dismissal why) {
  if (std::exchange(ended_, true)) return;
  tell_on_air();
  if (next_) {
    dismiss(*next_, why);
    next_.reset();
  }
  if (!session_) {
    close_timeline();
    return;
  }
  dismiss(*session_, why);
  if (session_ && session_->session->started()) {
    session_->session->finish();
  } else {
    session_.reset();
    close_timeline();
  }
}

void Lesson::send_away(ingest::Dismissal why) {
  sent_away_ = true;
  if (next_) dismiss(*next_, why);
  next_.reset();
  if (!session_) return;
  dismiss(*session_, why);
  if (session_ && session_->session->started()) {
    session_->session->finish();
  } else {
    session_.reset();
  }
}

void Lesson::shut_down() {
  stopping_ = true;
  send_away(ingest::Dismissal::shutting_down);
}

void Lesson::reopen() {
  if (!std::exchange(ended_, false)) return;
  tell_on_air();
  // A timeline that has ended stays so; the next one begins where the recording stopped.
  timeline_.reset();
  load_recording();
}

void Lesson::close_timeline() {
  away_.reset();
  if (timeline_ && ended_) {
    timeline_->end();
    outlet_.publish(timeline_->snapshot());
  }
  if (timeline_) timeline_->set_listener(nullptr);
  if (std::exchange(recording_, false) && ended_) outlet_.end_recording(id_);
}

void Lesson::lost(const std::string& rendition, std::uint32_t msn) {
  if (!timeline_) return;
  timeline_->lost(rendition, msn);
  publish_soon();
}

void Lesson::publish_soon() {
  // Parts of all renditions arrive together: one snapshot for all of them.
  if (std::exchange(publish_posted_, true)) return;
  control_.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->publish_posted_ = false;
    if (self->timeline_) self->outlet_.publish(self->timeline_->snapshot());
  });
}

}  // namespace tongke::relay::live
