#include "relay/http/api/feedback.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "relay/http/api/feedback_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/on_store.hpp"
#include "relay/http/api/with.hpp"
#include "school/feedback/book.hpp"
#include "school/links/issue.hpp"
#include "school/rooms.hpp"
#include "school/store/feedback_table.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::feedback::Feedback;
using school::store::Store;
namespace feedback = school::feedback;
namespace people = school::people;

using Shared = std::shared_ptr<const FeedbackRoutes>;

// ---- lessons that can be talked of ----

/// When it was over, be it that nobody ended it; none: it is not, or never was on air.
std::optional<base::WallTime> ended_at(const Office& office, const school::Lesson& lesson,
                                       base::WallTime now) {
  if (!lesson.started) return std::nullopt;
  if (lesson.state == school::LessonState::ended) return lesson.ended;
  const auto* plan = office.plans.of(lesson.id);
  const auto live = office.live.find(lesson.id);
  const bool on_air = live && live->on_air() == live::OnAir::live;
  return plan && plan->ends > plan->starts && plan->ends <= now && !on_air ? std::optional(plan->ends)
                                                                           : std::nullopt;
}

bool is_open(const Office& office, const school::Lesson& lesson, base::WallTime now) {
  const auto ended = ended_at(office, lesson, now);
  return ended && now < *ended + feedback::kLessonOpen;
}

bool is_said(const std::vector<Feedback>& all, const std::string& lesson) {
  return std::ranges::count(all, lesson, &Feedback::lesson) > 0;
}

/// Those of a child that nobody has talked of yet, the last first.  @thread control
json open_lessons_json(const Office& office, const people::Directory& district, const people::Pupil& pupil,
                       const std::vector<Feedback>& said, base::WallTime now) {
  std::vector<std::pair<base::WallTime, const school::Lesson*>> open;
  for (const auto& id : office.arrangements.lessons_of(district, pupil)) {
    const auto* lesson = office.lessons.find(id);
    if (lesson && is_open(office, *lesson, now) && !is_said(said, id))
      open.emplace_back(*ended_at(office, *lesson, now), lesson);
  }
  std::ranges::sort(open, std::ranges::greater());
  json list = json::array();
  for (const auto& [ended, lesson] : open)
    list.push_back({{"id", lesson->id}, {"title", lesson->title}, {"ended_at", wall_json(ended)}});
  return list;
}

// ---- what is said ----

Result<Feedback> said_in(const json& body) {
  Feedback said;
  const auto read = [&](const char* name, auto& tap, auto from) -> Result<void> {
    const auto word = text_field(body, name);
    if (!word) return word.error();
    const auto known = from(*word);
    if (!known) return Error{Errc::invalid, "none of the answers there are", name};
    tap = *known;
    return {};
  };
  if (auto fine = read("picture", said.taps.picture, feedback::mark_from); !fine) return fine.error();
  if (auto fine = read("sound", said.taps.sound, feedback::mark_from); !fine) return fine.error();
  if (auto fine = read("pace", said.taps.pace, feedback::pace_from); !fine) return fine.error();
  if (!body.contains("text")) return said;
  auto text = text_field(body, "text");
  if (!text) return std::move(text).error();
  said.text = std::move(*text);
  return said;
}

/// Keeps it as of now, and answers with it.
void keep(const Shared& use, const people::Pupil& pupil, Feedback said, Responder responder) {
  said.pupil = pupil.id;
  said.school = pupil.school;
  said.original_class = pupil.original_class;
  said.said = base::wall_now();
  on_store<Feedback>(
      use->office, std::move(responder),
      [said = std::move(said), use](Store& store) -> Result<Feedback> {
        const auto people = use->office.people.current();
        if (!people->find(said.pupil)) return nothing_here();  // erased meanwhile
        return feedback::give(store, *people, said, use->rule.zone);
      },
      [use](const Feedback& kept) {
        const auto people = use->office.people.current();
        return json_response(
            feedback_json(kept, {.people = *people, .rule = use->rule, .now = base::wall_now()}), 201);
      });
}

/// What is said of a lesson, when the child may: it sat there, and it is over, not long ago.
/// @thread control
Result<Feedback> about_lesson(const Office& office, const people::Directory& district,
                              const people::Pupil& pupil, const std::string& id, Feedback said) {
  const auto* lesson = office.lessons.find(id);
  if (!lesson || !room_of(district, office.arrangements.of(id), pupil.id)) return nothing_here();
  if (!is_open(office, *lesson, base::wall_now()))
    return Error{Errc::conflict, "not over yet, or too long ago", "lesson"};
  said.lesson = lesson->id;
  said.lesson_title = lesson->title;
  return said;
}

// ---- on the family's page ----

