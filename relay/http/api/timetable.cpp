#include "relay/http/api/timetable.hpp"

#include <charconv>

#include "base/clock.hpp"
#include "relay/http/api/json_body.hpp"
#include "relay/http/api/json_response.hpp"
#include "school/schedule/bridge.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::http::api {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kMaxSheets = 200;  // of one answer

Response text_response(const Printed& printed) {
  Response response;
  response.content_type = printed.content_type;
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body.emplace_back(std::vector<std::uint8_t>(printed.text.begin(), printed.text.end()));
  return response;
}

// An answer about broken rules is an error that says which.
Response unprocessable(json answer) {
  std::string code = "invalid";
  for (const auto& finding : answer.at("findings")) {
    if (finding.at("severity") != "error") continue;
    code = finding.at("code").get<std::string>();
    break;
  }
  answer["error"] = {{"code", code}, {"message", "rules of the timetable are broken"}};
  return json_response(answer, 422);
}

Result<tt::Week> week_of(const Request& request, tt::Zone zone) {
  const auto asked = request.query("week");
  if (!asked || asked->empty()) return tt::Week::of(zone.local(base::wall_now()).date);
  const auto date = tt::parse_date(*asked);
  if (!date) return Error{Errc::invalid, "must be a date such as 2026-11-30", "week"};
  return tt::Week::of(*date);
}

Result<Printing> printing_of(const TimetableRoutes& use, const Request& request) {
  Printing what;
  const auto week = week_of(request, use.zone);
  if (!week) return Error(week.error());
  what.week = *week;
  const std::string format = request.query("format").value_or("json");
  if (format == "html") {
    what.format = Printing::Format::html;
  } else if (format == "ics") {
    what.format = Printing::Format::ics;
  } else if (format == "xmltv") {
    what.format = Printing::Format::xmltv;
  } else if (format != "json") {
    return Error{Errc::invalid, "must be json, html, ics or xmltv", "format"};
  }
  if (const auto stage = request.query("stage"); stage && !stage->empty()) {
    what.stage = tt::stage_from(*stage);
    if (!what.stage) return Error{Errc::invalid, "must be low, middle, junior or senior", "stage"};
  }
  what.drafts = request.query("drafts") == "1";
  what.english = request.query("lang") == "en";
  return what;
}

void print(const TimetableRoutes& use, const Result<Printing>& what, Responder responder) {
  if (!what) return responder.fail(what.error());
  const auto printed = use.write(*what);
  if (!printed) return responder.fail(printed.error());
  responder.send(text_response(*printed));
}

void of_class(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
              Responder responder) {
  const auto view = use.view();
  const auto id = school::people::PublicId::parse(request.param("class"));
  const auto* found = id ? view->people().original_class(*id) : nullptr;
  if (!found || (caller.school && found->school != caller.school))
    return responder.fail({Errc::not_found, "no such class"});
  auto what = printing_of(use, request);
  if (what) what->original_class = found->id;
  print(use, what, std::move(responder));
}

void of_school(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
               Responder responder) {
  const auto view = use.view();
  const auto id = school::people::PublicId::parse(request.param("school"));
  const auto* found = id ? view->people().school(*id) : nullptr;
  if (!found || (caller.school && found->id != caller.school))
    return responder.fail({Errc::not_found, "no such school"});
  auto what = printing_of(use, request);
  if (what) what->school = found->id;
  print(use, what, std::move(responder));
}

json sheet_json(const schedule::SheetKey& key, const schedule::Rows& rows) {
  json out = {{"week", key.week ? json(tt::format_date(key.week->monday)) : json(nullptr)},
              {"rows", json::array()}};
  const tt::Scope& scope = key.scope;
  out["stage"] = scope.stage ? json(to_string(*scope.stage)) : json(nullptr);
  out["grade"] = scope.grade ? json(*scope.grade) : json(nullptr);
  out["school"] = scope.school ? json(scope.school->value) : json(nullptr);
  out["class"] = scope.class_id ? json(scope.class_id->value) : json(nullptr);
  for (const tt::Row& row : rows) {
    json one = to_json(row.slot);
    one["blank"] = row.blank;
    out["rows"].push_back(std::move(one));
  }
  return out;
}

