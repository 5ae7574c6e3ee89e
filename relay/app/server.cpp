#include "relay/app/server.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/text.hpp"
#include "relay/app/webrtc_lessons.hpp"
#include "relay/http/api/routes.hpp"
#include "relay/http/static_site.hpp"
#include "relay/webrtc/service.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace log = base::log;

constexpr std::chrono::milliseconds kHttpStop{1500};
// How late pages may learn by websocket that the teacher came or went; playlists tell by themselves.
constexpr std::chrono::milliseconds kOnAirWatch{300};

std::filesystem::path program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

// As installed (beside the program) or as built (build/<preset>/tongke in the source tree).
std::filesystem::path pages_folder(const Settings& settings) {
  if (!settings.http.pages.empty()) return settings.http.pages;
  const auto beside = program_folder() / "pages";
  return std::filesystem::exists(beside) ? beside : program_folder() / "../../player-web/dist";
}

std::string pipeline_program(const Settings& settings) {
  return settings.pipeline.program.empty() ? (program_folder() / "tongke-pipeline").string()
                                           : settings.pipeline.program;
}

}  // namespace

Server::Server(const Settings& settings, DataDir data, base::glib::MainLoop& control,
               school::store::Store store)
    : settings_(settings), data_(std::move(data)), control_(control), store_(std::move(store)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::create(const Settings& settings, DataDir data,
                                               base::glib::MainLoop& control) {
  auto store = open_store(settings, data);
  if (!store) return std::move(store).error();
  std::unique_ptr<Server> server(new Server(settings, std::move(data), control, std::move(*store)));
  if (auto opened = server->open(); !opened) return std::move(opened).error();
  return server;
}

Result<void> Server::open() {
  // First of all: two servers on one data folder would destroy each other's recordings.
  auto socket = ControlSocket::listen(data_.control_socket(), control_.context(),
                                      [this](const std::string& line) { return answer_command(line); });
  if (!socket) return std::move(socket).error();
  control_socket_ = std::move(*socket);

  auto lessons = school::Lessons::open(store_);
  if (!lessons) return std::move(lessons).error();
  lessons_.emplace(std::move(*lessons));
  lessons_->watch([this](const school::Lesson& lesson) { keys_.note(lesson); });
  auto secret = data_.secret();
  if (!secret) return std::move(secret).error();
  signer_.emplace(std::move(*secret));

  MediaDesk::Options media;
  media.record = settings_.record.enabled;
  media.record_ladder = settings_.record.ladder;
  media.recorder.disk.min_free = settings_.record.min_free.value;
  media.exporter.pipeline = pipeline_program(settings_);
  media.exporter.min_free = settings_.record.min_free.value;
  media.begun = [this](const std::string& lesson, base::WallTime started) {
    if (auto noted = lessons_->note_started(lesson, started); !noted) {
      log::error("lesson start not noted", {{"lesson", lesson}, {"why", noted.error().message}});
    }
  };
  media.closed = [this](const std::string& lesson) { lesson_closed(lesson); };
  media_ = std::make_unique<MediaDesk>(data_.recordings(), control_, media);
  directory_ = std::make_unique<live::Directory>(
      control_,
      live::LessonSettings{.child = {.program = pipeline_program(settings_),
                                     .nice = static_cast<int>(settings_.pipeline.nice)},
                           .part = settings_.hls.part,
                           .segment = settings_.hls.segment,
                           .records_ladder = settings_.record.ladder},
      *media_,
      [this](const std::string& lesson, const std::string& key) { return keys_.admits(lesson, key); });

  if (auto ok = open_webrtc(); !ok) return ok;
  if (auto ok = open_signaling(); !ok) return ok;
  if (auto ok = open_http(); !ok) return ok;
  if (auto ok = open_ingest(); !ok) return ok;
  const Ports bound = ports();
  Addresses addresses = make_addresses(settings_, bound.http, bound.rtmp, bound.srt);
  addresses.signal = std::string(settings_.http.tls_certificate.empty() ? "ws" : "wss") + "://" +
                     (settings_.server.host.empty() ? "127.0.0.1" : settings_.server.host) + ":" +
                     std::to_string(bound.signal) + "/signal";
  desk_.emplace(*lessons_, *signer_, std::move(addresses), settings_.links.valid);
  desk_->attach([this](const school::Lesson& lesson) { lesson_changed(lesson); },
                [this](const school::Lesson& lesson) {
                  const auto on_air = directory_->find(lesson.id);
                  if (lesson.state == school::LessonState::ended) return std::string("ended");
                  return std::string(to_string(on_air ? on_air->on_air() : live::OnAir::waiting));
                });
  return {};
}

Result<void> Server::open_signaling() {
  signaling::ws::Service::Options options;
  options.address = settings_.signaling.address;
  options.port = static_cast<std::uint16_t>(settings_.signaling.port);
  options.tls_certificate = settings_.http.tls_certificate;
  options.tls_key = settings_.http.tls_key;
  options.max_connections = static_cast<std::size_t>(settings_.signaling.max_connections);
  auto desk = SignalDesk::create(data_.lessons(), *signer_, options);
  if (!desk) return std::move(desk).error();
  signals_ = std::move(*desk);
  for (const auto& lesson : lessons_->list()) {
    if (lesson.state == school::LessonState::ended) signals_->set_on_air(lesson.id, live::OnAir::ended);
  }
  return {};
}

Result<void> Server::open_http() {
  http::ServerSettings http;
  http.address = settings_.http.address;
  http.port = static_cast<std::uint16_t>(settings_.http.port);
  http.workers = static_cast<std::size_t>(settings_.http.workers);
  http.tls_certificate = settings_.http.tls_certificate;
  http.tls_key = settings_.http.tls_key;
  http.log_requests = settings_.log.level == "debug";
  auto server = http::Server::create(http, control_);
  if (!server) return std::move(server).error();
  http_ = std::move(*server);

  hls::OriginSettings origin;
  origin.authorise = [this](std::string_view token, std::string_view lesson) {
    const auto claims = signer_->verify(token, base::wall_now());
    return claims && claims->lesson == lesson;
  };
  origin.wanted = [this](const std::string& lesson) {
    control_.post([this, lesson] { replays_->wanted(lesson); });
  };
  origin.asked = [this](const std::string& lesson, const std::string& rendition) {
    control_.post([this, lesson, rendition] {
      if (const auto on_air = directory_->find(lesson)) on_air->ask(rendition);
    });
  };
  origin.delivered = [this](const hls::Delivery& delivery) { signals_->delivered(delivery); };
  origin.archive = &media_->segments();
  origin_ = std::make_unique<hls::Origin>(*http_, std::move(origin));
  media_->attach(origin_.get(), [this](const record::LostSegment& lost) {
    if (const auto lesson = directory_->find(lost.lesson)) lesson->lost(lost.rendition, lost.msn);
  });
  replays_ = std::make_unique<Replays>(*lessons_, *directory_, *media_, *origin_, control_);

  http::api::add_watch_routes(*http_, {.lessons = *lessons_,
                                       .signer = *signer_,
                                       .directory = *directory_,
                                       .version = TONGKE_VERSION,
                                       .signal = settings_.http.public_url.empty()
                                                     ? ":" + std::to_string(signals_->port()) + "/signal"
                                                     : "/signal",
                                       .demo_link = [this] { return demo_link_; }});
  http::api::add_studio_routes(*http_, {.lessons = *lessons_,
                                        .signer = *signer_,
                                        .directory = *directory_,
                                        .set_state = [this](const std::string& lesson, auto state) {
                                          const auto changed = desk_->set_state(lesson, state);
                                          return changed ? Result<void>() : Result<void>(changed.error());
                                        }});
  http::api::add_stats_routes(
      *http_, {.signer = *signer_,
               .directory = *directory_,
               .viewers = [this](const std::string& lesson) { return origin_->viewers(lesson); },
               .webrtc_viewers = [this](const std::string& lesson) { return webrtc_->viewers(lesson); },
               .recording_trouble = [this](const std::string& lesson) { return media_->trouble(lesson); }});
  http::api::add_recording_routes(
      *http_, {.signer = *signer_, .archive = media_->archive(), .exporter = media_->exporter()});
  http::api::add_webrtc_routes(*http_, {.signer = *signer_, .service = *webrtc_});
  http::api::add_operation_routes(*http_, [this] { return !stopping_; });
  return open_pages();
}

Result<void> Server::open_webrtc() {
  webrtc_lessons_ = std::make_unique<WebRtcLessons>(
      *lessons_, *directory_,
      [this](const std::string& lesson, const std::string& key) { return keys_.admits(lesson, key); });
  auto service = webrtc::Service::create({.address = settings_.webrtc.address,
                                          .port = static_cast<std::uint16_t>(settings_.webrtc.port),
                                          .workers = static_cast<std::size_t>(settings_.webrtc.workers),
                                          .addresses = settings_.webrtc.public_addresses,
                                          .tcp = settings_.webrtc.tcp},
                                         control_, *directory_, *webrtc_lessons_);
  if (!service) return std::move(service).error();
  webrtc_ = std::move(*service);
  media_->attach(webrtc_.get());
  return {};
}

Result<void> Server::open_pages() {
  const auto folder = pages_folder(settings_);
  auto site = http::StaticSite::load(folder.string());
  if (!site) return std::move(site).error().in("pages " + folder.string());
  if (auto ok = site->page(*http_, "/", "home.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/w/{link}", "watch.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/studio/{link}", "studio.html"); !ok) return ok;
  site->serve_files(*http_);
  return {};
}

Result<void> Server::open_ingest() {
  auto rtmp =
      ingest::rtmp::Server::create(settings_.rtmp.address, static_cast<std::uint16_t>(settings_.rtmp.port),
                                   control_.context(), *directory_);
  if (!rtmp) return std::move(rtmp).error();
  rtmp_ = std::move(*rtmp);
  auto srt =
      ingest::srt::Server::create(settings_.srt.address, static_cast<std::uint16_t>(settings_.srt.port),
                                  control_, *directory_, keys_, {.latency = settings_.srt.latency});
  if (!srt) return std::move(srt).error();
  srt_ = std::move(*srt);
  return {};
}

Server::Ports Server::ports() const {
  return {.http = http_->port(),
          .rtmp = rtmp_->port(),
          .srt = srt_->port(),
          .signal = signals_->port(),
          .webrtc = webrtc_->port()};
}

Result<void> Server::start(bool demo) {
  http_->start();
  signals_->start();
  on_air_watch_.emplace(control_.context(), kOnAirWatch, [this] { tell_on_air(); });
  if (auto ok = resume_lessons(); !ok) return ok;
  if (auto ok = start_cameras(); !ok) return ok;
  if (!demo) return {};
  if (auto ok = start_demo(); !ok) return ok;
  return offer_try();
}

// Players of a server that was killed find their playlist again before the teacher is back.
Result<void> Server::resume_lessons() {
  for (const auto& entry : media_->catalog().list()) {
    if (!entry.open) continue;
    const auto* lesson = lessons_->find(entry.lesson);
    if (!lesson) continue;
    directory_->get(entry.lesson)->load_recording();
    log::info("recording found open; the lesson can go on", {{"lesson", entry.lesson}});
  }
  return {};
}

Result<void> Server::start_cameras() {
  for (const auto& entry : settings_.rtsp.pull) {
    const auto equals = entry.find('=');
    const std::string id = entry.substr(0, equals);
    if (equals == std::string::npos || !entry.substr(equals + 1).starts_with("rtsp")) {
      return Error{Errc::invalid, "rtsp.pull: \"" + entry + "\" is not <lesson id>=rtsp://…"};
    }
    const auto* lesson = lessons_->find(id);
    if (!lesson) return Error{Errc::invalid, "rtsp.pull: there is no lesson \"" + id + "\""};
    if (lesson->state == school::LessonState::open) directory_->get(id)->pull(entry.substr(equals + 1));
  }
  return {};
}

Result<void> Server::start_demo() {
  const std::string title = text_zh("demo.title");
  // A demo that was left open by a kill would grow for ever: each start has a fresh one.
  for (const auto& lesson : lessons_->list()) {
    if (lesson.title == title && lesson.state == school::LessonState::open) {
      if (auto ended = lessons_->set_state(lesson.id, school::LessonState::ended); !ended)
        return std::move(ended).error();
      lesson_changed(*lessons_->find(lesson.id));
    }
  }
  auto lesson = lessons_->create(title);
  if (!lesson) return std::move(lesson).error();
  auto token = desk_->issue(lesson->id, school::Role::pupil);
  if (!token) return std::move(token).error();
  demo_link_ = *token;
  // Loopback whatever the printed addresses say.
  demo_teacher_ = std::make_unique<DemoTeacher>(control_.context(), pipeline_program(settings_),
                                                "rtmp://127.0.0.1:" + std::to_string(rtmp_->port()) +
                                                    "/live/" + lesson->id + "?key=" + lesson->publish_key);
  return {};
}

// One lesson for trying out the studio, the same at each start: what was tried stays together.
Result<void> Server::offer_try() {
  const std::string title = text_zh("demo.try_title");
  const auto all = lessons_->list();
  const auto known = std::ranges::find(all, title, &school::Lesson::title);
  std::string id = known == all.end() ? std::string() : known->id;
  if (id.empty()) {
    auto lesson = lessons_->create(title);
    if (!lesson) return std::move(lesson).error();
    id = lesson->id;
  }
  auto token = desk_->issue(id, school::Role::lead);
  if (!token) return std::move(token).error();
  try_link_ = *token;
  return {};
}

void Server::tell_on_air() {
  for (const auto& [id, lesson] : directory_->all()) {
    const auto* known = lessons_->find(id);
    const bool ended = known && known->state == school::LessonState::ended;
    signals_->set_on_air(id, ended ? live::OnAir::ended : lesson->on_air());
  }
}

void Server::lesson_changed(const school::Lesson& lesson) {
  if (lesson.state == school::LessonState::ended) {
    signals_->set_on_air(lesson.id, live::OnAir::ended);
    webrtc_->lesson_over(lesson.id);
    if (const auto on_air = directory_->find(lesson.id)) on_air->end(ingest::Dismissal::lesson_ended);
  } else if (lesson.started) {
    replays_->forget(lesson.id);
    signals_->set_on_air(lesson.id, live::OnAir::waiting);
    const auto on_air = directory_->get(lesson.id);
    on_air->reopen();
    on_air->load_recording();
  }
}

// From now on the recording is all there is of it, and memory keeps it like any other replay.
void Server::lesson_closed(const std::string& id) {
  const auto* lesson = lessons_->find(id);
  if (!lesson || lesson->state != school::LessonState::ended) return;
  directory_->forget(id);
  replays_->adopt(id);
}

std::string Server::answer_command(const std::string& line) {
  const json request = json::parse(line, nullptr, false);
  const auto problem = [](const Error& error) {
    return json{
        {"error", {{"code", to_string(error.kind)}, {"message", error.message}, {"field", error.field}}}}
        .dump();
  };
  if (!request.is_object() || !request.value("command", json()).is_string()) {
    return problem({Errc::invalid, "not a command"});
  }
  auto answer = desk_->run(request["command"], request.value("arguments", json::object()));
  if (!answer) return problem(answer.error());
  return json{{"ok", *answer}}.dump();
}

void Server::reload(const Settings& settings) {
  log::set_level(log_level(settings));
  media_->recorder().set_min_free(settings.record.min_free.value);
  log::info("configuration reloaded",
            {{"log.level", settings.log.level}, {"record.min_free", settings.record.min_free.value}});
}

void Server::stop(std::function<void()> done) {
  stopping_ = true;
  log::info("stopping");
  demo_teacher_.reset();
  rtmp_->stop();
  srt_->stop();
  on_air_watch_.reset();
  signals_->stop();
  directory_->shut_down([this, done = std::move(done)] {
    webrtc_->stop();
    http_->stop(kHttpStop);
    done();
  });
}

}  // namespace tongke::relay::app
