#include "relay/http/api/duty_roster.hpp"

#include <memory>
#include <utility>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/on_store.hpp"
#include "relay/http/api/with.hpp"
#include "school/duty_roster.hpp"
#include "school/store/duty_table.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::DutyWeek;
using school::Post;
using school::Turn;
using school::store::Store;
namespace people = school::people;
namespace tt = school::timetable;

using Shared = std::shared_ptr<const DutyRoutes>;

/// Whose week is asked for.
struct Asked {
  people::SchoolId school = {};
  tt::Week week = {};
};

/// @errors not_found; invalid (field "week"): no Monday, or out of reach
Result<Asked> asked_for(const DutyRoutes& use, const Visitor& visitor, const Request& request, Act act) {
  const auto id = people::PublicId::parse(request.param("school"));
  const people::School* school = id ? visitor.people->school(*id) : nullptr;
  if (!school || visitor.may(act, school::about(*school)) != school::Verdict::yes) return nothing_here();
  const auto date = tt::parse_date(request.param("week"));
  if (!date || tt::format_date(*date) != request.param("week") || tt::Week::of(*date).monday != *date)
    return Error{Errc::invalid, "must be a Monday like 2026-11-23", "week"};
  const auto away = *date - use.zone.local(base::wall_now()).date;
  if (away > school::kDutyRosterReach || -away > school::kDutyRosterReach)
    return Error{Errc::invalid, "within a year of today", "week"};
  return Asked{.school = school->id, .week = {*date}};
}

/// Those who have left since are nobody.
json turn_json(const people::Directory& district, const Turn& turn) {
  const people::Staff* staff = district.find(turn.staff);
  if (!staff || staff->standing != people::Standing::active) return nullptr;
  return {{"staff", brief_json(staff)}, {"phone", turn.phone}};
}

json week_json(const people::Directory& district, tt::Week week, const DutyWeek& roster) {
  json days = json::array();
  for (std::size_t at = 0; at < roster.size(); ++at) {
    json day = {{"date", tt::format_date(week.monday + std::chrono::days(at))}};
    for (std::size_t post = 0; post < school::kPostCount; ++post)
      day[std::string(to_string(static_cast<Post>(post)))] = turn_json(district, roster[at][post]);
    days.push_back(std::move(day));
  }
  return {{"week", tt::format_date(week.monday)}, {"days", std::move(days)}};
}

/// @errors invalid: names the field
Result<Turn> turn_from(const people::Directory& district, const json& value, const std::string& field) {
  if (value.is_null()) return Turn{};
  if (!value.is_object()) return Error{Errc::invalid, "an object or null", field};
  const json staff = value.value("staff", json());
  const json phone = value.value("phone", json(""));
  if (!staff.is_string())
    return Error{Errc::invalid, "must be the id of a member of staff", field + ".staff"};
  if (!phone.is_string()) return Error{Errc::invalid, "must be a string", field + ".phone"};
  const auto id = people::PublicId::parse(staff.get<std::string>());
  const people::Staff* known = id ? district.staff(*id) : nullptr;
  if (!known) return Error{Errc::invalid, "nobody of this school", field + ".staff"};
  return Turn{.staff = known->id, .phone = phone.get<std::string>()};
}

/// {"days":[Monday … Sunday]}, each day with a turn or null for every post; one that is not there is null.
Result<DutyWeek> week_from(const people::Directory& district, const json& body) {
  DutyWeek roster;
  const json days = body.value("days", json());
  if (!days.is_array() || days.size() != roster.size())
    return Error{Errc::invalid, "must be the seven days of the week", "days"};
  for (std::size_t at = 0; at < roster.size(); ++at) {
    const std::string of_day = "days." + std::to_string(at);
    if (!days[at].is_object()) return Error{Errc::invalid, "must be an object", of_day};
    for (std::size_t post = 0; post < school::kPostCount; ++post) {
      const std::string name(to_string(static_cast<Post>(post)));
      auto turn = turn_from(district, days[at].value(name, json()), of_day + "." + name);
      if (!turn) return std::move(turn).error();
      roster[at][post] = std::move(*turn);
    }
  }
  return roster;
}

void show(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto asked = asked_for(*use, visitor, request, Act::see_on_duty);
  if (!asked) return responder.fail(asked.error());
  on_store<DutyWeek>(
      use->office, std::move(responder),
      [asked = *asked](Store& store) {
        return school::store::load_duty_week(store, asked.school, asked.week);
      },
      [asked = *asked, district = visitor.people](const DutyWeek& roster) {
        return tagged_json(week_json(*district, asked.week, roster));
      });
}

/// @errors conflict (field "If-Match"): no longer what it names; io
Result<void> replace(Store& store, const people::Directory& district, const Asked& asked,
                     const std::string& match, const DutyWeek& roster, tt::Date today) {
  const auto before = school::store::load_duty_week(store, asked.school, asked.week);
  if (!before) return Error(before.error());
  if (match != "*" && match != etag_of(week_json(district, asked.week, *before)))
    return Error{Errc::conflict, "changed meanwhile", "If-Match"};
  if (auto saved = school::store::save_duty_week(store, asked.school, asked.week, roster); !saved)
    return saved;
  return school::store::drop_duty_before(store, today - school::kDutyRosterReach);
}

void put(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto asked = asked_for(*use, visitor, request, Act::set_on_duty);
  if (!asked) return responder.fail(asked.error());
  const auto match = request.header("If-Match");
  if (!match) return responder.send(problem(428, "precondition_required", "If-Match is needed"));
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  auto roster = week_from(*visitor.people, *body);
  if (!roster) return responder.fail(roster.error());
  if (auto sound = school::check(*visitor.people, asked->school, *roster); !sound)
    return responder.fail(sound.error());
  const auto shared = std::make_shared<Responder>(std::move(responder));
  const auto today = use->zone.local(base::wall_now()).date;
  use->office.people.writer().submit(
      [district = visitor.people, asked = *asked, match = std::string(*match), roster = *roster,
       today](Store& store) { return replace(store, *district, asked, match, roster, today); },
      use->office.control,
      [shared, district = visitor.people, asked = *asked, roster = *roster](const Result<void>& done) {
        if (!done && done.error().kind == Errc::conflict)
          return shared->send(problem(412, "precondition_failed", done.error().message));
        done ? shared->send(tagged_json(week_json(*district, asked.week, roster)))
             : shared->fail(done.error());
      });
}

}  // namespace

void add_duty_routes(Server& server, const DutyRoutes& routes) {
  const auto use = std::make_shared<const DutyRoutes>(routes);
  add_staff_routes(server, use->office, Where::worker,
                   {{"GET", "/api/v1/schools/{school}/duty-roster/{week}", with(use, show)},
                    {"PUT", "/api/v1/schools/{school}/duty-roster/{week}", with(use, put)}});
}

}  // namespace tongke::relay::http::api
