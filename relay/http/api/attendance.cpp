#include "relay/http/api/attendance.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "relay/http/api/attendance_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/attendance/class_report.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::attendance::ClassReport;
using school::attendance::Contact;
using school::attendance::PupilReport;
using school::exchange::Format;
namespace attendance = school::attendance;
namespace people = school::people;

using Shared = std::shared_ptr<const Attendance>;

/// How long a room may be without its teacher before its school is told.  @source requirements RM-3
constexpr std::chrono::minutes kUnwatchedAfter{5};

std::vector<ClassReport> reports_of(const Attendance& use, const people::Directory& district,
                                    const school::Lesson& lesson) {
  std::vector<ClassReport> reports;
  use.book.read(lesson.id, [&](const attendance::Ledger& ledger) {
    reports = attendance::report(district, use.office.arrangements.of(lesson.id), ledger,
                                 attendance::window_of(lesson, base::wall_now()));
  });
  return reports;
}

json counts_json(const people::Directory& district, const ClassReport& report) {
  json counts = states_json(report.counts);
  counts["class"] = brief_json(district.find(report.original_class));
  counts["expected"] = report.pupils.size();
  counts["absent"] = report.absent;
  return counts;
}

// ---- by what each was there last, here or in a lesson before ----

/// Lessons of the class that are looked through for whoever was not seen in this one.
constexpr std::size_t kLessonsBack = 5;

using Devices = std::map<people::PupilId, attendance::LastDevice>;

std::vector<const school::Lesson*> lessons_before(const Office& office, people::ClassId original_class,
                                                  base::WallTime began) {
  std::vector<const school::Lesson*> before;
  for (const auto& id : office.arrangements.lessons_of({.original_class = original_class, .group = {}})) {
    const auto* lesson = office.lessons.find(id);
    if (lesson && lesson->started && *lesson->started < began) before.push_back(lesson);
  }
  std::ranges::sort(before, std::ranges::greater(), [](const auto* lesson) { return *lesson->started; });
  before.resize(std::min(before.size(), kLessonsBack));
  return before;
}

Devices devices_of(const Attendance& use, const school::Lesson& lesson, people::ClassId original_class,
                   const std::vector<people::PupilId>& pupils) {
  Devices devices;
  const auto look = [&](const attendance::Ledger& ledger) {
    for (const auto pupil : pupils) {
      if (devices.contains(pupil)) continue;
      if (const auto last = attendance::last_device(ledger.find(school::kRosterSeats + pupil.value)))
        devices.emplace(pupil, *last);
    }
  };
  use.book.look_up(lesson.id, look);
  if (!lesson.started) return devices;
  for (const auto* before : lessons_before(use.office, original_class, *lesson.started)) {
    if (devices.size() == pupils.size()) break;
    use.book.look_up(before->id, look);
  }
  return devices;
}

json device_json(const Devices& devices, people::PupilId pupil) {
  const auto found = devices.find(pupil);
  if (found == devices.end()) return nullptr;
  const auto by = found->second.by;
  const char* name = by == attendance::Evidence::tv          ? "tv"
                     : by == attendance::Evidence::heartbeat ? "page"
                                                             : "player";
  return {{"by", name}, {"at", wall_json(found->second.at)}};
}

json pupil_line(const people::Directory& district, const school::Lesson& lesson, const Devices& devices,
                const PupilReport& line) {
  const auto now = base::wall_now();
  const auto& pupil = *district.find(line.pupil);
  json out = {{"pupil", {{"id", pupil.public_id.view()}, {"number", pupil.number}, {"name", pupil.name}}},
              {"state", to_string(line.state)},
              {"absent", line.absent},
              {"minutes", line.attended.count()},
              {"replay_minutes", line.replayed.count()}};
  out["declared"] = declared_json(line.declared);
  out["overdue"] = attendance::is_overdue(line, attendance::window_of(lesson, now), now);
  out["last_device"] = device_json(devices, line.pupil);
  out["last_seen"] = line.seen ? wall_json(line.seen->to) : json(nullptr);
  out["contact"] = line.contact ? json{{"by", to_string(line.contact->by)},
                                       {"way", to_string(line.contact->way)},
                                       {"at", wall_json(line.contact->at)}}
                                : json(nullptr);
  return out;
}

