#include <algorithm>
#include <memory>
#include <optional>

#include "relay/http/api/access.hpp"
#include "relay/http/api/attendance.hpp"
#include "relay/http/api/attendance_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "school/attendance/overview.hpp"
#include "school/links/issue.hpp"
#include "school/timetable/when.hpp"

// Attendance of many lessons: a day of a school or a district, a term of a pupil.
namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::attendance::OverviewBy;
using school::attendance::OverviewLine;
using school::exchange::Format;
namespace attendance = school::attendance;
namespace people = school::people;

using Shared = std::shared_ptr<const Attendance>;

/// Control does other things every so often.
constexpr std::chrono::milliseconds kSlice{5};
constexpr std::chrono::days kLongest{31};

/// Lessons looked through one after the other on control, a few milliseconds at a time.
struct Walk {
  std::vector<std::string> lessons;  ///< ids
  std::function<void(const school::Lesson& lesson, const attendance::Ledger& ledger)> each;
  std::function<void()> done;
  std::size_t next = 0;
};

void go_on(const Shared& use, const std::shared_ptr<Walk>& walk) {
  const auto until = base::Steady::now() + kSlice;
  while (walk->next < walk->lessons.size() && base::Steady::now() < until) {
    const std::string& id = walk->lessons[walk->next++];
    if (const auto* const lesson = use->office.lessons.find(id))
      use->book.look_up(id, [&](const attendance::Ledger& ledger) { walk->each(*lesson, ledger); });
  }
  if (walk->next == walk->lessons.size()) return walk->done();
  use->office.control.post([use, walk] { go_on(use, walk); });
}

/// Whether a lesson counts: it has begun, and was no drill.
bool was_held(const Office& office, const school::Lesson& lesson) {
  return lesson.started && !office.plans.is_drill(lesson.id);
}

// ---- a school, a district ----

/// What an overview is asked for.
struct Wish {
  base::WallTime from{};
  base::WallTime to{};
  people::SchoolId school = {};
  OverviewBy by = OverviewBy::lesson;
  std::optional<Format> format = {};  ///< none: JSON
  school::Language language = school::Language::zh;
};

Result<base::WallTime> day_in(const Request& request, const char* name, std::chrono::minutes utc_offset) {
  const auto asked = request.query(name);
  const auto now = base::wall_now() + utc_offset;
  const auto today = std::chrono::floor<std::chrono::days>(now);
  if (!asked) return base::WallTime(today) - utc_offset;
  const auto date = school::timetable::parse_date(*asked);
  if (!date) return Error{Errc::invalid, "a day, as 2026-09-01", name};
  return base::WallTime(std::chrono::sys_days(date->time_since_epoch())) - utc_offset;
}

Result<Wish> wish_in(const Attendance& use, const Visitor& visitor, const Request& request) {
  Wish wish;
  const auto from = day_in(request, "from", use.utc_offset);
  if (!from) return from.error();
  const auto to = day_in(request, request.query("to") ? "to" : "from", use.utc_offset);
  if (!to) return to.error();
  wish.from = *from;
  wish.to = *to + std::chrono::days(1);
  if (wish.to <= wish.from || wish.to - wish.from > kLongest)
    return Error{Errc::invalid, "1 to 31 days", "to"};
  if (const auto asked = request.query("school")) {
    const auto id = people::PublicId::parse(*asked);
    const auto* const row = id ? visitor.people->school(*id) : nullptr;
    if (!row) return Error{Errc::not_found, "no such school", "school"};
    wish.school = row->id;
  }
  const auto by = attendance::overview_by_from(request.query("by").value_or("lesson"));
  if (!by) return Error{Errc::invalid, "lesson, class or school", "by"};
  wish.by = *by;
  const std::string format = request.query("format").value_or("json");
  if (format != "json" && format != "csv" && format != "xlsx")
    return Error{Errc::invalid, "json, csv or xlsx", "format"};
  if (format != "json") wish.format = format == "xlsx" ? Format::xlsx : Format::csv;
  wish.language = language_of(request);
  return wish;
}

json overview_json(const people::Directory& district, const std::vector<OverviewLine>& lines) {
  json items = json::array();
  for (const OverviewLine& line : lines) {
    json item = states_json(line.counts);
    item["lesson"] = line.lesson ? json{{"id", line.lesson->id},
                                        {"title", line.lesson->title},
                                        {"started_at", wall_json(line.lesson->started)}}
                                 : json(nullptr);
    item["school"] = brief_json(district.find(line.school));
    item["class"] = brief_json(district.find(line.original_class));
    item["lessons"] = line.lessons;
    item["expected"] = line.expected;
    item["absent"] = line.absent;
    item["minutes"] = line.attended.count();
    item["replay_minutes"] = line.replayed.count();
    items.push_back(std::move(item));
  }
  return {{"items", std::move(items)}};
}

