#include <algorithm>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/lesson_json.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::http::api {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
namespace people = school::people;
namespace schedule = school::schedule;

namespace {
constexpr std::chrono::hours kLongestLesson{24};
}

std::vector<school::Target> targets_of(const people::Directory& district, const school::Arrangement& lesson) {
  std::vector<school::Target> targets;
  for (const auto& room : lesson.rooms) {
    if (const auto* row = district.find(room.seating.original_class)) targets.push_back(school::about(*row));
    if (const auto* group = district.find(room.seating.group))
      targets.push_back({.school = group->school, .grade = group->grade, .subject = group->subject});
  }
  if (targets.empty()) targets.push_back({});
  for (auto& target : targets) target.lead = lesson.lead();
  return targets;
}

school::Target target_of(const people::Directory& district, const school::Arrangement& lesson,
                         people::ClassId original_class) {
  auto target = school::about(*district.find(original_class));
  target.lead = lesson.lead();
  return target;
}

bool may_see_lesson(const Visitor& visitor, const school::Arrangement& lesson) {
  const auto named = [&](const school::Room& room) {
    return visitor.asker.staff && room.teacher == visitor.asker.staff;
  };
  return std::ranges::any_of(lesson.rooms, named) ||
         std::ranges::any_of(targets_of(*visitor.people, lesson), [&](const school::Target& target) {
           return visitor.may(Act::see_lessons, target) != Verdict::no;
         });
}

namespace {

bool may_in_every_room(const Visitor& visitor, const school::Arrangement& lesson, Act act) {
  return std::ranges::all_of(targets_of(*visitor.people, lesson), [&](const school::Target& target) {
    return visitor.may(act, target) == Verdict::yes;
  });
}

}  // namespace

bool may_manage_lesson(const Visitor& visitor, const school::Arrangement& lesson) {
  return may_in_every_room(visitor, lesson, Act::manage_lessons);
}

bool may_hold_lesson(const Visitor& visitor, const school::Arrangement& lesson) {
  return may_in_every_room(visitor, lesson, Act::hold);
}

Result<people::StaffId> staff_in(const people::Directory& district, const json& body, const char* field) {
  const auto value = body.find(field);
  if (value == body.end() || value->is_null()) return people::StaffId();
  const auto id = value->is_string() ? people::PublicId::parse(value->get<std::string>()) : std::nullopt;
  const people::Staff* staff = id ? district.staff(*id) : nullptr;
  if (!staff) return Error{Errc::not_found, "no such teacher", field};
  return staff->id;
}