json named_json(const Attendance& use, const people::Directory& district, const school::Lesson& lesson,
                const ClassReport& report) {
  std::vector<people::PupilId> listed;
  for (const auto& line : report.pupils) {
    if (line.absent || line.state == attendance::State::unresolved) listed.push_back(line.pupil);
  }
  const auto devices = devices_of(use, lesson, report.original_class, listed);
  json out = counts_json(district, report);
  out["lesson"] = lesson.id;
  out["pupils"] = json::array();
  for (const auto& line : report.pupils) {
    if (line.absent || line.state == attendance::State::unresolved)
      out["pupils"].push_back(pupil_line(district, lesson, devices, line));
  }
  return out;
}

/// The class of a lesson that `?class=` names; nullptr for none.
const people::Class* class_of(const Visitor& visitor, const Request& request) {
  const auto id = people::PublicId::parse(request.query("class").value_or(""));
  return id ? visitor.people->original_class(*id) : nullptr;
}

/// Calls `answer` with the report of the class asked for, after the look is logged.
template <class Use>
void answer_class(const Shared& use, const Visitor& visitor, const Request& request, Responder responder,
                  Use answer) {
  const auto* lesson = use->office.lessons.find(request.param("id"));
  const auto* wanted = class_of(visitor, request);
  if (!lesson || !wanted) return responder.fail(nothing_here());
  auto reports = reports_of(*use, *visitor.people, *lesson);
  const auto report = std::ranges::find(reports, wanted->id, &ClassReport::original_class);
  if (report == reports.end()) return responder.fail(nothing_here());
  answer_logged(use->office, visitor, request, std::move(responder), Act::see_absent, school::about(*wanted),
                [answer = std::move(answer), district = visitor.people, lesson = *lesson,
                 report = std::move(*report)] { return answer(*district, lesson, report); });
}

// ---- the absent list ----

void show_absent(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  if (request.query("class")) {
    return answer_class(
        use, visitor, request, std::move(responder),
        [use](const people::Directory& district, const school::Lesson& lesson, const ClassReport& report) {
          return json_response(named_json(*use, district, lesson, report));
        });
  }
  const auto* lesson = use->office.lessons.find(request.param("id"));
  if (!lesson) return responder.fail(nothing_here());
  const auto& arranged = use->office.arrangements.of(lesson->id);
  json classes = json::array();
  for (const auto& report : reports_of(*use, *visitor.people, *lesson)) {
    const auto target = target_of(*visitor.people, arranged, report.original_class);
    if (visitor.may(Act::see_counts, target) == Verdict::yes)
      classes.push_back(counts_json(*visitor.people, report));
  }
  if (classes.empty() && !may_see_lesson(visitor, arranged)) return responder.fail(nothing_here());
  const auto window = attendance::window_of(*lesson, base::wall_now());
  responder.send(
      json_response({{"lesson", lesson->id},
                     {"title", lesson->title},
                     {"started_at", wall_json(lesson->started)},
                     {"seconds", std::chrono::floor<std::chrono::seconds>(window.to - window.from).count()},
                     {"classes", std::move(classes)}}));
}

// ---- what became of it ----

