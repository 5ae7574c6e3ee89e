#include "relay/app/timetable_commands.hpp"

#include <set>

#include "relay/app/timetable_export.hpp"
#include "relay/app/timetable_rows.hpp"
#include "school/exchange/names.hpp"
#include "school/schedule/bridge.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::app {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

json scope_json(const school::people::Directory& people, const schedule::SheetKey& key) {
  const tt::Scope& scope = key.scope;
  json out = json::object();
  if (scope.class_id) {
    out["class"] = schedule::class_name(people, *scope.class_id);
    const auto* school = people.find(schedule::owner_of(people, scope));
    if (school) out["school"] = school->name;
    return out;
  }
  if (scope.school) {
    const auto* school = people.find(schedule::to_people(*scope.school));
    if (school) out["school"] = school->name;
  }
  if (scope.stage) out["stage"] = to_string(*scope.stage);
  if (scope.grade) out["grade"] = *scope.grade;
  return out;
}

json row_json(const school::people::Directory& people, const schedule::SheetKey& key, const tt::Row& row) {
  const tt::Names names = schedule::names_of(people);
  const tt::Slot& slot = row.slot;
  return {{"scope", scope_json(people, key)},
          {"week", key.week ? json(tt::format_date(key.week->monday)) : json(nullptr)},
          {"day", tt::iso_day(slot.day)},
          {"period", slot.period},
          {"start", tt::format_time(slot.start)},
          {"end", tt::format_time(slot.end())},
          {"kind", to_string(slot.kind)},
          {"subject", slot.subject ? names.subject(*slot.subject) : std::string()},
          {"lead", slot.lead ? names.teacher(*slot.lead) : std::string()}};
}

json findings_json(const std::vector<schedule::WeekFinding>& findings) {
  json out = json::array();
  for (const auto& [week, finding] : findings) {
    json one = to_json(finding);
    one["week"] = week ? json(tt::format_date(week->monday)) : json(nullptr);
    out.push_back(std::move(one));
  }
  return out;
}

tt::Date today(const TimetableTools& use) { return use.rules.zone.local(use.now).date; }

schedule::Chosen own_sheets(const TimetableTools& use) {
  return [&use](const schedule::SheetKey& key) {
    return !use.school || schedule::owner_of(use.view.people(), key.scope) == use.school;
  };
}

Result<json> said(Result<schedule::Snapshot> committed, json answer) {
  if (!committed) return std::move(committed).error();
  return answer;
}

}  // namespace

json rows_named(const schedule::View& view, const std::vector<schedule::WeekFinding>& findings) {
  std::set<tt::SlotId> wanted;
  for (const auto& one : findings) wanted.insert(one.finding.rows.begin(), one.finding.rows.end());
  json out = json::object();
  for (const auto* sheets : {&view.timetable().published, &view.timetable().drafts}) {
    for (const auto& [key, rows] : *sheets)
      for (const tt::Row& row : rows)
        if (wanted.contains(row.slot.id))
          out[std::to_string(row.slot.id.value)] = row_json(view.people(), key, row);
  }
  return out;
}

Result<json> import_timetable(const TimetableTools& use, base::ByteView file, const json& arguments) {
  schedule::ImportWish wish{.school = use.school, .replace = arguments.value("replace", false)};
  const auto& schools = use.view.people().schools();
  if (const std::string name = arguments.value("school", ""); !name.empty()) {
    const auto* school = use.view.people().school_named(name);
    if (!school || (use.school && school->id != use.school))
      return Error{Errc::not_found, "no such school", "school"};
    wish.school = school->id;
  } else if (!wish.school && schools.size() == 1) {
    wish.school = schools.front().id;
  }
  const auto plan = plan_import(use.view.people(), use.view.timetable(), file, wish);
  if (!plan) return Error(plan.error());
  for (const auto& [key, rows] : plan->changes.drafts) {
    if (!own_sheets(use)(key)) return Error{Errc::forbidden, "a row of another school, or of all", "scope"};
  }
  if (use.school && plan->weekly_hours)
    return Error{Errc::forbidden, "the table is the district's", "weekly_hours"};
  json problems = json::array();
  for (const auto& problem : plan->problems) {
    problems.push_back({{"line", problem.line},
                        {"cell", problem.column_at},
                        {"column", problem.column},
                        {"reason", to_string(problem.why)}});
  }
  const bool dry_run = arguments.value("dry_run", false);
  const bool clean = plan->problems.empty() || arguments.value("skip_bad", false);
  json answer = {{"applied", !dry_run && clean}, {"kind", plan->weekly_hours ? "weekly_hours" : "timetable"},
                 {"rows", plan->rows},           {"created", plan->created},
                 {"updated", plan->updated},     {"unchanged", plan->unchanged},
                 {"removed", plan->removed},     {"problems", std::move(problems)},
                 {"ignored", plan->ignored}};
  if (dry_run || !clean) return answer;
  return said(use.book.commit(use.store, plan->changes), std::move(answer));
}

