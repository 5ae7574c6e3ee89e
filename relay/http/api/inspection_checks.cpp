#include <algorithm>

#include "pipeline/wire/ladder.hpp"
#include "relay/http/api/inspection.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/attendance/class_report.hpp"
#include "school/crypto.hpp"
#include "school/inspection/form.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::inspection::Observations;
using school::inspection::SpotCheck;
using school::inspection::Still;
namespace people = school::people;

/// A look may outlast its lesson, not the morning.
constexpr std::chrono::hours kLookLasts{3};

json person_json(const people::Directory& district, people::StaffId id) {
  return brief_json(district.find(id));
}

json check_json(const InspectionRoutes& use, const people::Directory& district, const SpotCheck& check) {
  json record = json::parse(check.record, nullptr, false);
  return {{"id", check.id},
          {"draw", check.draw},
          {"lesson", drawn_lesson_json(use.office, district, check.lesson)},
          {"by", person_json(district, check.by)},
          {"opened_at", wall_json(check.opened)},
          {"signed_at", check.is_signed() ? wall_json(check.finished) : json(nullptr)},
          {"record", record.is_object() ? std::move(record) : json(nullptr)},
          {"intact", use.inspections.intact(check)}};
}

/// One's own; signed ones also for the school's office, the district, and who led the lesson.
bool may_read(const Visitor& visitor, const SpotCheck& check) {
  if (check.by == visitor.asker.staff) return true;
  return check.is_signed() &&
         visitor.may(Act::see_inspections, {.school = check.school, .lead = check.lead}) == Verdict::yes;
}

// ---- looking ----

void begin(const InspectionRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  if (visitor.may(Act::draw, {}) != Verdict::yes) return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto draw_id = text_field(*body, "draw");
  if (!draw_id) return responder.fail(draw_id.error());
  const auto id = text_field(*body, "lesson");
  if (!id) return responder.fail(id.error());
  const auto draw = use.inspections.find_draw(*draw_id);
  const auto* lesson = use.office.lessons.find(*id);
  if (!draw || !lesson || !std::ranges::count(draw->lessons, *id)) return responder.fail(nothing_here());
  const auto& arranged = use.office.arrangements.of(*id);
  const auto school = strata_of(*visitor.people, arranged).school;
  const school::Target target{.school = school, .lead = arranged.lead()};
  const SpotCheck wish{
      .draw = *draw_id, .lesson = *id, .school = school, .lead = arranged.lead(), .by = visitor.asker.staff};
  answer_logged(use.office, visitor, request, std::move(responder), Act::draw, target,
                [use, wish, district = visitor.people] {
                  const auto now = base::wall_now();
                  const auto check = use.inspections.begin(wish, now);
                  if (!check) return problem(503, "io", check.error().message);
                  // The first still takes a moment to be made.
                  if (const auto live = use.office.live.find(wish.lesson))
                    live->ask(std::string(pipeline::wire::kStills));
                  json look = check_json(use, *district, *check);
                  look["link"] = use.office.signer.issue(school::links::staff_link(
                      use.office.links, wish.by, school::Role::inspector, wish.lesson, now + kLookLasts));
                  return json_response(look, 201);
                });
}

// ---- signing ----

Result<Observations> observations_in(const json& body) {
  Observations seen;
  const auto marks = body.find("marks");
  if (marks == body.end() || !marks->is_object()) return Error{Errc::invalid, "must be an object", "marks"};
  for (const auto& [item, mark] : marks->items()) {
    if (!mark.is_string()) return Error{Errc::invalid, "must be a string", item};
    seen.marks[item] = mark.get<std::string>();
  }
  auto remark = text_field(body, "remark");
  if (!remark) return std::move(remark).error();
  seen.remark = std::move(*remark);
  if (auto fine = school::inspection::check(seen); !fine) return std::move(fine).error();
  return seen;
}

/// At most three stills of the teacher's stream: the first, middle and last since the look began, or
/// the newest from before when the picture has stood still since.
std::vector<Still> stills_since(const Office& office, const SpotCheck& check) {
  const auto live = office.live.find(check.lesson);
  const auto snapshot = live ? live->snapshot() : nullptr;
  if (!snapshot || !snapshot->stills || snapshot->stills->empty()) return {};
  std::vector<Still> all;
  for (const auto& still : *snapshot->stills) {
    const auto bytes = still.webp.view();
    all.push_back({snapshot->started + std::chrono::floor<std::chrono::milliseconds>(still.at),
                   {bytes.begin(), bytes.end()}});
  }
  const auto since = std::ranges::find_if(all, [&](const Still& still) { return still.at >= check.opened; });
  all.erase(all.begin(), since == all.end() ? std::prev(since) : since);
  if (all.size() <= school::inspection::kMostStills) return all;
  return {all.front(), all[all.size() / 2], all.back()};
}

json stills_json(const std::vector<Still>& stills) {
  json list = json::array();
  for (const auto& still : stills)
    list.push_back({{"at", wall_json(still.at)},
                    {"bytes", still.webp.size()},
                    {"sha256", school::crypto::base64url(school::crypto::sha256(still.webp))}});
  return list;
}