void show(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* pupil = visitor.pupil(request);
  if (!pupil || !visitor.asker.home ||
      visitor.may(Act::see_tickets, school::about(*visitor.people, *pupil)) != Verdict::yes)
    return responder.fail(nothing_here());
  on_store<std::vector<Feedback>>(
      use->office, std::move(responder),
      [id = pupil->id](Store& store) { return school::store::load_feedback_of(store, id); },
      [use, people = visitor.people, id = pupil->id](const std::vector<Feedback>& all) {
        const TicketView view{.people = *people, .rule = use->rule, .now = base::wall_now()};
        const auto week = school::timetable::Week::of(use->rule.zone.local(view.now).date);
        json items = json::array();
        for (const Feedback& said : all) items.push_back(feedback_json(said, view));
        const bool said = std::ranges::any_of(
            all, [&](const Feedback& one) { return one.lesson.empty() && one.week == week; });
        return json_response(
            {{"week", school::timetable::format_date(week.monday)},
             {"said", said},
             {"items", std::move(items)},
             {"lessons", open_lessons_json(use->office, *people, *people->find(id), all, view.now)}});
      });
}

/// Of the week for the family alone; of a lesson for the child too.
void give(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* pupil = visitor.pupil(request);
  if (!pupil || visitor.may(Act::give_feedback, school::about(*visitor.people, *pupil)) != Verdict::yes)
    return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  if (!body->contains("lesson") && !visitor.asker.home) return responder.fail(nothing_here());
  auto said = said_in(*body);
  if (said && body->contains("lesson")) {
    const auto lesson = text_field(*body, "lesson");
    if (!lesson) return responder.fail(lesson.error());
    said = about_lesson(use->office, *visitor.people, *pupil, *lesson, std::move(*said));
  }
  if (!said) return responder.fail(said.error());
  keep(use, *pupil, std::move(*said), std::move(responder));
}

// ---- on the lesson's page, by its own link ----

/// Whose seat the link is for; nullptr where whoever holds it may say nothing.
const people::Pupil* speaker(const Office& office, const people::Directory& district,
                             const school::Token& token) {
  const people::Pupil* pupil = school::links::seated(token, district);
  if (!pupil || !room_of(district, office.arrangements.of(token.lesson), pupil->id)) return nullptr;
  const bool family = token.role == school::Role::guardian;
  const school::Asker asker = family ? school::Asker{.home = pupil->home} : school::Asker{.pupil = pupil->id};
  return may(district, asker, Act::give_feedback, school::about(district, *pupil)) == Verdict::yes ? pupil
                                                                                                   : nullptr;
}

/// Whether there is something to ask: nothing of what was said leaves by this link.
void ask(const Shared& use, const Request& request, Responder responder) {
  const Office& office = use->office;
  const auto now = base::wall_now();
  const auto token = office.signer.verify(request.param("link"), now);
  const auto* lesson = token ? office.lessons.find(token->lesson) : nullptr;
  if (!lesson) return responder.fail(nothing_here());
  const auto people = office.people.current();
  const auto* pupil = speaker(office, *people, *token);
  if (!pupil || !is_open(office, *lesson, now)) return responder.send(json_response({{"open", false}}));
  on_store<std::vector<Feedback>>(
      office, std::move(responder),
      [id = pupil->id](Store& store) { return school::store::load_feedback_of(store, id); },
      [id = lesson->id](const std::vector<Feedback>& all) {
        return json_response({{"open", !is_said(all, id)}});
      });
}

void give_by_link(const Shared& use, const Request& request, Responder responder) {
  const Office& office = use->office;
  const auto token = office.signer.verify(request.param("link"), base::wall_now());
  const auto people = office.people.current();
  const auto* pupil = token ? speaker(office, *people, *token) : nullptr;
  if (!pupil) return responder.fail(nothing_here());
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  auto said = said_in(*body);
  if (said) said = about_lesson(office, *people, *pupil, token->lesson, std::move(*said));
  if (!said) return responder.fail(said.error());
  keep(use, *pupil, std::move(*said), std::move(responder));
}

}  // namespace

void add_feedback_routes(Server& server, const FeedbackRoutes& routes) {
  const auto use = std::make_shared<const FeedbackRoutes>(routes);
  // On control, which knows the lessons; the database is read and written elsewhere.
  add_office_routes(server, use->office, Where::control,
                    {{"GET", "/api/v1/pupils/{pupil}/feedback", with(use, show)},
                     {"POST", "/api/v1/pupils/{pupil}/feedback", with(use, give)}});
  server.route("GET", "/api/v1/watch/{link}/feedback", Where::control,
               [use](const auto& request, Responder responder) { ask(use, *request, std::move(responder)); });
  server.route(
      "POST", "/api/v1/watch/{link}/feedback", Where::control,
      [use](const auto& request, Responder responder) { give_by_link(use, *request, std::move(responder)); });
}

}  // namespace tongke::relay::http::api
