#include "relay/app/timetable_export.hpp"

#include "school/exchange/names.hpp"
#include "school/schedule/bridge.hpp"
#include "school/timetable/json.hpp"
#include "school/timetable/load.hpp"

namespace tongke::relay::app {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;
using base::Errc;
using base::Error;
using base::Result;
using http::api::Printed;
using http::api::Printing;
using nlohmann::json;

std::vector<school::people::ClassId> classes_of(const schedule::View& view, const Printing& what) {
  if (what.original_class) return {what.original_class};
  std::vector<school::people::ClassId> out;
  for (const auto& one : view.rules_people().classes()) {
    if (what.school && schedule::to_people(one.school) != what.school) continue;
    if (what.stage && one.stage != *what.stage) continue;
    out.push_back(schedule::to_people(one.id));
  }
  return out;
}

// What each day asks of the class's pupils (PL-13), Monday first.
json load_json(const schedule::View& view, const tt::RuleSettings& rules, const std::vector<tt::Slot>& slots,
               school::people::ClassId id) {
  json out = json::array();
  const auto load = load_of(view.rules_people(), rules, slots, tt::ClassId{id.value});
  if (!load) return out;
  for (const tt::DayLoad& day : *load) {
    out.push_back({{"live_min", day.live.count()},
                   {"tasks_min", day.tasks.count()},
                   {"longest_run_min", day.longest_run.count()}});
  }
  return out;
}

}  // namespace

Result<Printed> print_timetable(const schedule::View& view, const tt::RuleSettings& rules, base::WallTime now,
                                const Printing& what) {
  const auto slots = view.week(what.week, what.drafts);
  const auto language = what.english ? tt::Language::en : tt::Language::zh;
  std::vector<tt::Programme> programmes;
  const auto classes = classes_of(view, what);
  for (const auto id : classes)
    programmes.push_back(schedule::programme_of(view.people(), *slots, what.week, id, what.drafts));
  switch (what.format) {
    case Printing::Format::xmltv:
      return Printed{"application/xml; charset=utf-8", to_xmltv(programmes, rules.zone)};
    case Printing::Format::json: {
      json out = json::array();
      for (std::size_t i = 0; i < programmes.size(); ++i) {
        json one = to_json(programmes[i]);
        one["load"] = load_json(view, rules, *slots, classes[i]);
        out.push_back(std::move(one));
      }
      return Printed{"application/json; charset=utf-8",
                     json{{"week", tt::format_date(what.week.monday)}, {"classes", std::move(out)}}.dump()};
    }
    case Printing::Format::html:
    case Printing::Format::ics:
      break;
  }
  if (!what.original_class) return Error{Errc::invalid, "a calendar or a page is of one class", "class"};
  if (what.format == Printing::Format::html)
    return Printed{"text/html; charset=utf-8", to_html(programmes.front(), what.week, language)};
  return Printed{"text/calendar; charset=utf-8",
                 to_ics(programmes.front(), rules.zone, now, "tongke.local", language)};
}

Result<Printing> printing_from(const schedule::View& view, const json& arguments, tt::Date today) {
  Printing what;
  const auto word = [&](const char* name) { return arguments.value(name, std::string()); };
  const std::string format = word("format");
  if (format == "html") {
    what.format = Printing::Format::html;
  } else if (format == "ics") {
    what.format = Printing::Format::ics;
  } else if (format == "xmltv") {
    what.format = Printing::Format::xmltv;
  } else if (!format.empty() && format != "json") {
    return Error{Errc::invalid, "must be json, html, ics or xmltv", "format"};
  }
  if (!word("school").empty()) {
    const auto* school = view.people().school_named(word("school"));
    if (!school) return Error{Errc::not_found, "no such school", "school"};
    what.school = school->id;
  }
  if (!word("stage").empty()) {
    what.stage = tt::stage_from(word("stage"));
    if (!what.stage) return Error{Errc::invalid, "must be low, middle, junior or senior", "stage"};
  }
  if (!word("class").empty()) {
    const auto* school = view.people().find(what.school);
    if (!school) return Error{Errc::invalid, "a class needs its school", "school"};
    const auto name = school::exchange::parse_class(word("class"), school->stages, {});
    const auto* found = name ? view.people().class_numbered(school->id, name->grade, name->number) : nullptr;
    if (!found) return Error{Errc::not_found, "no such class", "class"};
    what.original_class = found->id;
  }
  const auto date = word("week").empty() ? std::optional(today) : tt::parse_date(word("week"));
  if (!date) return Error{Errc::invalid, "must be a date such as 2026-11-30", "week"};
  what.week = tt::Week::of(*date);
  what.drafts = arguments.value("drafts", false);
  what.english = word("language") == "en";
  return what;
}

}  // namespace tongke::relay::app
