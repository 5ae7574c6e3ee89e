#include "relay/app/server.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/glib/tls.hpp"
#include "base/log.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/text.hpp"
#include "relay/app/webrtc_lessons.hpp"
#include "relay/http/api/access.hpp"
#include "relay/http/api/attendance.hpp"
#include "relay/http/api/office_recordings.hpp"
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

}  // namespace

std::string Server::pipeline_program() const {
  return settings_.pipeline.program.empty() ? (program_folder() / "tongke-pipeline").string()
                                            : settings_.pipeline.program;
}

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
                                      [this](const std::string& line, ControlSocket::Answer answer) {
                                        answer_command(line, std::move(answer));
                                      });
  if (!socket) return std::move(socket).error();
  control_socket_ = std::move(*socket);

  auto lessons = school::Lessons::open(store_);
  if (!lessons) return std::move(lessons).error();
  lessons_.emplace(std::move(*lessons));
  lessons_->watch([this](const school::Lesson& lesson) { keys_.note(lesson); });
  auto people = PeopleDesk::open(settings_, data_, store_, control_);
  if (!people) return std::move(people).error();
  people_ = std::move(*people);
  auto secret = data_.secret();
  if (!secret) return std::move(secret).error();
  signer_.emplace(std::move(*secret));
  signer_->refuse(
      [&links = people_->links()](const school::Token& token) { return links.current()->withdrawn(token); });

  MediaDesk::Options media;
  media.record = settings_.record.enabled;
  media.record_ladder = settings_.record.ladder;
  media.recorder.disk.min_free = settings_.record.min_free.value;
  media.exporter.pipeline = pipeline_program();
  media.exporter.min_free = settings_.record.min_free.value;
  media.begun = [this](const std::string& lesson, base::WallTime started) {
    if (auto noted = lessons_->note_started(lesson, started); !noted) {
      log::error("lesson start not noted", {{"lesson", lesson}, {"why", noted.error().message}});
    }
  };
  media.on_air = [this](const std::string& lesson, live::OnAir state) {
    signals_->set_on_air(lesson, state);
  };
  media.closed = [this](const std::string& lesson) { lesson_closed(lesson); };
  media_ = std::make_unique<MediaDesk>(data_.recordings(), control_, media);
  directory_ = std::make_unique<live::Directory>(
      control_,
      live::LessonSettings{
          .child = {.program = pipeline_program(), .nice = static_cast<int>(settings_.pipeline.nice)},
          .part = settings_.hls.part,
          .segment = settings_.hls.segment},
      *media_,
      [this](const std::string& lesson, const std::string& key) { return may_publish(lesson, key); });

  if (auto ok = open_day(); !ok) return ok;
  if (auto ok = open_webrtc(); !ok) return ok;
  if (auto ok = open_signaling(); !ok) return ok;
  if (auto ok = open_http(); !ok) return ok;
  if (auto ok = open_retention(); !ok) return ok;
  if (auto ok = open_ingest(); !ok) return ok;
  const Ports bound = ports();
  Addresses addresses = make_addresses(settings_, bound.http, bound.rtmp, bound.srt, bound.rtmps);
  addresses.signal = std::string(settings_.http.tls_certificate.empty() ? "ws" : "wss") + "://" +
                     (settings_.server.host.empty() ? "127.0.0.1" : settings_.server.host) + ":" +
                     std::to_string(bound.signal) + "/signal";
  desk_.emplace(*lessons_, *signer_, std::move(addresses), settings_.links.valid);
  desk_->attach([this](const school::Lesson& lesson) { lesson_changed(lesson); },
                [this](const school::Lesson& lesson) {
                  const auto on_air = directory_->find(lesson.id);
                  if (lesson.state == school::LessonState::ended) return std::string("ended");
                  return std::string(to_string(on_air ? on_air->on_air() : live::OnAir::waiting));
                },
                [this](const std::string& lesson) { return day_->hours().admits(lesson); });
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
  day_->hours().observe(*signals_);
  signals_->set_people(people_->people().current());
  people_->people().watch([this](const school::people::Snapshot& people) { signals_->set_people(people); });
  people_->arrangements().watch([this](const school::Arrangement& lesson) { signals_->arrange(lesson); });
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
  origin.admit = [this](const http::Request& request) {
    using Entry = hls::OriginSettings::Entry;
    const auto claims = signer_->verify(request.param("token"), base::wall_now());
    if (!claims || claims->lesson != request.param("lesson")) return Entry::no;
    return signals_->may_play(*claims, http::api::device_of(request)) ? Entry::yes : Entry::third_device;
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
  hls::TsMaker::Options ts;
  ts.pipeline = pipeline_program();
  ts.nice = static_cast<int>(settings_.pipeline.nice);
  origin.ts = std::make_shared<hls::TsMaker>(control_, std::move(ts));
  origin_ = std::make_unique<hls::Origin>(*http_, std::move(origin));
  media_->attach(origin_.get(), [this](const record::LostSegment& lost) {
    if (const auto lesson = directory_->find(lost.lesson)) lesson->lost(lost.rendition, lost.msn);
  });
  replays_ = std::make_unique<Replays>(*lessons_, *directory_, *media_, *origin_, control_);

  const std::string signal =
      settings_.http.public_url.empty() ? ":" + std::to_string(signals_->port()) + "/signal" : "/signal";
  http::api::add_watch_routes(*http_, {.lessons = *lessons_,
                                       .signer = *signer_,
                                       .directory = *directory_,
                                       .plans = day_->plans(),
                                       .version = TONGKE_VERSION,
                                       .signal = signal,
                                       .demo_link = [this] { return demo_link_; },
                                       .secure = is_secure(settings_)});
  people_->add_routes(*http_, {.lessons = *lessons_,
                               .signer = *signer_,
                               .plans = day_->plans(),
                               .live = *directory_,
                               .set_state = [this](const std::string& lesson, auto state) -> Result<void> {
                                 const auto changed = desk_->set_state(lesson, state);
                                 return changed ? Result<void>() : Result<void>(changed.error());
                               },
                               .recheck =
                                   [this] {
                                     signals_->recheck();
                                     webrtc_->recheck([this](const std::string& pass) {
                                       const auto token = school::links::read_pass(pass).token;
                                       return signer_->verify(token, base::wall_now()).has_value();
                                     });
                                   },
                               .origin = make_addresses(settings_, http_->port(), 0, 0).pages});
  http::api::add_attendance_routes(
      *http_, {.office = people_->office(),
               .book = signals_->book(),
               .watched = [this](const std::string& lesson,
                                 bool ever) { return signals_->watched_rooms(lesson, ever); },
               .utc_offset = day_->hours().rules().zone.offset});
  http::api::add_studio_routes(
      *http_, {.lessons = *lessons_,
               .signer = *signer_,
               .directory = *directory_,
               .plans = day_->plans(),
               .signal = signal,
               .set_state =
                   [this](const std::string& lesson, auto state) {
                     const auto changed = desk_->set_state(lesson, state);
                     return changed ? Result<void>() : Result<void>(changed.error());
                   },
               .air = [this](const std::string& lesson) { return day_->hours().status(lesson); }});
  auto timetable = day_->routes();
  timetable.asker = [this](const http::Request& request, auto act, http::Responder& responder) {
    return people_->timetable_caller(request, act, responder);
  };
  http::api::add_timetable_routes(*http_, timetable);
  http::api::add_tv_routes(*http_, {.signer = *signer_, .televisions = televisions_});
  http::api::add_stats_routes(
      *http_, {.signer = *signer_,
               .directory = *directory_,
               .viewers = [this](const std::string& lesson) { return origin_->viewers(lesson); },
               .webrtc_viewers = [this](const std::string& lesson) { return webrtc_->viewers(lesson); },
               .recording_trouble = [this](const std::string& lesson) { return media_->trouble(lesson); }});
  http::api::add_recording_routes(
      *http_, {.signer = *signer_, .archive = media_->archive(), .exporter = media_->exporter()});
  http::api::add_office_recording_routes(*http_, people_->office());
  http::api::add_webrtc_routes(
      *http_,
      {.signer = *signer_, .service = *webrtc_, .seat = [this](const auto& token, const auto& device) {
         return signals_->may_play(token, device);
       }});
  http::api::add_operation_routes(*http_, [this] { return !stopping_; });
  return open_pages();
}