json findings_answer(const TimetableTools& use, const std::vector<schedule::WeekFinding>& findings) {
  return {{"findings", findings_json(findings)}, {"rows", rows_named(use.view, findings)}};
}

Result<json> check_timetable(const TimetableTools& use) {
  const auto& timetable = use.view.timetable();
  const auto findings =
      check_drafts(use.view.rules_people(), with_hours(use.rules, timetable), timetable, today(use));
  bool ok = true;
  for (const auto& one : findings) ok = ok && one.finding.severity == tt::Severity::warning;
  return json{{"ok", ok}, {"findings", findings_json(findings)}, {"rows", rows_named(use.view, findings)}};
}

Result<json> publish_timetable(const TimetableTools& use) {
  const auto& timetable = use.view.timetable();
  auto plan = plan_publish(use.view.rules_people(), with_hours(use.rules, timetable), timetable,
                           own_sheets(use), today(use), use.by, use.now);
  const bool ok = plan.blocking.empty();
  auto all = std::move(plan.blocking);
  all.insert(all.end(), plan.warnings.begin(), plan.warnings.end());
  json answer = {{"published", ok && plan.sheets > 0},
                 {"sheets", plan.sheets},
                 {"ok", ok},
                 {"findings", findings_json(all)},
                 {"rows", rows_named(use.view, all)}};
  if (!ok) return answer;
  return said(use.book.commit(use.store, plan.changes), std::move(answer));
}

Result<json> undo_timetable(const TimetableTools& use) {
  const auto& last = use.view.timetable().last;
  for (const auto& key : last.keys)
    if (!own_sheets(use)(key)) return Error{Errc::conflict, "others have published since", "timetable"};
  const auto changes = plan_undo(use.view.timetable());
  if (!changes) return Error(changes.error());
  return said(use.book.commit(use.store, *changes), {{"taken_back", last.keys.size()}});
}

Result<json> change_month(const TimetableTools& use, const json& arguments) {
  const auto date = tt::parse_date(arguments.value("week", ""));
  if (!date) return Error{Errc::invalid, "must be a date such as 2026-11-30", "week"};
  const auto stage = tt::stage_from(arguments.value("stage", ""));
  if (!stage) return Error{Errc::invalid, "must be low, middle, junior or senior", "stage"};
  const tt::Week week = tt::Week::of(*date);
  tt::MonthPlans plans = use.view.timetable().months;
  if (const auto note = arguments.find("note"); note != arguments.end()) {
    if (!note->is_string()) return Error{Errc::invalid, "must be text", "note"};
    auto noted = with_note(std::move(plans), week, *stage, *note);
    if (!noted) return std::move(noted).error();
    plans = std::move(*noted);
  }
  if (const auto state = arguments.find("state"); state != arguments.end()) {
    if (*state != "draft" && *state != "approved")
      return Error{Errc::invalid, "must be draft or approved", "state"};
    plans = with_state(std::move(plans), week, *stage,
                       *state == "approved" ? tt::WeekPlan::State::approved : tt::WeekPlan::State::draft);
  }
  schedule::Changes changes;
  changes.months = plans;
  const auto month = std::chrono::year_month_day(*date);
  return said(use.book.commit(use.store, changes), to_json(month_view(month.year() / month.month(), plans)));
}

Result<json> run_timetable(const TimetableTools& use, const std::string& command, const json& arguments,
                           base::ByteView file) {
  if (command == "import") return import_timetable(use, file, arguments);
  if (command == "check") return check_timetable(use);
  if (command == "publish") return publish_timetable(use);
  if (command == "undo") return undo_timetable(use);
  if (command == "month") return change_month(use, arguments);
  if (is_row_command(command)) return run_row_command(use, command, arguments);
  if (command == "export") {
    const auto what = printing_from(use.view, arguments, today(use));
    if (!what) return Error(what.error());
    const auto printed = print_timetable(use.view, use.rules, use.now, *what);
    if (!printed) return Error(printed.error());
    return json{{"content_type", printed->content_type}, {"text", printed->text}};
  }
  return Error{Errc::invalid, "unknown command", "command"};
}

}  // namespace tongke::relay::app
