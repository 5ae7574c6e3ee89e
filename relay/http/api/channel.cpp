#include "relay/http/api/channel.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "relay/channel/pick.hpp"
#include "relay/hls/answers.hpp"
#include "relay/http/api/access.hpp"
#include "relay/http/api/channel_audience.hpp"
#include "relay/http/api/channel_guide.hpp"
#include "relay/http/api/day_lessons.hpp"
#include "relay/http/api/stations.hpp"
#include "school/rooms.hpp"
#include "school/text.hpp"

namespace tongke::relay::http::api {
namespace {

using school::Language;
namespace links = school::links;
namespace people = school::people;
namespace schedule = school::schedule;
namespace tt = school::timetable;

/// A screen's pass to a lesson: as long as a day of lessons.
constexpr std::chrono::hours kPassValid{12};

/// What outlives a request: control's stations and the workers' day.
struct Use {
  explicit Use(ChannelRoutes given) : routes(std::move(given)), stations(routes.segment) {}
  ChannelRoutes routes;
  schedule::Today today;
  Stations stations;
};

/// A request on its way from its worker to control.
struct Asked {
  std::shared_ptr<const Request> request;
  school::Token token;
  Audience audience;
  people::Snapshot people;
  std::shared_ptr<const schedule::DayPauses> day;
  base::WallTime now{};
};

/// What the day has for those who watch.
struct Day {
  std::vector<std::string> lessons;  ///< all of theirs, whenever
  std::string shown;                 ///< to be shown now; empty: none
  bool rests = false;                ///< there would be one, but its rooms rest
};

std::vector<std::string> lessons_of(const Office& office, const Asked& asked) {
  if (const auto* pupil = asked.people->find(asked.audience.pupil))
    return office.arrangements.lessons_of(*asked.people, *pupil);
  std::vector<std::string> ids;
  for (const auto id : asked.audience.classes) {
    const auto of_class = office.arrangements.lessons_of(school::Seating{.original_class = id});
    ids.insert(ids.end(), of_class.begin(), of_class.end());
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// The rooms of a lesson where those who watch sit.
std::vector<const school::Room*> rooms_of(const Office& office, const Asked& asked, const std::string& id) {
  const auto& arranged = office.arrangements.of(id);
  if (const auto pupil = asked.audience.pupil) {
    const auto* room = room_of(*asked.people, arranged, pupil);
    return room ? std::vector{room} : std::vector<const school::Room*>();
  }
  std::vector<const school::Room*> rooms;
  for (const school::Room& room : arranged.rooms) {
    if (std::ranges::find(asked.audience.classes, room.seating.original_class) !=
        asked.audience.classes.end())
      rooms.push_back(&room);
  }
  return rooms;
}

/// The place of the first class that sits in one of the rooms, among those who watch.
std::size_t first_class(const Asked& asked, const std::vector<const school::Room*>& rooms) {
  const auto found = std::ranges::find_if(asked.audience.classes, [&](people::ClassId id) {
    return std::ranges::any_of(rooms, [id](const auto* room) { return room->seating.original_class == id; });
  });
  return static_cast<std::size_t>(found - asked.audience.classes.begin());
}

Day day_of(const Use& use, const Asked& asked) {
  const Office& office = use.routes.office;
  Day day{.lessons = lessons_of(office, asked), .shown = {}};
  std::vector<channel::Candidate> candidates;
  for (const std::string& id : day.lessons) {
    const auto live = office.live.find(id);
    const auto* lesson = live ? office.lessons.find(id) : nullptr;
    if (!lesson || !is_for_all(office, id)) continue;
    const auto state = live->on_air();
    if (state != live::OnAir::live && state != live::OnAir::interrupted) continue;
    const auto rooms = rooms_of(office, asked, id);
    const auto awake = static_cast<std::size_t>(
        std::ranges::count_if(rooms, [&](const auto* room) { return !use.routes.rests(*room); }));
    day.rests = day.rests || (awake == 0 && !rooms.empty());
    if (awake == 0) continue;
    candidates.push_back({.lesson = lesson->id,
                          .starts = place_of(office, *lesson).starts,
                          .live = state == live::OnAir::live,
                          .rooms = awake,
                          .order = first_class(asked, rooms)});
  }
  if (const auto* picked = channel::pick(candidates, asked.now)) day.shown = picked->lesson;
  return day;
}

/// The pause that is on now: of a grade's classes the first one's that has one.
std::optional<schedule::Pause> pause_now(const Asked& asked) {
  const auto groups = asked.people->groups_of(asked.audience.pupil);
  for (const people::ClassId id : asked.audience.classes) {
    const auto pauses = asked.day->left(id, groups, asked.now);
    if (!pauses.empty() && pauses.front().starts <= asked.now) return pauses.front();
  }
  return std::nullopt;
}

std::string_view heading_of(tt::Kind kind) {
  if (kind == tt::Kind::eye) return "channel.eye";
  return kind == tt::Kind::exercise ? "channel.exercise" : "channel.rest";
}

std::string sentence(Language language, const std::string& subject, const std::string& time) {
  std::string said = school::text("channel.next", language);
  const auto put = [&said](std::string_view mark, const std::string& word) {
    said.replace(said.find(mark), mark.size(), word);
  };
  put("{subject}", subject.empty() ? school::text("channel.lesson", language) : subject);
  put("{time}", time);
  return said;
}

/// What is said while there is no lesson: what it is now, and what comes when.
channel::Rests::Words words_of(const Use& use, const Asked& asked, const Day& day,
                               const std::optional<schedule::Pause>& pause) {
  const Office& office = use.routes.office;
  const auto& zone = use.routes.zone;
  const auto lessons = day_lessons(office, day.lessons);
  // The day's first that is not over, whatever was before.
  const schedule::DayLesson dawn{.id = {}, .starts = zone.wall(zone.local(asked.now).date, {})};
  const auto* next = schedule::next_after(dawn, lessons, asked.now, zone);
  const bool late = next && next->starts <= asked.now;
  const bool away = day.rests || (late && !use.routes.may_be_on_air(std::string(next->id)));
  std::string_view heading = "channel.over";
  if (next) heading = late ? "channel.soon" : "channel.before";
  if (pause) heading = heading_of(pause->kind);
  if (away) heading = "channel.away";
  channel::Rests::Words words{.heading = school::text(heading, Language::zh),
                              .text = school::text(heading, Language::en)};
  if (!next) return words;
  const auto* plan = office.plans.of(next->id);
  const auto* subject = asked.people->find(asked.day->subject_of(plan->row));
  const std::string name = subject ? subject->name : std::string();
  const std::string time = tt::format_time(std::chrono::floor<tt::Minutes>(zone.local(next->starts).time));
  words.text = sentence(Language::zh, name, time) + "\n" + sentence(Language::en, name, time);
  return words;
}

/// What opens a lesson's media for who watches this channel.
school::Token pass_of(const Office& office, const Asked& asked, const std::string& lesson) {
  if (const auto screen = links::screen_of(asked.token))
    return links::screen_link(office.links, *screen, lesson,
                              std::min(asked.token.expires, asked.now + kPassValid));
  const auto& pupil = *asked.people->find(asked.audience.pupil);
  const auto make = asked.token.role == school::Role::guardian ? links::guardian_link : links::pupil_link;
  return make(office.links, pupil, lesson, asked.token.expires);
}

/// @thread control
void play(Use& use, const Asked& asked, Responder& responder) {
  const Office& office = use.routes.office;
  const auto steady = base::Steady::now();
  const Day day = day_of(use, asked);
  // A child plays on two devices, whatever they play by.
  if (!day.shown.empty() && asked.audience.pupil &&
      !use.routes.seat(pass_of(office, asked, day.shown), device_of(*asked.request)))
    return responder.send(hls::with_cors(third_device()));
  auto* station = use.stations.at(asked.request->path(), steady, asked.now);
  if (station == nullptr) return responder.send(hls::come_back("too many channels are being watched"));
  if (!day.shown.empty() && (!station->lesson || station->lesson->id() != day.shown)) {
    station->lesson = office.live.find(day.shown);
    station->token = office.signer.issue(pass_of(office, asked, day.shown));
  }
  if (day.rests && day.shown.empty()) station->lesson.reset();
  const auto snapshot = station->lesson ? station->lesson->snapshot() : nullptr;
  std::optional<channel::Showing> showing;
  if (station->lesson)
    showing = {.snapshot = snapshot.get(),
               .lesson = station->lesson->id(),
               .token = station->token,
               .on_air = !day.shown.empty()};
  const auto pause = pause_now(asked);
  const std::string base = "/channel/" + std::string(asked.request->param("link"));
  const std::string rests = base + "/rest/";
  const std::string clips = base + "/clip/";
  const std::string picture = use.routes.pictures->name(words_of(use, asked, day, pause));
  channel::Resting resting{.base = rests, .name = picture};
  const auto& clip = use.routes.eye_exercises->made();
  if (clip && pause && pause->kind == tt::Kind::eye)
    resting.clip = {.base = clips,
                    .name = clip->name,
                    .pieces = clip->pieces,
                    .occasion = pause->starts.time_since_epoch().count()};
  station->channel.advance(steady, showing, resting);
  if (day.shown.empty() && station->channel.lesson().empty()) station->lesson.reset();
  responder.send(channel_text("application/vnd.apple.mpegurl", station->channel.text()));
}

void ask_to_play(const std::shared_ptr<Use>& use, const std::shared_ptr<const Request>& request,
                 Responder responder) {
  const auto now = base::wall_now();
  const Office& office = use->routes.office;
  const auto token = office.signer.verify_channel(request->param("link"), now);
  const auto view = use->routes.view();
  auto audience = token ? audience_at(view->people(), *token, request->param("place")) : std::nullopt;
  if (!audience) return responder.send(hls::not_found());
  const auto& zone = use->routes.zone;
  // The day is found on the worker, which may take a while after a change; control only looks up.
  Asked asked{.request = request,
              .token = *token,
              .audience = std::move(*audience),
              .people = view->people_snapshot(),
              .day = use->today.pauses(view, zone.local(now).date, zone),
              .now = now};
  const auto shared = std::make_shared<Responder>(std::move(responder));
  office.control.post([use, asked = std::move(asked), shared] { play(*use, asked, *shared); });
}

Response piece_of_ts() {
  Response response;
  response.content_type = "video/mp2t";
  response.headers = {{"Cache-Control", std::string(hls::kCacheMedia)}, {"Accept-Ranges", "bytes"}};
  return hls::with_cors(std::move(response));
}

/// @thread control
void show_clip(const Use& use, const Request& request, Responder responder) {
  const auto name = channel::parse_rest_name(request.param("piece"));
  const bool good =
      use.routes.office.signer.verify_channel(request.param("link"), base::wall_now()).has_value();
  const auto file = name && good ? use.routes.eye_exercises->piece(*name) : std::nullopt;
  if (!file) return responder.send(hls::not_found());
  Response response = piece_of_ts();
  response.file = file->string();
  responder.send(std::move(response));
}

/// @thread control
void show_rest(const Use& use, const Request& request, Responder responder) {
  const auto name = channel::parse_rest_name(request.param("piece"));
  if (!name || !use.routes.office.signer.verify_channel(request.param("link"), base::wall_now()))
    return responder.send(hls::not_found());
  const auto shared = std::make_shared<Responder>(std::move(responder));
  use.routes.pictures->piece(*name, [shared](const base::Result<base::SharedBytes>& piece) {
    if (!piece && piece.error().kind == base::Errc::not_found) return shared->send(hls::not_found());
    if (!piece) return shared->send(hls::come_back("the machine is busy"));
    Response response = piece_of_ts();
    response.body = {*piece};
    shared->send(std::move(response));
  });
}

}  // namespace

void add_channel_routes(Server& server, const ChannelRoutes& routes) {
  const auto use = std::make_shared<Use>(routes);
  for (const char* address : {"/channel/{link}/live.m3u8", "/channel/{link}/{place}/live.m3u8"}) {
    server.route("GET", address, Where::worker, [use](const auto& request, Responder responder) {
      ask_to_play(use, request, std::move(responder));
    });
  }
  server.route(
      "GET", "/channel/{link}/rest/{piece}", Where::control,
      [use](const auto& request, Responder responder) { show_rest(*use, *request, std::move(responder)); });
  server.route(
      "GET", "/channel/{link}/clip/{piece}", Where::control,
      [use](const auto& request, Responder responder) { show_clip(*use, *request, std::move(responder)); });
  add_channel_guide_routes(server, routes);
}

}  // namespace tongke::relay::http::api