Result<void> Server::open_webrtc() {
  webrtc_lessons_ = std::make_unique<WebRtcLessons>(
      *lessons_, *directory_,
      [this](const std::string& lesson, const std::string& key) { return may_publish(lesson, key); });
  auto service = webrtc::Service::create(
      {.address = settings_.webrtc.address,
       .port = static_cast<std::uint16_t>(settings_.webrtc.port),
       .workers = static_cast<std::size_t>(settings_.webrtc.workers),
       .addresses = settings_.webrtc.public_addresses,
       .tcp = settings_.webrtc.tcp,
       .delivered = [this](const std::string& lesson,
                           const std::string& pass) { signals_->delivered(lesson, pass); }},
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
  if (auto ok = site->page(*http_, "/desk/{link}", "desk.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/office", "office.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/tv", "tv.html"); !ok) return ok;
  site->serve_files(*http_);
  return {};
}

Result<void> Server::open_ingest() {
  auto rtmp =
      ingest::rtmp::Server::create(settings_.rtmp.address, static_cast<std::uint16_t>(settings_.rtmp.port),
                                   control_.context(), *directory_);
  if (!rtmp) return std::move(rtmp).error();
  rtmp_ = std::move(*rtmp);
  if (auto ok = open_rtmps(); !ok) return ok;
  auto srt =
      ingest::srt::Server::create(settings_.srt.address, static_cast<std::uint16_t>(settings_.srt.port),
                                  control_, *directory_, keys_, {.latency = settings_.srt.latency});
  if (!srt) return std::move(srt).error();
  srt_ = std::move(*srt);
  return {};
}

Result<void> Server::open_rtmps() {
  if (settings_.http.tls_certificate.empty()) return {};
  auto certificate = base::glib::load_certificate(settings_.http.tls_certificate, settings_.http.tls_key);
  if (!certificate) return std::move(certificate).error();
  auto rtmps = ingest::rtmp::Server::create(settings_.rtmp.address,
                                            static_cast<std::uint16_t>(settings_.rtmp.tls_port),
                                            control_.context(), *directory_, {}, std::move(*certificate));
  if (!rtmps) return std::move(rtmps).error();
  rtmps_ = std::move(*rtmps);
  return {};
}

Server::Ports Server::ports() const {
  return {.http = http_->port(),
          .rtmp = rtmp_->port(),
          .rtmps = rtmps_ ? rtmps_->port() : std::uint16_t{0},
          .srt = srt_->port(),
          .signal = signals_->port(),
          .webrtc = webrtc_->port()};
}

Result<void> Server::start(bool demo) {
  http_->start();
  signals_->start();
  if (auto ok = resume_lessons(); !ok) return ok;
  if (auto ok = start_cameras(); !ok) return ok;
  day_->start();
  retention_->start();
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
    day_->hours().camera(id, entry.substr(equals + 1));
  }
  return {};
}

void Server::answer_command(const std::string& line, ControlSocket::Answer answer) {
  const auto say = [answer = std::move(answer)](const Result<json>& result) {
    if (result) return answer(json{{"ok", *result}}.dump(-1, ' ', false, json::error_handler_t::replace));
    const Error& error = result.error();
    answer(
        json{{"error", {{"code", to_string(error.kind)}, {"message", error.message}, {"field", error.field}}}}
            .dump(-1, ' ', false, json::error_handler_t::replace));
  };
  const json request = json::parse(line, nullptr, false);
  if (!request.is_object() || !request.value("command", json()).is_string()) {
    return say(Error{Errc::invalid, "not a command"});
  }
  const std::string command = request["command"];
  const json arguments = request.value("arguments", json::object());
  if (people_->run(command, arguments, say) || day_->run(command, arguments, say) ||
      retention_->command(command, arguments, say)) {
    return;
  }
  say(desk_->run(command, arguments));
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
  if (rtmps_) rtmps_->stop();
  srt_->stop();
  day_->stop();
  signals_->stop();
  directory_->shut_down([this, done = std::move(done)] {
    webrtc_->stop();
    http_->stop(kHttpStop);
    done();
  });
}

}  // namespace tongke::relay::app