// The sheets themselves, as somebody edits them: ?stage= of one stage, ?edition=draft|published.
void sheets(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
            Responder responder) {
  const auto view = use.view();
  const auto what = printing_of(use, request);
  if (!what) return responder.fail(what.error());
  const std::string from = request.query("from").value_or("0");
  std::size_t first = 0;
  if (std::from_chars(from.data(), from.data() + from.size(), first).ec != std::errc())
    return responder.fail({Errc::invalid, "must be a number", "from"});
  const bool published = request.query("edition") == "published";
  json out = {{"sheets", json::array()}, {"next", nullptr}};
  std::size_t at = 0;
  for (const auto& [key, rows] : published ? view->timetable().published : view->timetable().drafts) {
    if (caller.school && schedule::owner_of(view->people(), key.scope) != caller.school) continue;
    if (what->stage && key.scope.stage != what->stage) continue;
    if (at++ < first) continue;
    if (out["sheets"].size() == kMaxSheets) {
      out["next"] = at - 1;
      break;
    }
    out["sheets"].push_back(sheet_json(key, rows));
  }
  responder.send(json_response(out));
}

std::optional<std::chrono::year_month> month_of(std::string_view text) {
  const auto date = tt::parse_date(std::string(text) + "-01");
  if (text.size() != 7 || !date) return std::nullopt;
  const std::chrono::year_month_day day(*date);
  return day.year() / day.month();
}

void month(const TimetableRoutes& use, const TimetableCaller& /*caller*/, const Request& request,
           Responder responder) {
  const auto asked = month_of(request.param("month"));
  if (!asked) return responder.fail({Errc::invalid, "must be like 2026-11", "month"});
  responder.send(json_response(to_json(month_view(*asked, use.view()->timetable().months))));
}

/// Keeps a responder for an answer that comes later.
TimetableRoutes::Answer answering(Responder responder, bool rules = false) {
  const auto kept = std::make_shared<Responder>(std::move(responder));
  return [kept, rules](const Result<json>& result) {
    if (!result) return kept->fail(result.error());
    if (rules && !result->at("ok").get<bool>()) return kept->send(unprocessable(*result));
    kept->send(json_response(*result));
  };
}

void take_file(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
               Responder responder) {
  const json arguments = {{"school", request.query("school").value_or("")},
                          {"dry_run", request.query("dry_run") == "1"},
                          {"replace", request.query("replace") == "1"},
                          {"skip_bad", request.query("skip_bad") == "1"}};
  const auto body = request.body();
  use.run("import", arguments, {body.begin(), body.end()}, caller, answering(std::move(responder)));
}

void change_month(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
                  Responder responder) {
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  if (caller.school) return responder.fail({Errc::not_found, "no such month"});
  use.run("month", *body, {}, caller, answering(std::move(responder)));
}