template <class E>
std::optional<E> named(const std::string& name, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (to_string(static_cast<E>(i)) == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

Result<Contact> contact_in(const json& body) {
  const auto by = text_field(body, "by");
  if (!by) return by.error();
  const auto way = text_field(body, "way");
  if (!way) return way.error();
  const auto reached = named<attendance::Reached>(*by, attendance::kReachedCount);
  if (!reached) return Error{Errc::invalid, "called, messaged or visited", "by"};
  const auto agreed = named<attendance::Way>(*way, attendance::kWayCount);
  if (!agreed) return Error{Errc::invalid, "none, tv, replay, package, visit or excused", "way"};
  return Contact{*reached, *agreed, base::wall_now()};
}

void note_contact(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const auto* lesson = use->office.lessons.find(request.param("id"));
  if (!lesson) return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto name = text_field(*body, "pupil");
  if (!name) return responder.fail(name.error());
  const auto contact = contact_in(*body);
  const auto id = people::PublicId::parse(*name);
  const people::Pupil* pupil = id ? visitor.people->pupil(*id) : nullptr;
  const bool expected = pupil && school::room_of(*visitor.people, use->office.arrangements.of(lesson->id),
                                                 pupil->id) != nullptr;
  const auto target = expected ? school::about(*visitor.people, *pupil) : school::Target{};
  if (!expected || visitor.may(Act::mark_contact, target) != Verdict::yes)
    return responder.fail(nothing_here());
  if (!contact) return responder.fail(contact.error());
  answer_logged(use->office, visitor, request, std::move(responder), Act::mark_contact, target,
                [use, district = visitor.people, lesson = *lesson, pupil = *pupil, contact = *contact] {
                  if (!use->book.note_contact(lesson.id, school::kRosterSeats + pupil.id.value, contact))
                    return problem(503, "overload", "not on disk yet; try again");
                  for (const auto& report : reports_of(*use, *district, lesson)) {
                    const auto line = std::ranges::find(report.pupils, pupil.id, &PupilReport::pupil);
                    if (line == report.pupils.end()) continue;
                    const auto devices = devices_of(*use, lesson, report.original_class, {pupil.id});
                    return json_response(pupil_line(*district, lesson, devices, *line));
                  }
                  return problem(404, "not_found", "nothing here for you");
                });
}

// ---- on paper ----

void show_sheet(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const std::string format = request.query("format").value_or("csv");
  if (format != "csv" && format != "xlsx") return responder.fail({Errc::invalid, "csv or xlsx", "format"});
  answer_class(use, visitor, request, std::move(responder),
               [kind = format == "xlsx" ? Format::xlsx : Format::csv, language = language_of(request),
                utc_offset = use->utc_offset](const people::Directory& district,
                                              const school::Lesson& /*lesson*/, const ClassReport& report) {
                 return sheet_response(attendance::sheet(district, report, language, utc_offset), kind);
               });
}

// ---- rooms without their teacher ----

void show_unwatched(const Shared& use, const Visitor& visitor, const Request& /*request*/,
                    Responder responder) {
  json items = json::array();
  const auto now = base::wall_now();
  for (const auto& [id, arranged] : use->office.arrangements.all()) {
    const auto* lesson = use->office.lessons.find(id);
    const bool on_air = lesson && lesson->started && lesson->state == school::LessonState::open;
    if (!on_air || now - *lesson->started < kUnwatchedAfter) continue;
    const auto here = use->watched(id, false);
    const auto ever = use->watched(id, true);
    for (const auto& room : arranged.rooms) {
      if (here.contains(room.public_id.str())) continue;
      school::Arrangement one = arranged;
      one.rooms = {room};
      const auto target = targets_of(*visitor.people, one).front();
      if (visitor.may(Act::see_counts, target) != Verdict::yes) continue;
      items.push_back(
          {{"lesson", id},
           {"title", lesson->title},
           {"room", room_json(*visitor.people, room)},
           {"was_here", ever.contains(room.public_id.str())},
           {"minutes", std::chrono::floor<std::chrono::minutes>(now - *lesson->started).count()}});
    }
  }
  responder.send(json_response({{"items", std::move(items)}}));
}

}  // namespace

void add_attendance_routes(Server& server, const Attendance& attendance) {
  const auto use = std::make_shared<const Attendance>(attendance);
  const auto route = [&](std::string_view method, std::string_view pattern, auto handler) {
    add_office_route(server, use->office, method, pattern, Where::control,
                     [use, handler](const Office& /*office*/, const Visitor& visitor,
                                    const std::shared_ptr<const Request>& request, Responder responder) {
                       handler(use, visitor, *request, std::move(responder));
                     });
  };
  route("GET", "/api/v1/lessons/{id}/absent", show_absent);
  route("GET", "/api/v1/lessons/{id}/attendance", show_sheet);
  route("POST", "/api/v1/lessons/{id}/contacts", note_contact);
  route("GET", "/api/v1/unwatched-rooms", show_unwatched);
}

}  // namespace tongke::relay::http::api
