#include "relay/app/server.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/glib/tls.hpp"
#include "base/log.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/text.hpp"
#include "relay/app/webrtc_lessons.hpp"
#include "relay/webrtc/service.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace log = base::log;

constexpr std::chrono::milliseconds kHttpStop{1500};

}  // namespace

std::filesystem::path Server::program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

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
  signer_->refuse([this, &links = people_->links()](const school::Token& token) {
    const auto lesson = school::lesson_of(token);
    const bool removed = !lesson.empty() && !keys_.has(lesson);
    return removed || links.current()->withdrawn(token);
  });

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
    rests_->follow(lesson, state);
    outward_->on_air(lesson, state);
  };
  media.troubled = [this](const std::string& lesson, const std::string& trouble) {
    outward_->recording(lesson, trouble);
  };
  media.closed = [this](const std::string& lesson) { lesson_closed(lesson); };
  media_ = std::make_unique<MediaDesk>(data_.recordings(), control_, media);
  directory_ = std::make_unique<live::Directory>(
      control_,
      live::LessonSettings{
          .child = {.program = pipeline_program(), .nice = static_cast<int>(settings_.pipeline.nice)},
          .part = settings_.hls.part,
          .segment = settings_.hls.segment,
          .records_ladder = settings_.record.ladder,
          .silence = settings_.pipeline.silence,
          .slate_heading = settings_.pipeline.slate ? text_zh("slate.heading") : std::string(),
          .slate_text = text_lines("slate.text")},
      *media_,
      [this](const std::string& lesson, const std::string& key) { return may_publish(lesson, key); });

  if (auto ok = open_outputs(); !ok) return ok;
  if (auto ok = open_day(); !ok) return ok;
  open_load();
  if (auto ok = open_webrtc(); !ok) return ok;
  if (auto ok = open_signaling(); !ok) return ok;
  open_rests();
  if (auto ok = open_http(); !ok) return ok;
  if (auto ok = open_retention(); !ok) return ok;
  if (auto ok = open_ingest(); !ok) return ok;
  if (auto ok = open_outward(); !ok) return ok;
  if (auto ok = open_edge_log(); !ok) return ok;
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
  for (const auto& [id, lesson] : lessons_->all()) {
    if (lesson.state == school::LessonState::ended) signals_->set_on_air(id, live::OnAir::ended);
  }
  return {};
}

void Server::open_rests() {
  rests_ = std::make_unique<RestDesk>(
      RestDesk::Use{.control = control_,
                    .signer = *signer_,
                    .arrangements = people_->arrangements(),
                    .people = [this] { return people_->people().current(); },
                    .rooms_of = [this](const school::Token& token) { return signals_->rooms_of(token); },
                    .lesson = [this](const std::string& lesson) { return directory_->find(lesson); },
                    .publish =
                        [this](std::shared_ptr<const live::LessonSnapshot> snapshot) {
                          origin_->publish(std::move(snapshot));
                        },
                    .withdraw = [this](const std::string& name) { origin_->withdraw(name); },
                    .recheck = [this] { recheck_viewers(); }});
  day_->hours().observe(*rests_);
}

// Those whose link was withdrawn, and those whose class rests by now.
void Server::recheck_viewers() {
  webrtc_->recheck([this](const std::string& pass) {
    const auto token = signer_->verify(school::links::read_pass(pass).token, base::wall_now());
    return token && rests_->may_see(*token);
  });
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

Result<void> Server::open_edge_log() {
  if (!settings_.edge.log) return {};
  auto receiver = edge::LogReceiver::create(
      {.address = settings_.edge.address,
       .port = static_cast<std::uint16_t>(settings_.edge.port),
       .sources = settings_.edge.sources},
      [this](const edge::Fetch& fetch) {
        const hls::Delivery delivery{
            .token = fetch.token, .lesson = fetch.lesson, .rendition = fetch.rendition, .start = fetch.start};
        // A class's rest is no lesson that somebody was in.
        if (rests_->instead(fetch.token, fetch.lesson)) return true;
        if (!signals_->delivered_by_edge(delivery, fetch.at)) return false;
        origin_->watched_by_edge(fetch.token, fetch.lesson, fetch.rendition);
        return true;
      });
  if (!receiver) return std::move(receiver).error();
  edge_log_ = std::move(*receiver);
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
          .webrtc = webrtc_->port(),
          .edge = edge_log_ ? edge_log_->port() : std::uint16_t{0}};
}

Result<void> Server::start(bool demo) {
  http_->start();
  signals_->start();
  if (edge_log_) edge_log_->start();
  if (auto ok = resume_lessons(); !ok) return ok;
  resume_outputs();
  if (auto ok = start_cameras(); !ok) return ok;
  eye_exercises_->prepare();
  day_->start();
  load_->start();
  retention_->start();
  outward_->start();
  own_data_->start();
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
      retention_->command(command, arguments, say) || outward_->run(command, arguments, say)) {
    return;
  }
  say(desk_->run(command, arguments));
}

void Server::reload(const Settings& settings) {
  log::set_level(log_level(settings));
  media_->recorder().set_min_free(settings.record.min_free.value);
  load_->reload(settings);
  log::info("configuration reloaded", {{"log.level", settings.log.level},
                                       {"record.min_free", settings.record.min_free.value},
                                       {"load.enabled", settings.load.enabled ? "yes" : "no"},
                                       {"load.budget", settings.load.budget}});
}

void Server::stop(std::function<void()> done) {
  stopping_ = true;
  log::info("stopping");
  demo_teacher_.reset();
  rtmp_->stop();
  if (rtmps_) rtmps_->stop();
  srt_->stop();
  day_->stop();
  load_->stop();
  outward_->stop();
  outputs_->stop_all();
  rests_->stop();
  signals_->stop();
  directory_->shut_down([this, done = std::move(done)] {
    webrtc_->stop();
    http_->stop(kHttpStop);
    done();
  });
}

}  // namespace tongke::relay::app