/// Single rows of draft sheets; `?dry_run=1` only says what the rules would say, `?strict=1` saves
/// nothing that newly breaks one.
void answer_row(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
                Responder responder, const std::string& command) {
  json arguments = json::object();
  if (command == "row.add" || command == "row.put" || command == "row.patch" || command == "row.moves") {
    auto body = json_body(request);
    if (!body) return responder.fail(body.error());
    if (command == "row.add" || command == "row.moves") {
      arguments = std::move(*body);
    } else {
      arguments["row"] = std::move(*body);
    }
  }
  if (command != "row.add") arguments["id"] = std::string(request.param("row"));
  arguments["match"] = std::string(request.header("If-Match").value_or(""));
  arguments["dry_run"] = request.query("dry_run") == "1";
  const bool strict = request.query("strict") == "1";
  arguments["strict"] = strict;
  const auto kept = std::make_shared<Responder>(std::move(responder));
  use.run(command, arguments, {}, caller, [kept, command, strict](const Result<json>& result) {
    if (!result && result.error().kind == Errc::conflict && result.error().field == "If-Match")
      return kept->send(problem(412, "precondition_failed", result.error().message));
    if (!result) return kept->fail(result.error());
    if (strict && !result->value("saved", true) && !result->value("ok", true))
      return kept->send(unprocessable(*result));
    auto response =
        json_response(*result, command == "row.add" && result->at("saved").get<bool>() ? 201 : 200);
    response.headers.emplace_back("ETag", result->at("etag").get<std::string>());
    kept->send(std::move(response));
  });
}

void activate(const TimetableRoutes& use, const TimetableCaller& caller, const Request& request,
              Responder responder) {
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  if (request.param("verb") == "activate")
    return use.activate(*body, caller, answering(std::move(responder)));
  if (request.param("verb") == "undo") return use.undo_plan(*body, answering(std::move(responder)));
  responder.fail({Errc::not_found, "activate or undo"});
}

}  // namespace

void add_timetable_routes(Server& server, const TimetableRoutes& use) {
  const auto add = [&](std::string_view method, const std::string& pattern, Where where, TimetableAct act,
                       auto&& handle) {
    server.route(method, "/api/v1" + pattern, where,
                 [use, act, handle](const auto& request, Responder responder) {
                   if (const auto caller = use.asker(*request, act, responder))
                     handle(use, *caller, *request, std::move(responder));
                 });
  };
  const auto command = [](const char* name) {
    return [name](const auto& u, const auto& caller, const auto&, Responder responder) {
      const std::string verb = name;
      u.run(verb, json::object(), {}, caller, answering(std::move(responder), verb == "publish"));
    };
  };
  add("GET", "/timetable/classes/{class}", Where::worker, TimetableAct::see, of_class);
  add("GET", "/timetable/schools/{school}", Where::worker, TimetableAct::see, of_school);
  add("GET", "/timetable/sheets", Where::worker, TimetableAct::see, sheets);
  add("GET", "/timetable/months/{month}", Where::worker, TimetableAct::see, month);
  add("PUT", "/timetable/months/{month}", Where::control, TimetableAct::change, change_month);
  const auto row = [&add](std::string_view method, const std::string& pattern, TimetableAct act,
                          const char* name) {
    add(method, "/timetable/rows" + pattern, Where::control, act,
        [verb = std::string(name)](const auto& u, const auto& caller, const auto& request,
                                   Responder responder) {
          answer_row(u, caller, request, std::move(responder), verb);
        });
  };
  row("POST", "", TimetableAct::change, "row.add");
  row("GET", "/{row}", TimetableAct::see, "row.show");
  row("PUT", "/{row}", TimetableAct::change, "row.put");
  row("PATCH", "/{row}", TimetableAct::change, "row.patch");
  row("DELETE", "/{row}", TimetableAct::change, "row.remove");
  row("POST", "/{row}/moves", TimetableAct::change, "row.moves");
  add("GET", "/timetable/findings", Where::control, TimetableAct::see, command("check"));
  add("POST", "/timetable/import", Where::control, TimetableAct::change, take_file);
  add("POST", "/timetable/publish", Where::control, TimetableAct::change, command("publish"));
  add("POST", "/timetable/undo", Where::control, TimetableAct::change, command("undo"));
  add("GET", "/plans", Where::control, TimetableAct::see,
      [](const auto& u, const auto&, const auto&, Responder responder) {
        responder.send(json_response({{"plans", u.plans()}}));
      });
  add("POST", "/plans/{verb}", Where::control, TimetableAct::activate, activate);
}

}  // namespace tongke::relay::http::api
