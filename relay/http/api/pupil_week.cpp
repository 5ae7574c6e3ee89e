#include "relay/http/api/pupil_week.hpp"

#include <memory>

#include "relay/http/api/json_response.hpp"
#include "school/schedule/bridge.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
namespace people = school::people;
namespace schedule = school::schedule;
namespace tt = school::timetable;

/// That of the day asked for, or this one.
Result<tt::Week> week_in(const Request& request, tt::Date today) {
  const auto asked = request.query("week");
  if (!asked) return tt::Week::of(today);
  const auto date = tt::parse_date(*asked);
  if (!date) return Error{Errc::invalid, "a day, as 2026-09-01", "week"};
  return tt::Week::of(*date);
}

void show(const PupilWeekRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* asked = visitor.pupil(request);
  if (!asked || visitor.may(Act::own_data, school::about(*visitor.people, *asked)) != Verdict::yes)
    return responder.fail(nothing_here());
  const auto now = base::wall_now();
  const auto today = use.zone.local(now).date;
  const auto week = week_in(request, today);
  if (!week) return responder.fail(week.error());
  const auto view = use.view();
  json entries = json::array();
  for (const tt::Entry& entry :
       schedule::entries_of(view->people(), *view->week(*week, false), *week, asked->id)) {
    json one = to_json(entry);
    one["starts"] = wall_json(use.zone.wall(entry.date, entry.start));
    one["ends"] = wall_json(use.zone.wall(entry.date, entry.end()));
    entries.push_back(std::move(one));
  }
  responder.send(json_response({{"week", tt::format_date(week->monday)},
                                {"today", tt::format_date(today)},
                                {"now", wall_json(now)},
                                {"entries", std::move(entries)}}));
}

}  // namespace

void add_pupil_week_routes(Server& server, const PupilWeekRoutes& routes) {
  const auto use = std::make_shared<const PupilWeekRoutes>(routes);
  // A week is worked out when it is first asked for: on a worker, it keeps nobody waiting.
  add_office_route(
      server, use->office, "GET", "/api/v1/pupils/{pupil}/timetable", Where::worker,
      [use](const Office& /*office*/, const Visitor& visitor, const std::shared_ptr<const Request>& request,
            Responder responder) { show(*use, visitor, *request, std::move(responder)); });
}

}  // namespace tongke::relay::http::api
