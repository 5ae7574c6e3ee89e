#include <filesystem>

#include "relay/app/server.hpp"
#include "relay/app/webrtc_lessons.hpp"
#include "relay/http/api/access.hpp"
#include "relay/http/api/attendance.hpp"
#include "relay/http/api/backfill.hpp"
#include "relay/http/api/between.hpp"
#include "relay/http/api/channel.hpp"
#include "relay/http/api/duty_roster.hpp"
#include "relay/http/api/feedback.hpp"
#include "relay/http/api/handover.hpp"
#include "relay/http/api/office_recordings.hpp"
#include "relay/http/api/outputs.hpp"
#include "relay/http/api/pupil_week.hpp"
#include "relay/http/api/routes.hpp"
#include "relay/http/static_site.hpp"
#include "relay/webrtc/service.hpp"

// The server's HTTP door: what may be asked for, and whom it is passed on to.
namespace tongke::relay::app {

using base::Result;

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
  open_origin();
  add_lesson_routes();
  add_school_routes();
  auto inspections = InspectionDesk::open(data_, store_);
  if (!inspections) return std::move(inspections).error();
  inspections_ = std::move(*inspections);
  inspections_->add_routes(*http_, *people_, *signals_);
  http::api::add_operation_routes(*http_, [this] { return !stopping_; });
  return open_pages();
}

void Server::open_origin() {
  hls::OriginSettings origin;
  origin.authorise = [this](std::string_view token, std::string_view lesson) {
    const auto now = base::wall_now();
    auto claims = signer_->verify(token, now);
    if (!claims) claims = signer_->verify_pass(token, now);
    return claims && claims->lesson == lesson;
  };
  origin.admit = [this](const http::Request& request) {
    using Entry = hls::OriginSettings::Entry;
    const auto now = base::wall_now();
    const auto claims = signer_->verify(request.param("token"), now);
    if (!claims) {
      // A school's screen is nobody's seat, so nobody counts where it hangs.
      const auto pass = signer_->verify_pass(request.param("token"), now);
      return pass && pass->lesson == request.param("lesson") ? Entry::yes : Entry::no;
    }
    if (claims->lesson != request.param("lesson")) return Entry::no;
    return signals_->may_play(*claims, http::api::device_of(request)) ? Entry::yes : Entry::third_device;
  };
  origin.instead = [this](std::string_view token, std::string_view lesson) {
    return rests_->instead(token, lesson);
  };
  origin.wanted = [this](const std::string& lesson) {
    control_.post([this, lesson] { replays_->wanted(lesson); });
  };
  origin.asked = [this](const std::string& lesson, const std::string& rendition) {
    control_.post([this, lesson, rendition] {
      if (rests_->ask(lesson, rendition)) return;
      if (const auto on_air = directory_->find(lesson)) on_air->ask(rendition);
    });
  };
  origin.delivered = [this](const hls::Delivery& delivery) { signals_->delivered(delivery); };
  origin.archive = &media_->segments();
  hls::TsMaker::Options ts;
  ts.pipeline = pipeline_program();
  ts.nice = static_cast<int>(settings_.pipeline.nice);
  ts_ = std::make_shared<hls::TsMaker>(control_, std::move(ts));
  origin.ts = ts_;
  origin_ = std::make_unique<hls::Origin>(*http_, std::move(origin));
  media_->attach(origin_.get(), [this](const record::LostSegment& lost) {
    if (const auto lesson = directory_->find(lost.lesson)) lesson->lost(lost.rendition, lost.msn);
  });
  replays_ = std::make_unique<Replays>(*lessons_, *directory_, *media_, *origin_, control_);
}

void Server::add_lesson_routes() {
  const std::string signal =
      settings_.http.public_url.empty() ? ":" + std::to_string(signals_->port()) + "/signal" : "/signal";
  const auto lead = [this](const school::Token& token) {
    return http::api::lead_json(people_->office(), token);
  };
  http::api::add_watch_routes(
      *http_,
      {.lessons = *lessons_,
       .signer = *signer_,
       .directory = *directory_,
       .plans = day_->plans(),
       .version = TONGKE_VERSION,
       .signal = signal,
       .demo_link = [this] { return demo_.watch; },
       .studio =
           [this](const school::Token& token) { return http::api::studio_of(people_->office(), token); },
       .sound_first = [this](const school::Token& viewer,
                             std::string_view link) { return load_->sound_first(viewer, link); },
       .secure = is_secure(settings_)});
  http::api::add_studio_routes(
      *http_,
      {.lessons = *lessons_,
       .signer = *signer_,
       .directory = *directory_,
       .plans = day_->plans(),
       .signal = signal,
       .set_state = [this](const std::string& lesson, auto state) { return set_state(lesson, state); },
       .air = [this](const std::string& lesson) { return day_->hours().status(lesson); },
       .lead = lead});
  http::api::add_backfill_routes(
      *http_, {.signer = *signer_, .directory = *directory_, .filler = media_->filler(), .lead = lead});
  http::api::add_tv_routes(*http_, {.signer = *signer_, .televisions = televisions_});
  http::api::add_stats_routes(
      *http_, {.signer = *signer_,
               .directory = *directory_,
               .viewers = [this](const std::string& lesson) { return origin_->viewers(lesson); },
               .webrtc_viewers = [this](const std::string& lesson) { return webrtc_->viewers(lesson); },
               .recording_trouble = [this](const std::string& lesson) { return media_->trouble(lesson); }});
  http::api::add_recording_routes(
      *http_, {.signer = *signer_, .archive = media_->archive(), .exporter = media_->exporter()});
  http::api::add_webrtc_routes(
      *http_,
      {.signer = *signer_,
       .service = *webrtc_,
       .seat = [this](const auto& token, const auto& device) { return signals_->may_play(token, device); },
       .may_see = [this](const auto& token) { return rests_->may_see(token); }});
}

