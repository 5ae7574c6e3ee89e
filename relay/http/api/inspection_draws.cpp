#include <algorithm>
#include <map>

#include "relay/http/api/inspection.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"

namespace tongke::relay::http::api {

using base::Errc;
using base::Error;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::inspection::Draw;
using school::inspection::OnAir;
namespace people = school::people;

namespace {

constexpr std::size_t kShownDraws = 20;

std::string subject_of(const people::Directory& district, const school::Arrangement& lesson) {
  const auto targets = targets_of(district, lesson);
  people::SubjectId subject = targets.front().subject;
  const people::Staff* lead = district.find(lesson.lead());
  if (!subject && lead) {
    const auto taught =
        std::ranges::find(lead->teaching, targets.front().original_class, &people::Teaching::original_class);
    if (taught != lead->teaching.end()) subject = taught->subject;
  }
  const people::Subject* row = district.find(subject);
  return row ? row->name : std::string();
}

}  // namespace

Strata strata_of(const people::Directory& district, const school::Arrangement& lesson) {
  const auto first = targets_of(district, lesson).front();
  const people::Staff* lead = district.find(lesson.lead());
  Strata strata{.school = lead && lead->school ? lead->school : first.school,
                .stage = {},
                .subject = subject_of(district, lesson)};
  const people::School* taught_in = district.find(first.school);
  if (taught_in && first.grade != 0) strata.stage = to_string(taught_in->stages.stage_of(first.grade));
  return strata;
}

json drawn_lesson_json(const Office& office, const people::Directory& district, const std::string& id) {
  const auto* lesson = office.lessons.find(id);
  if (!lesson)
    return {{"id", id},    {"title", nullptr}, {"school", nullptr},
            {"stage", ""}, {"subject", ""},    {"lead", nullptr}};
  const auto& arranged = office.arrangements.of(id);
  const auto strata = strata_of(district, arranged);
  return {{"id", id},
          {"title", lesson->title},
          {"school", brief_json(district.find(strata.school))},
          {"stage", strata.stage},
          {"subject", strata.subject},
          {"lead", brief_json(district.find(arranged.lead()))}};
}

namespace {

bool may_draw(const Visitor& visitor) { return visitor.may(Act::draw, {}) == Verdict::yes; }

/// What is on air now and the visitor's to watch.
std::vector<OnAir> on_air_for(const Office& office, const Visitor& visitor) {
  std::vector<OnAir> all;
  for (const auto& [id, live] : office.live.all()) {
    const auto* lesson = office.lessons.find(id);
    if (!lesson || lesson->state != school::LessonState::open || live->on_air() != live::OnAir::live)
      continue;
    const auto& arranged = office.arrangements.of(id);
    const auto strata = strata_of(*visitor.people, arranged);
    if (visitor.may(Act::watch, {.school = strata.school, .lead = arranged.lead()}) != Verdict::yes) continue;
    const people::School* row = visitor.people->find(strata.school);
    all.push_back({id, row ? row->public_id.str() : std::string(), strata.stage, strata.subject});
  }
  return all;
}

json commitment_json(const Draw& draw) {
  return {{"draw", draw.id},
          {"number", draw.number},
          {"commitment", draw.commitment()},
          {"committed_at", wall_json(draw.committed)}};
}

/// All that is needed to do it again, and no person.
json record_json(const Draw& draw) {
  json record = commitment_json(draw);
  record["format"] = school::inspection::kDrawFormat;
  record["drawn_at"] = wall_json(draw.drawn);
  record["secret"] = draw.secret;
  record["words"] = draw.words;
  record["count"] = draw.wanted;
  record["on_air"] = json::array();
  for (const auto& one : draw.on_air)
    record["on_air"].push_back(
        {{"lesson", one.lesson}, {"school", one.school}, {"stage", one.stage}, {"subject", one.subject}});
  record["drawn"] = draw.lessons;
  return record;
}

json draw_json(const Office& office, const people::Directory& district, const Draw& draw) {
  json made = commitment_json(draw);
  made["drawn_at"] = wall_json(draw.drawn);
  made["by"] = brief_json(district.find(draw.by));
  made["words"] = draw.words;
  made["lessons"] = json::array();
  for (const auto& id : draw.lessons) made["lessons"].push_back(drawn_lesson_json(office, district, id));
  return made;
}

void show_on_air(const InspectionRoutes& use, const Visitor& visitor, const Request& /*request*/,
                 Responder responder) {
  if (!may_draw(visitor)) return responder.fail(nothing_here());
  const auto all = on_air_for(use.office, visitor);
  std::set<std::string> schools;
  std::map<std::string, std::size_t> stages;
  for (const auto& one : all) {
    schools.insert(one.school);
    ++stages[one.stage];
  }
  json by_stage = json::array();
  for (const auto& [stage, lessons] : stages) by_stage.push_back({{"stage", stage}, {"lessons", lessons}});
  responder.send(
      json_response({{"lessons", all.size()}, {"schools", schools.size()}, {"stages", std::move(by_stage)}}));
}

void make_draw(const InspectionRoutes& use, const Visitor& visitor, const Request& request,
               Responder responder) {
  if (!may_draw(visitor)) return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto id = text_field(*body, "draw");
  if (!id) return responder.fail(id.error());
  const auto words = text_field(*body, "words");
  if (!words) return responder.fail(words.error());
  const auto count = body->find("count");
  if (count == body->end() || !count->is_number_unsigned())
    return responder.fail({Errc::invalid, "a number, 1 to 20", "count"});
  const auto made =
      use.inspections.make_draw(*id, *words, count->get<std::size_t>(), on_air_for(use.office, visitor),
                                visitor.asker.staff, base::wall_now());
  if (!made) return responder.fail(made.error());
  responder.send(json_response(draw_json(use.office, *visitor.people, *made), 201));
}

void list_draws(const InspectionRoutes& use, const Visitor& visitor, const Request& /*request*/,
                Responder responder) {
  if (!may_draw(visitor)) return responder.fail(nothing_here());
  const auto draws = use.inspections.draws(kShownDraws);
  if (!draws) return responder.fail(draws.error());
  json items = json::array();
  for (const auto& draw : *draws) items.push_back(draw_json(use.office, *visitor.people, draw));
  responder.send(json_response({{"items", std::move(items)}}));
}

}  // namespace

OfficeHandler with(const InspectionRoutes& use,
                   void (*handle)(const InspectionRoutes&, const Visitor&, const Request&, Responder)) {
  return [use, handle](const Office&, const Visitor& visitor, const auto& request, Responder responder) {
    handle(use, visitor, *request, std::move(responder));
  };
}

void add_draw_routes(Server& server, const InspectionRoutes& use) {
  server.route("GET", "/api/v1/inspection/commitment", Where::control,
               [use](const auto& /*request*/, Responder responder) {
                 responder.send(json_response(commitment_json(use.inspections.next())));
               });
  server.route("GET", "/api/v1/inspection/draws/{id}", Where::control,
               [use](const auto& request, Responder responder) {
                 const auto draw = use.inspections.find_draw(std::string(request->param("id")));
                 draw ? responder.send(json_response(record_json(*draw))) : responder.fail(draw.error());
               });
  add_staff_routes(server, use.office, Where::control,
                   {{"GET", "/api/v1/inspection/on-air", with(use, show_on_air)},
                    {"GET", "/api/v1/inspection/draws", with(use, list_draws)},
                    {"POST", "/api/v1/inspection/draws", with(use, make_draw)}});
}

}  // namespace tongke::relay::http::api