namespace {

json describe(const Office& office, const Visitor& visitor, const school::Lesson& lesson) {
  const auto& arranged = office.arrangements.of(lesson.id);
  json about = lesson_json(lesson, office.live, office.plans);
  about["created_at"] = lesson.created.time_since_epoch().count();
  about["ended_at"] = wall_json(lesson.ended);
  about["mode"] = to_string(arranged.mode);
  about["lead"] = brief_json(visitor.people->find(arranged.lead()));
  about["rooms"] = json::array();
  for (const auto& room : arranged.rooms) about["rooms"].push_back(room_json(*visitor.people, room));
  const school::Target led{.lead = arranged.lead()};
  const bool publishes =
      visitor.may(Act::publish, led) == Verdict::yes || may_manage_lesson(visitor, arranged);
  about["publish_key"] = publishes ? json(lesson.publish_key) : json(nullptr);
  return about;
}

/// The lesson of the address, if the visitor may; null otherwise.
const school::Lesson* lesson_of(const Office& office, const Visitor& visitor, const Request& request,
                                bool manages) {
  const auto* lesson = office.lessons.find(request.param("id"));
  if (!lesson) return nullptr;
  const auto& arranged = office.arrangements.of(lesson->id);
  const bool may = manages ? may_manage_lesson(visitor, arranged) : may_see_lesson(visitor, arranged);
  return may ? lesson : nullptr;
}

/// Mode, rooms and lead as a request says them.
struct Plan {
  school::LessonMode mode = school::LessonMode::open;
  std::vector<school::Arrangements::RoomPlan> rooms = {};
  people::StaffId lead = {};
};

Result<school::Arrangements::RoomPlan> room_in(const people::Directory& district, const json& one) {
  const auto public_id = [&](const char* field) {
    const auto value = one.find(field);
    return value != one.end() && value->is_string() ? people::PublicId::parse(value->get<std::string>())
                                                    : std::nullopt;
  };
  school::Arrangements::RoomPlan room;
  if (!one.is_object()) return Error{Errc::invalid, "must be objects", "rooms"};
  if (const auto id = public_id("class")) {
    if (const auto* row = district.original_class(*id)) room.seating.original_class = row->id;
  } else if (const auto group = public_id("group")) {
    if (const auto* row = district.group(*group)) room.seating.group = row->id;
  }
  if (!room.seating.original_class && !room.seating.group)
    return Error{Errc::not_found, "no such class or group", "rooms"};
  auto teacher = staff_in(district, one, "teacher");
  if (!teacher) return std::move(teacher).error();
  room.teacher = *teacher;
  return room;
}

Result<Plan> plan_in(const people::Directory& district, const json& body) {
  Plan plan;
  const auto name = body.contains("mode") ? text_field(body, "mode") : Result<std::string>("open");
  if (!name) return Error(name.error());
  const auto mode = school::lesson_mode_from(*name);
  if (!mode) return Error{Errc::invalid, "open, class, layered or joint", "mode"};
  plan.mode = *mode;
  const json rooms = body.value("rooms", json::array());
  if (!rooms.is_array() || rooms.size() > school::kMaxRooms)
    return Error{Errc::invalid, "a list of at most 60", "rooms"};
  for (const auto& one : rooms) {
    auto room = room_in(district, one);
    if (!room) return std::move(room).error();
    plan.rooms.push_back(*room);
  }
  auto lead = staff_in(district, body, "lead");
  if (!lead) return std::move(lead).error();
  plan.lead = *lead;
  return plan;
}

/// What a plan would make, for asking whether the visitor may.
school::Arrangement sketch(const Plan& plan) {
  school::Arrangement lesson{.lesson = {}, .mode = plan.mode};
  for (const auto& room : plan.rooms) {
    school::Room made;
    made.seating = room.seating;
    lesson.rooms.push_back(std::move(made));
  }
  return lesson;
}

/// A plan that makes a lesson of that mode, in the visitor's own reach.
Result<Plan> checked_plan(const Visitor& visitor, const Request& request) {
  const auto body = json_body(request);
  if (!body) return Error(body.error());
  auto plan = plan_in(*visitor.people, *body);
  if (!plan) return plan;
  if (!may_manage_lesson(visitor, sketch(*plan))) return nothing_here();
  std::vector<school::Seating> seatings;
  for (const auto& room : plan->rooms) seatings.push_back(room.seating);
  if (auto fine = school::check_rooms(*visitor.people, plan->mode, seatings); !fine)
    return std::move(fine).error();
  return plan;
}

Result<void> arrange(const Office& office, const Visitor& visitor, const school::Lesson& lesson,
                     const Plan& plan) {
  auto arranged = office.arrangements.arrange(*visitor.people, lesson, plan.mode, plan.rooms, plan.lead);
  if (!arranged) return std::move(arranged).error();
  return {};
}

Result<std::optional<base::WallTime>> time_in(const json& body, const char* field) {
  const auto value = body.find(field);
  if (value == body.end() || value->is_null()) return std::optional<base::WallTime>();
  if (!value->is_number_integer() || value->get<std::int64_t>() <= 0)
    return Error{Errc::invalid, "milliseconds since 1970", field};
  return std::optional(base::WallTime(std::chrono::milliseconds(value->get<std::int64_t>())));
}

/// When a lesson made by hand is to be, and its card. The times of one that the timetable made are
/// the timetable's.
/// @return nothing when the body says nothing of it
Result<std::optional<schedule::LessonPlan>> planned_in(const json& body, const schedule::LessonPlan* known) {
  schedule::LessonPlan plan = known ? *known : schedule::LessonPlan();
  const bool timed = body.contains("planned_start") || body.contains("planned_end");
  if (timed) {
    if (plan.plan != 0) return Error{Errc::conflict, "the timetable says when it is", "planned_start"};
    const auto starts = time_in(body, "planned_start");
    if (!starts) return Error(starts.error());
    const auto ends = time_in(body, "planned_end");
    if (!ends) return Error(ends.error());
    plan.starts = starts->value_or(base::WallTime());
    plan.ends = ends->value_or(base::WallTime());
    const bool none = !*starts && !*ends;
    if (!none && (plan.ends <= plan.starts || plan.ends - plan.starts > kLongestLesson))
      return Error{Errc::invalid, "after planned_start, by a day at most", "planned_end"};
  }
  if (body.contains("card")) {
    auto card = school::timetable::card_from(plan.card, body.at("card"));
    if (!card) return std::move(card).error();
    plan.card = std::move(*card);
  }
  if (!timed && !body.contains("card")) return std::optional<schedule::LessonPlan>();
  return std::optional(std::move(plan));
}

Result<void> keep_plan(const Office& office, const std::string& lesson,
                       std::optional<schedule::LessonPlan> plan) {
  if (!plan) return {};
  plan->lesson = lesson;
  return office.plans.set(std::move(*plan));
}

void create(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
            const Respond& respond) {
  const auto plan = checked_plan(visitor, *request);
  if (!plan) return respond(problem(plan.error()));
  const auto body = json_body(*request);
  const auto title = text_field(*body, "title");
  if (!title) return respond(problem(title.error()));
  auto planned = planned_in(*body, nullptr);
  if (!planned) return respond(problem(planned.error()));
  const auto lesson = office.lessons.create(*title);
  if (!lesson) return respond(problem(lesson.error()));
  if (const auto done = arrange(office, visitor, *lesson, *plan); !done)
    return respond(problem(done.error()));
  if (const auto kept = keep_plan(office, lesson->id, std::move(*planned)); !kept)
    return respond(problem(kept.error()));
  Response made = json_response(describe(office, visitor, *lesson), 201);
  made.headers.emplace_back("Location", "/api/v1/lessons/" + lesson->id);
  respond(std::move(made));
}

void list(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
          Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  // Newest first; the cursor counts what was passed over.
  json items = json::array();
  json next = nullptr;
  std::uint32_t at = 0;
  for (const auto* lesson : office.lessons.newest()) {
    if (at++ < page->after || !may_see_lesson(visitor, office.arrangements.of(lesson->id))) continue;
    if (items.size() == page->limit) {
      next = std::to_string(at - 1);
      break;
    }
    items.push_back(describe(office, visitor, *lesson));
  }
  responder.send(tagged_json({{"items", std::move(items)}, {"next", std::move(next)}}));
}

OfficeHandler setting(school::LessonState state) {
  return [state](const Office& office, const Visitor& visitor, const auto& request, Responder responder) {
    const auto* lesson = lesson_of(office, visitor, *request, true);
    if (!lesson) return responder.fail(nothing_here());
    const std::string id = lesson->id;
    if (lesson->state != state) {
      if (const auto changed = office.set_state(id, state); !changed) return responder.fail(changed.error());
    }
    responder.send(json_response(describe(office, visitor, *office.lessons.find(id))));
  };
}

void put_rooms(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
               Responder responder) {
  const auto* lesson = lesson_of(office, visitor, *request, true);
  if (!lesson) return responder.fail(nothing_here());
  const auto plan = checked_plan(visitor, *request);
  if (!plan) return responder.fail(plan.error());
  if (const auto done = arrange(office, visitor, *lesson, *plan); !done) return responder.fail(done.error());
  responder.send(json_response(describe(office, visitor, *lesson)));
}

void change(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
            Responder responder) {
  const auto* lesson = lesson_of(office, visitor, *request, true);
  if (!lesson) return responder.fail(nothing_here());
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  auto planned = planned_in(*body, office.plans.of(lesson->id));
  if (!planned) return responder.fail(planned.error());
  if (const auto kept = keep_plan(office, lesson->id, std::move(*planned)); !kept)
    return responder.fail(kept.error());
  responder.send(json_response(describe(office, visitor, *lesson)));
}

void hand_over(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
               Responder responder) {
  const auto* lesson = lesson_of(office, visitor, *request, false);
  // The lead hands over herself, or the office does.
  const bool may =
      lesson &&
      (may_manage_lesson(visitor, office.arrangements.of(lesson->id)) ||
       visitor.may(Act::publish, {.lead = office.arrangements.of(lesson->id).lead()}) == Verdict::yes);
  if (!may) return responder.fail(nothing_here());
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto to = staff_in(*visitor.people, *body, "lead");
  if (!to) return responder.fail(to.error());
  const auto done = office.arrangements.hand_over(*visitor.people, *lesson, *to, base::wall_now());
  if (!done) return responder.fail(done.error());
  responder.send(json_response(describe(office, visitor, *lesson)));
}

void show(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
          Responder responder) {
  const auto* lesson = lesson_of(office, visitor, *request, false);
  lesson ? responder.send(tagged_json(describe(office, visitor, *lesson))) : responder.fail(nothing_here());
}

}  // namespace

void add_school_lesson_routes(Server& server, const Office& office) {
  add_office_routes(server, office, Where::control,
                    {{"GET", "/api/v1/lessons", list},
                     {"GET", "/api/v1/lessons/{id}", show},
                     {"PATCH", "/api/v1/lessons/{id}", change},
                     {"PUT", "/api/v1/lessons/{id}/rooms", put_rooms},
                     {"POST", "/api/v1/lessons/{id}/handover", hand_over},
                     {"POST", "/api/v1/lessons/{id}/start", setting(school::LessonState::open)},
                     {"POST", "/api/v1/lessons/{id}/end", setting(school::LessonState::ended)}});
  add_office_maker(server, office, "/api/v1/lessons", Where::control, create);
}

}  // namespace tongke::relay::http::api