/// How the lesson stood, in numbers.
json counts_json(const InspectionRoutes& use, const people::Directory& district, const school::Lesson& lesson,
                 base::WallTime now) {
  const auto& arranged = use.office.arrangements.of(lesson.id);
  const auto from = lesson.started.value_or(now);
  std::size_t expected = 0;
  std::size_t absent = 0;
  use.book.read(lesson.id, [&](const school::attendance::Ledger& ledger) {
    for (const auto& report : school::attendance::report(
             district, arranged, ledger, {from, std::max(from, lesson.ended.value_or(now))})) {
      expected += report.pupils.size();
      absent += report.absent;
    }
  });
  const auto here = use.watched(lesson.id, false);
  const auto watched = std::ranges::count_if(
      arranged.rooms, [&](const school::Room& room) { return here.contains(room.public_id.str()); });
  return {{"rooms", arranged.rooms.size()}, {"watched", watched}, {"expected", expected}, {"absent", absent}};
}

json record_of(const InspectionRoutes& use, const people::Directory& district, const SpotCheck& check,
               const Observations& seen, const std::vector<Still>& stills, base::WallTime now) {
  const auto* lesson = use.office.lessons.find(check.lesson);
  const auto draw = use.inspections.find_draw(check.draw);
  return {{"form", school::inspection::kFormVersion},
          {"check", check.id},
          {"draw", check.draw},
          {"commitment", draw ? json(draw->commitment()) : json(nullptr)},
          {"lesson", drawn_lesson_json(use.office, district, check.lesson)},
          {"inspector", person_json(district, check.by)},
          {"opened_at", wall_json(check.opened)},
          {"signed_at", wall_json(now)},
          {"marks", seen.marks},
          {"remark", seen.remark},
          {"counts", lesson ? counts_json(use, district, *lesson, now) : json(nullptr)},
          {"stills", stills_json(stills)}};
}

void sign(const InspectionRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto check = use.inspections.find(std::string(request.param("id")));
  if (!check || check->by != visitor.asker.staff || visitor.may(Act::draw, {}) != Verdict::yes)
    return responder.fail(nothing_here());
  if (check->is_signed()) return responder.fail({Errc::conflict, "signed already"});
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto seen = observations_in(*body);
  if (!seen) return responder.fail(seen.error());
  const auto now = base::wall_now();
  const auto stills = stills_since(use.office, *check);
  const auto record = record_of(use, *visitor.people, *check, *seen, stills, now);
  const auto done = use.inspections.sign(*check, record.dump(), stills, now);
  if (!done) return responder.fail(done.error());
  responder.send(json_response(check_json(use, *visitor.people, *done)));
}

// ---- reading ----

void list(const InspectionRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto page = page_of(request);
  if (!page) return responder.fail(page.error());
  const people::Staff* staff = visitor.people->find(visitor.asker.staff);
  const auto found = use.inspections.list({.before = page->after,
                                           .limit = page->limit,
                                           .all = visitor.may(Act::see_inspections, {}) == Verdict::yes,
                                           .school = staff ? staff->school : people::SchoolId(),
                                           .staff = visitor.asker.staff});
  if (!found) return responder.fail(found.error());
  json items = json::array();
  for (const auto& check : *found)
    if (may_read(visitor, check)) items.push_back(check_json(use, *visitor.people, check));
  const bool more = found->size() == page->limit;
  responder.send(
      json_response({{"items", std::move(items)},
                     {"next", more ? json(std::to_string(found->back().number)) : json(nullptr)}}));
}

void show(const InspectionRoutes& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto check = use.inspections.find(std::string(request.param("id")));
  if (!check || !may_read(visitor, *check)) return responder.fail(nothing_here());
  responder.send(json_response(check_json(use, *visitor.people, *check)));
}

void show_still(const InspectionRoutes& use, const Visitor& visitor, const Request& request,
                Responder responder) {
  const auto check = use.inspections.find(std::string(request.param("id")));
  if (!check || !may_read(visitor, *check)) return responder.fail(nothing_here());
  auto stills = use.inspections.stills(check->id);
  if (!stills) return responder.fail(stills.error());
  for (std::size_t i = 0; i < stills->size(); ++i) {
    if (std::to_string(i + 1) != request.param("number")) continue;
    Response response;
    response.content_type = "image/webp";
    response.headers = {{"Cache-Control", "private, no-store"}};
    response.body.emplace_back(std::move((*stills)[i].webp));
    return responder.send(std::move(response));
  }
  responder.fail(nothing_here());
}

}  // namespace

void add_spot_check_routes(Server& server, const InspectionRoutes& use) {
  add_staff_routes(server, use.office, Where::control,
                   {{"GET", "/api/v1/inspection/checks", with(use, list)},
                    {"POST", "/api/v1/inspection/checks", with(use, begin)},
                    {"GET", "/api/v1/inspection/checks/{id}", with(use, show)},
                    {"POST", "/api/v1/inspection/checks/{id}/sign", with(use, sign)},
                    {"GET", "/api/v1/inspection/checks/{id}/stills/{number}", with(use, show_still)}});
}

}  // namespace tongke::relay::http::api