void Server::add_school_routes() {
  people_->add_routes(*http_, {.lessons = *lessons_,
                               .signer = *signer_,
                               .plans = day_->plans(),
                               .live = *directory_,
                               .set_state = [this](const std::string& lesson,
                                                   auto state) { return set_state(lesson, state); },
                               .recheck =
                                   [this] {
                                     signals_->recheck();
                                     recheck_viewers();
                                   },
                               .origin = make_addresses(settings_, http_->port(), 0, 0).pages});
  const http::api::Attendance attendance{
      .office = people_->office(),
      .book = signals_->book(),
      .watched = [this](const std::string& lesson,
                        bool ever) { return signals_->watched_rooms(lesson, ever); },
      .has_replay =
          [this](const std::string& lesson) {
            std::error_code ignored;
            return std::filesystem::exists(media_->catalog().layout().index(lesson), ignored);
          },
      .utc_offset = day_->hours().rules().zone.offset};
  http::api::add_attendance_routes(*http_, attendance);
  http::api::add_attendance_overview_routes(*http_, attendance);
  own_data_ = std::make_unique<OwnDataDesk>(OwnDataDesk::Use{
      .control = control_,
      .lessons = *lessons_,
      .arrangements = people_->arrangements(),
      .people = [this] { return people_->people().current(); },
      .log = signals_->log(),
      .book = signals_->book(),
      .forget_seat = [this](std::uint32_t seat,
                            auto done) { return signals_->forget_seat(seat, std::move(done)); },
      .marks = ErasureMarks(data_.erasing())});
  const school::feedback::Rule tickets{
      .climb = {.to_office = settings_.tickets.to_office, .to_principal = settings_.tickets.to_principal},
      .zone = day_->hours().rules().zone};
  own_data_->add_routes(*http_, people_->office(), tickets);
  http::api::add_between_routes(*http_, {.office = people_->office(),
                                         .view = [this] { return day_->timetable().current(); },
                                         .zone = day_->hours().rules().zone});
  eye_exercises_ = std::make_shared<channel::Clip>(
      control_, channel::Clip::Options{.pipeline = pipeline_program(),
                                       .source = settings_.channel.eye_exercises,
                                       .folder = data_.clips()});
  http::api::add_channel_routes(
      *http_,
      {.office = people_->office(),
       .view = [this] { return day_->timetable().current(); },
       .zone = day_->hours().rules().zone,
       .rests = [this](const school::Room& room) { return day_->hours().rests(room); },
       .may_be_on_air =
           [this](const std::string& lesson) { return day_->hours().admits(lesson).has_value(); },
       .seat = [this](const auto& token, const auto& device) { return signals_->may_play(token, device); },
       .pictures = std::make_shared<channel::Rests>(ts_),
       .eye_exercises = eye_exercises_,
       .segment = settings_.hls.segment});
  http::api::add_channel_link_routes(*http_, people_->office());
  http::api::add_pupil_week_routes(*http_, {.office = people_->office(),
                                            .view = [this] { return day_->timetable().current(); },
                                            .zone = day_->hours().rules().zone});
  http::api::add_duty_routes(*http_, {.office = people_->office(), .zone = day_->hours().rules().zone});
  const http::api::FeedbackRoutes feedback{.office = people_->office(), .rule = tickets};
  http::api::add_feedback_routes(*http_, feedback);
  http::api::add_ticket_routes(*http_, feedback);
  auto timetable = day_->routes();
  timetable.asker = [this](const http::Request& request, auto act, http::Responder& responder) {
    return people_->timetable_caller(request, act, responder);
  };
  http::api::add_timetable_routes(*http_, timetable);
  http::api::add_office_recording_routes(*http_, people_->office());
  http::api::add_output_routes(*http_, {.office = people_->office(), .outputs = *outputs_});
}

Result<void> Server::set_state(const std::string& lesson, school::LessonState state) {
  const auto changed = desk_->set_state(lesson, state);
  return changed ? Result<void>() : Result<void>(changed.error());
}

Result<void> Server::open_pages() {
  // Where it is told, else as installed (beside the program) or as built (build/<preset>/tongke in the source
  // tree).
  std::filesystem::path folder = settings_.http.pages;
  if (folder.empty()) folder = program_folder() / "pages";
  if (settings_.http.pages.empty() && !std::filesystem::exists(folder))
    folder = program_folder() / "../../player-web/dist";
  auto site = http::StaticSite::load(folder.string());
  if (!site) return std::move(site).error().in("pages " + folder.string());
  if (auto ok = site->page(*http_, "/", "home.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/w/{link}", "watch.html", "/api/v1/watch/"); !ok) return ok;
  if (auto ok = site->page(*http_, "/studio/{link}", "studio.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/desk/{link}", "desk.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/office", "office.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/inspect", "inspect.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/family/{link}", "family.html"); !ok) return ok;
  if (auto ok = site->page(*http_, "/tv", "tv.html"); !ok) return ok;
  site->serve_files(*http_);
  return {};
}

}  // namespace tongke::relay::app