void show_overview(const Shared& use, const Visitor& visitor, const std::shared_ptr<const Request>& request,
                   Responder responder) {
  if (!visitor.asker.staff) return responder.fail(nothing_here());
  const auto wish = wish_in(*use, visitor, *request);
  if (!wish) return responder.fail(wish.error());
  auto walk = std::make_shared<Walk>();
  for (const school::Lesson* lesson : use->office.lessons.newest()) {
    if (was_held(use->office, *lesson) && *lesson->started >= wish->from && *lesson->started < wish->to)
      walk->lessons.push_back(lesson->id);
  }
  const auto lines = std::make_shared<std::vector<OverviewLine>>();
  walk->each = [use, visitor, wish = *wish, lines](const auto& lesson, const auto& ledger) {
    const auto& arranged = use->office.arrangements.of(lesson.id);
    const auto window = attendance::window_of(lesson, base::wall_now());
    for (const auto& report : attendance::report(*visitor.people, arranged, ledger, window)) {
      const auto target = target_of(*visitor.people, arranged, report.original_class);
      if (wish.school && target.school != wish.school) continue;
      if (visitor.may(Act::see_counts, target) == Verdict::yes)
        lines->push_back(attendance::overview_line(*visitor.people, lesson, report));
    }
  };
  walk->done = [use, district = visitor.people, wish = *wish, lines,
                responder = std::make_shared<Responder>(std::move(responder))] {
    const auto all = attendance::summed(*district, std::move(*lines), wish.by);
    responder->send(wish.format ? sheet_response(attendance::overview_sheet(*district, all, wish.language,
                                                                            use->utc_offset),
                                                 *wish.format)
                                : json_response(overview_json(*district, all)));
  };
  go_on(use, walk);
}

// ---- a pupil ----

/// The page of a lesson that is over, for who asks with the pupil's or its family's own link; null when
/// there is nothing to see. It is good for as long as that link is.
std::function<json(const school::Lesson&)> replays_for(const Shared& use, const Visitor& visitor,
                                                       const Request& request, const people::Pupil& pupil) {
  const auto link = bearer_token(request);
  const auto own = link ? use->office.signer.verify_own(*link, base::wall_now()) : std::nullopt;
  if (!own) return [](const auto&) { return json(nullptr); };
  const auto make = visitor.asker.home ? school::links::guardian_link : school::links::pupil_link;
  return [use, make, pupil, expires = own->expires](const school::Lesson& lesson) {
    if (lesson.state != school::LessonState::ended || !use->has_replay(lesson.id)) return json(nullptr);
    return json("/w/" + use->office.signer.issue(make(use->office.links, pupil, lesson.id, expires)));
  };
}

/// A pupil's lessons with what became of each, newest first; who looks is logged.
void show_term(const Shared& use, const Visitor& visitor, const std::shared_ptr<const Request>& request,
               Responder responder) {
  const people::Pupil* pupil = visitor.pupil(*request);
  if (!pupil) return responder.fail(nothing_here());
  const auto target = school::about(*visitor.people, *pupil);
  const Act act = visitor.looks_as(target);
  if (visitor.may(act, target) == Verdict::no) return responder.fail(nothing_here());
  struct Term {
    json lessons = json::array();
    attendance::StateCounts counts{};
  };
  const auto term = std::make_shared<Term>();
  auto walk = std::make_shared<Walk>();
  std::vector<const school::Lesson*> held;
  for (const auto& id : use->office.arrangements.lessons_of(*visitor.people, *pupil)) {
    const auto* const lesson = use->office.lessons.find(id);
    if (lesson && was_held(use->office, *lesson)) held.push_back(lesson);
  }
  std::ranges::sort(held, std::ranges::greater(), [](const auto* lesson) { return *lesson->started; });
  for (const auto* lesson : held) walk->lessons.push_back(lesson->id);
  walk->each = [term, id = pupil->id, replay = replays_for(use, visitor, *request, *pupil)](
                   const auto& lesson, const auto& ledger) {
    const auto line = attendance::report_of({.pupil = id}, ledger.find(school::kRosterSeats + id.value),
                                            attendance::window_of(lesson, base::wall_now()));
    ++term->counts.at(static_cast<std::size_t>(line.state));
    term->lessons.push_back({{"id", lesson.id},
                             {"title", lesson.title},
                             {"started_at", wall_json(lesson.started)},
                             {"state", to_string(line.state)},
                             {"declared", declared_json(line.declared)},
                             {"minutes", line.attended.count()},
                             {"replay_minutes", line.replayed.count()},
                             {"replay", replay(lesson)}});
  };
  const auto shared = std::make_shared<Responder>(std::move(responder));
  walk->done = [use, visitor, request, act, target, term, shared] {
    answer_logged(use->office, visitor, *request, std::move(*shared), act, target, [term] {
      return json_response({{"counts", states_json(term->counts)}, {"lessons", term->lessons}});
    });
  };
  go_on(use, walk);
}

}  // namespace

void add_attendance_overview_routes(Server& server, const Attendance& attendance) {
  const auto use = std::make_shared<const Attendance>(attendance);
  const auto with = [&](auto handler) {
    return [use, handler](const Office& /*office*/, const Visitor& visitor,
                          const std::shared_ptr<const Request>& request,
                          Responder responder) { handler(use, visitor, request, std::move(responder)); };
  };
  add_office_routes(server, use->office, Where::control,
                    {{"GET", "/api/v1/attendance", with(show_overview)},
                     {"GET", "/api/v1/pupils/{pupil}/attendance", with(show_term)}});
}

}  // namespace tongke::relay::http::api
