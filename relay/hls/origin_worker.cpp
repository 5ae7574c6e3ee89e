#include "relay/hls/origin_worker.hpp"

#include <algorithm>

#include "base/metrics.hpp"
#include "relay/hls/answers.hpp"

namespace tongke::relay::hls {

using namespace std::chrono_literals;

namespace {

constexpr auto kSweep = 250ms;
constexpr auto kAskedEvery = 5s;
constexpr int kDeadlineTargetDurations = 3;  // RFC 8216bis section 6.2.5.2

/// Of a replay's playlists.
constexpr std::string_view kCacheEnded = "public, max-age=300";

struct Metrics {
  base::metrics::Gauge& waiting =
      base::metrics::gauge("tongke_hls_waiting", "Playlist and part requests waiting for media");
  base::metrics::Counter& refused = base::metrics::counter(
      "tongke_hls_waits_refused_total", "Requests not allowed to wait: a bound was reached");
  base::metrics::Counter& timed_out =
      base::metrics::counter("tongke_hls_waits_timed_out_total", "Requests that waited in vain");
  base::metrics::Counter& bad = base::metrics::counter("tongke_hls_bad_directives_total",
                                                       "Playlist requests with impossible directives");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

http::Response bad_request(const base::Error& error) {
  metrics().bad.Increment();
  return with_cors(http::problem(error));
}

http::Response playlist(const http::Request& request, const RenderedPlaylist& rendered,
                        std::string_view caching) {
  const auto accepted = request.header("Accept-Encoding");
  const bool gzip = accepted && accepts_gzip(*accepted);
  http::Response response;
  response.content_type = "application/vnd.apple.mpegurl";
  response.body = gzip ? rendered.gzip : rendered.plain;
  response.headers.reserve(5);
  response.headers.emplace_back("Cache-Control", caching);
  response.headers.emplace_back("ETag", gzip ? rendered.gzip_etag : rendered.etag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  return with_cors(std::move(response));
}

http::Response segment(const live::RenditionSnapshot& rendition, std::uint32_t msn) {
  const auto found = rendition.find(msn);
  if (!found || found->info.bytes == 0 || found->held == nullptr || !found->held->complete)
    return not_found();
  std::vector<base::SharedBytes> body;
  body.reserve(found->held->parts.size());
  for (const auto& part : found->held->parts) body.push_back(part.bytes);
  return media(rendition.kind, std::move(body));
}

}  // namespace

OriginWorker::OriginWorker(std::size_t index, base::Executor& executor,
                           std::shared_ptr<const OriginSettings> settings, std::shared_ptr<NewsBoard> board,
                           std::shared_ptr<Viewers> viewers)
    : index_(index),
      executor_(executor),
      settings_(std::move(settings)),
      board_(std::move(board)),
      viewers_(std::move(viewers)) {
  if (settings_->archive != nullptr) {
    archive_ = std::make_shared<ArchiveCache>(
        *settings_->archive, executor_,
        ArchiveCache::Limits{settings_->archive_cache_bytes, settings_->archive_reads,
                             settings_->archive_deadline});
  }
}

void OriginWorker::read_news() {
  if (!board_->fresh(index_)) return;
  std::vector<std::string> changed;
  std::vector<Ask> orphans;
  for (News& news : board_->take(index_)) {
    if (news.snapshot != nullptr) {
      Lesson& lesson = lessons_.try_emplace(news.lesson, deflater_).first->second;
      lesson.snapshot = news.snapshot;
      lesson.texts.set(std::move(news.snapshot), std::move(news.histories));
      changed.push_back(std::move(news.lesson));
    } else if (const auto gone = lessons_.find(news.lesson); gone != lessons_.end()) {
      for (Ask& ask : gone->second.waiting) {
        forget_waiting(ask);
        orphans.push_back(std::move(ask));
      }
      lessons_.erase(gone);
    }
  }
  // Answering may let a connection's next request in, and with it newer news: so only now,
  // and finding each lesson anew.
  for (Ask& ask : orphans) send(ask, not_found());
  for (const std::string& id : changed) wake(id);
}

OriginWorker::Lesson* OriginWorker::admit(const http::Request& request, bool playlist,
                                          http::Responder& responder) {
  using Entry = OriginSettings::Entry;
  read_news();
  const std::string_view id = request.param("lesson");
  const auto entry = playlist && settings_->admit                       ? settings_->admit(request)
                     : settings_->authorise(request.param("token"), id) ? Entry::yes
                                                                        : Entry::no;
  if (entry == Entry::third_device) {
    responder.send(with_cors(http::third_device()));
    return nullptr;
  }
  if (entry == Entry::yes) {
    if (Lesson* const lesson = shown(request.param("token"), id)) return lesson;
  }
  if (entry == Entry::no || !settings_->wanted) {
    responder.send(not_found());
    return nullptr;
  }
  // Forgotten again by sweep() if nobody publishes it.
  Lesson& lesson = lessons_.try_emplace(std::string(id), deflater_).first->second;
  settings_->wanted(std::string(id));
  return &lesson;
}

OriginWorker::Lesson* OriginWorker::shown(std::string_view token, std::string_view lesson) {
  const auto instead = settings_->instead ? settings_->instead(token, lesson) : std::nullopt;
  auto found = instead ? lessons_.find(*instead) : lessons_.end();
  // It is published before anybody is told to see it; but who is being woken may not have read that yet.
  if (found == lessons_.end()) found = lessons_.find(lesson);
  return found == lessons_.end() ? nullptr : &found->second;
}

base::Steady::time_point OriginWorker::deadline(const Lesson& lesson) const {
  const auto now = base::Steady::now();
  if (!lesson.snapshot || lesson.snapshot->target_duration == 0us) return now + settings_->begin_wait;
  return now + std::chrono::duration_cast<std::chrono::milliseconds>(kDeadlineTargetDurations *
                                                                     lesson.snapshot->target_duration);
}

void OriginWorker::handle_master(std::shared_ptr<const http::Request> request, http::Responder responder) {
  if (admit(*request, true, responder) == nullptr) return;
  settle({.request = request,
          .responder = std::move(responder),
          .token = request->param("token"),
          .lesson = request->param("lesson"),
          .rendition = {},
          .what = Ask::For::master,
          .directives = {},
          .name = {},
          .deadline = base::Steady::now() + settings_->begin_wait},
         false);
}

void OriginWorker::handle_media(std::shared_ptr<const http::Request> request, http::Responder responder) {
  if (request->param("rendition") == pipeline::wire::kStills)
    return handle_still(*request, std::move(responder));
  if (request->param("rendition") == "compat")
    return handle_stretch(std::move(request), std::move(responder));
  const auto name = parse_media_name(request->param("file"));
  if (!name) return responder.send(not_found());
  Lesson* const lesson = admit(*request, name->kind == MediaName::Kind::playlist, responder);
  if (lesson == nullptr) return;
  Ask ask{.request = request,
          .responder = std::move(responder),
          .token = request->param("token"),
          .lesson = request->param("lesson"),
          .rendition = request->param("rendition"),
          .what = Ask::For::playlist,
          .directives = {},
          .name = *name,
          .deadline = deadline(*lesson)};
  switch (name->kind) {
    case MediaName::Kind::init:
      ask.what = Ask::For::init;
      break;
    case MediaName::Kind::segment:
      ask.what = Ask::For::segment;
      break;
    case MediaName::Kind::part:
      ask.what = Ask::For::part;
      break;
    case MediaName::Kind::playlist: {
      const auto msn = request->query("_HLS_msn");
      const auto part = request->query("_HLS_part");
      const auto skip = request->query("_HLS_skip");
      const auto directives = parse_directives(msn, part, skip);
      if (!directives) return ask.responder.send(bad_request(directives.error()));
      ask.directives = *directives;
      note_asked(*lesson, ask.lesson, ask.rendition);
      break;
    }
  }
  settle(std::move(ask), false);
}

void OriginWorker::note_asked(Lesson& lesson, std::string_view id, std::string_view rendition) const {
  if (!settings_->asked || !pipeline::wire::is_on_demand(rendition)) return;
  if (lesson.snapshot && (lesson.snapshot->ended || !lesson.snapshot->may_have(rendition))) return;
  const auto now = base::Steady::now();
  const auto [told, first] = lesson.asked.try_emplace(std::string(rendition), now);
  if (!first && now - told->second < kAskedEvery) return;
  told->second = now;
  settings_->asked(lesson.snapshot ? lesson.snapshot->lesson : std::string(id), std::string(rendition));
}

void OriginWorker::settle(Ask ask, bool was_waiting) {
  Lesson* const found = shown(ask.token, ask.lesson);
  const auto done = [&] {
    if (was_waiting) forget_waiting(ask);
  };
  if (found == nullptr) {
    done();
    return send(ask, not_found());
  }
  Lesson& lesson = *found;
  if (lesson.snapshot && in_archive(lesson, ask)) {
    done();
    return read_archive(lesson, std::move(ask));
  }
  if (auto now = lesson.snapshot ? answer(lesson, ask) : std::nullopt) {
    done();
    return send(ask, std::move(*now));
  }
  if (!was_waiting && !may_wait(lesson, ask)) {
    metrics().refused.Increment();
    return send(ask, with_cors(http::problem({base::Errc::overload, "too many requests are waiting"})));
  }
  lesson.waiting.push_back(std::move(ask));
  watch_deadlines();
}

std::optional<http::Response> OriginWorker::answer(Lesson& lesson, const Ask& ask) {
  if (ask.what == Ask::For::master) {
    const auto text = lesson.texts.master(reader_of(ask.request->header("User-Agent").value_or("")));
    if (text) return playlist(*ask.request, *text, lesson.snapshot->ended ? kCacheEnded : kCacheNow);
    return lesson.snapshot->ended ? std::optional(not_found()) : std::nullopt;
  }
  if (ask.what == Ask::For::playlist && lesson.snapshot->is_withdrawn(ask.rendition)) return not_found();
  if (ask.what == Ask::For::playlist && lesson.snapshot->is_cold(ask.rendition)) return std::nullopt;
  const auto* const rendition = lesson.snapshot->find(ask.rendition);
  if (rendition == nullptr) return not_found();
  switch (ask.what) {
    case Ask::For::init: {
      const auto* const init = rendition->find_init(ask.name.number);
      return init == nullptr ? not_found() : media(rendition->kind, {init->bytes});
    }
    case Ask::For::segment:
      return segment(*rendition, ask.name.number);
    case Ask::For::part:
      return answer_part(lesson, *rendition, ask);
    case Ask::For::playlist:
    case Ask::For::master:
      break;
  }
  return answer_playlist(lesson, *rendition, ask);
}

std::optional<http::Response> OriginWorker::answer_playlist(Lesson& lesson,
                                                            const live::RenditionSnapshot& rendition,
                                                            const Ask& ask) {
  if (lesson.snapshot->ended && rendition.empty()) return not_found();
  switch (reach(*lesson.snapshot, rendition, ask.directives)) {
    case Reach::soon:
      return std::nullopt;
    case Reach::too_far:
      return bad_request({base::Errc::invalid, "beyond the next two segments", "_HLS_msn"});
    case Reach::there:
      break;
  }
  const auto text = ask.directives.skip ? lesson.texts.delta(rendition) : lesson.texts.media(rendition);
  if (lesson.snapshot->ended) return playlist(*ask.request, *text, kCacheEnded);
  return playlist(*ask.request, *text, ask.directives.msn ? kCacheBriefly : kCacheNow);
}

std::optional<http::Response> OriginWorker::answer_part(const Lesson& lesson,
                                                        const live::RenditionSnapshot& rendition,
                                                        const Ask& ask) {
  if (const auto* const part = rendition.find_part(ask.name.number, ask.name.part)) {
    return media(rendition.kind, {part->bytes});
  }
  // Only what is hinted may be waited for; when it will not come, its turn passes.
  const live::LiveEdge edge = rendition.edge();
  const bool hinted = !lesson.snapshot->ended && ask.name.number == edge.msn && ask.name.part == edge.parts;
  return hinted ? std::nullopt : std::optional(not_found());
}

bool OriginWorker::in_archive(const Lesson& lesson, const Ask& ask) const {
  if (ask.what != Ask::For::segment || !archive_) return false;
  const auto* const rendition = lesson.snapshot->find(ask.rendition);
  const auto found = rendition == nullptr ? std::nullopt : rendition->find(ask.name.number);
  return found && found->held == nullptr && found->info.bytes != 0;
}

void OriginWorker::read_archive(const Lesson& lesson, Ask ask) {
  const live::TrackKind kind = lesson.snapshot->find(ask.rendition)->kind;
  // std::function wants what it holds copyable.
  auto held = std::make_shared<Ask>(std::move(ask));
  archive_->get(held->lesson, held->rendition, held->name.number,
                [self = shared_from_this(), held, kind](const base::Result<base::SharedBytes>& bytes) {
                  if (bytes) return self->send(*held, media(kind, {*bytes}));
                  const bool passing =
                      bytes.error().kind == base::Errc::overload || bytes.error().kind == base::Errc::timeout;
                  self->send(*held, passing ? come_back("the recording is busy") : not_found());
                });
}

void OriginWorker::send(Ask& ask, http::Response response) {
  const bool is_media = ask.what == Ask::For::part || ask.what == Ask::For::segment;
  const bool is_file = is_media || ask.what == Ask::For::init;
  const Lesson* const lesson = is_file && response.status == 200 ? shown(ask.token, ask.lesson) : nullptr;
  if (lesson != nullptr && lesson->snapshot && lesson->snapshot->lesson != ask.lesson) keep_briefly(response);
  if (lesson != nullptr && lesson->snapshot && is_media) {
    const auto* const rendition = lesson->snapshot->find(ask.rendition);
    const auto segment = rendition == nullptr ? std::nullopt : rendition->find(ask.name.number);
    const base::MediaTime start = segment ? segment->info.start : base::MediaTime(0);
    add_media_time(response, start);
    if (ask.request->method() != "HEAD" && !ask.responder.aborted()) {
      std::uint64_t bytes = 0;
      for (const auto& piece : response.body) bytes += piece.size();
      note_delivered({ask.token, ask.lesson, ask.rendition, start, bytes}, *lesson->snapshot);
    }
  }
  ask.responder.send(std::move(response));
}

void OriginWorker::note_delivered(const Delivery& delivery, const live::LessonSnapshot& of) const {
  if (of.lesson != delivery.lesson) return;
  viewers_->note(delivery.token, delivery.lesson, delivery.rendition, base::Steady::now());
  if (settings_->delivered) settings_->delivered(delivery);
}

bool OriginWorker::may_wait(const Lesson& lesson, const Ask& ask) {
  if (lesson.waiting.size() >= settings_->max_waiting_per_lesson) return false;
  std::size_t& of_token = waiting_by_token_[std::string(ask.token)];
  if (of_token >= settings_->max_waiting_per_token) return false;
  ++of_token;
  metrics().waiting.Increment();
  if (++waiting_ == 1 && board_->await(index_, true)) {
    executor_.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->read_news();
    });
  }
  return true;
}

void OriginWorker::forget_waiting(const Ask& ask) {
  if (--waiting_ == 0) static_cast<void>(board_->await(index_, false));
  metrics().waiting.Decrement();
  const auto found = waiting_by_token_.find(std::string(ask.token));
  if (--found->second == 0) waiting_by_token_.erase(found);
}

void OriginWorker::wake(const std::string& id) {
  const auto found = lessons_.find(id);
  if (found == lessons_.end()) return;
  // Taken out first: answering may let a connection's next request in at once, which may
  // itself wait, or bring newer news.
  for (Ask& ask : std::exchange(found->second.waiting, {})) settle(std::move(ask), true);
}

void OriginWorker::watch_deadlines() {
  if (sweeping_ || waiting_ == 0) return;
  sweeping_ = true;
  executor_.post_after(kSweep, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->sweeping_ = false;
    self->sweep();
    self->watch_deadlines();
  });
}

void OriginWorker::sweep() {
  const auto now = base::Steady::now();
  std::vector<std::pair<Ask, http::Response>> given_up;
  for (auto& [id, lesson] : lessons_) {
    std::erase_if(lesson.waiting, [&, known = lesson.snapshot != nullptr](Ask& ask) {
      const bool gone = ask.responder.aborted();
      if (!gone && now < ask.deadline) return false;
      forget_waiting(ask);
      if (!gone) metrics().timed_out.Increment();
      given_up.emplace_back(
          std::move(ask),
          known ? come_back("no new media; the lesson may be paused or not have begun") : not_found());
      return true;
    });
  }
  std::erase_if(lessons_,
                [](const auto& entry) { return !entry.second.snapshot && entry.second.waiting.empty(); });
  for (auto& [ask, response] : given_up) send(ask, std::move(response));
}

}  // namespace tongke::relay::hls
