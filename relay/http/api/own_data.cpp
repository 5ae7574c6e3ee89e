#include "relay/http/api/own_data.hpp"

#include <memory>

#include "relay/http/api/feedback_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/own_data_json.hpp"
#include "school/store/feedback_table.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Result;
using nlohmann::json;
using school::Access;
using school::AccessLog;
using school::Act;
using school::Verdict;
namespace people = school::people;

using Shared = std::shared_ptr<const OwnData>;

/// Looks at a child that one export lists.
constexpr std::size_t kMostAccesses = 2000;

// ---- taking it out ----

/// An export on its way from thread to thread.
struct Export {
  people::Snapshot district;
  people::PupilId pupil;
  std::vector<Access> accesses = {};
  std::vector<school::feedback::Feedback> feedback = {};
  bool sees_accesses = false;
  bool more_accesses = false;
};

Result<void> read_accesses(const AccessLog& log, school::store::Store& store, AccessLog::Query query,
                           Export& out) {
  query.limit = AccessLog::kMostRows;
  while (out.accesses.size() < kMostAccesses) {
    auto rows = log.read(store, query);
    if (!rows) return std::move(rows).error();
    out.accesses.insert(out.accesses.end(), rows->begin(), rows->end());
    if (rows->size() < query.limit) return {};
    query.before = rows->back().id;
  }
  out.more_accesses = true;
  return {};
}

json export_json(const Export& from, const OwnLessons& lessons, const school::feedback::Rule& tickets) {
  const people::Directory& district = *from.district;
  const people::Pupil& row = *district.find(from.pupil);
  json all = pupil_json(district, row);
  all["groups"] = json::array();
  for (const people::GroupId group : district.groups_of(row.id))
    all["groups"].push_back(district.find(group)->name);
  const people::Home* home = district.find(row.home);
  all["guardian_phones_known"] = home ? home->phones.size() : 0;
  all["lessons"] = json::array();
  const auto now = base::wall_now();
  for (const OwnLesson& lesson : lessons.lessons) all["lessons"].push_back(own_json(district, lesson, now));
  all["feedback"] = json::array();
  for (const auto& said : from.feedback)
    all["feedback"].push_back(feedback_json(said, {.people = district, .rule = tickets, .now = now}));
  all["accesses"] = from.sees_accesses ? json::array() : json(nullptr);
  for (const Access& entry : from.accesses) all["accesses"].push_back(access_json(district, entry));
  all["truncated"] = lessons.truncated || from.more_accesses;
  return all;
}

void answer_export(const OwnData& use, const std::shared_ptr<Export>& out,
                   const std::shared_ptr<Responder>& responder) {
  use.collect(out->district, out->pupil,
              [out, responder, tickets = use.tickets](const Result<OwnLessons>& lessons) {
                if (!lessons) return responder->fail(lessons.error());
                Response response = json_response(export_json(*out, *lessons, tickets));
                response.headers.emplace_back("Content-Disposition", "attachment; filename=\"pupil.json\"");
                responder->send(std::move(response));
              });
}

/// All that is kept of a child: the roster's row, its lessons, and who looked at it.
void take_out(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* pupil = visitor.pupil(request);
  if (!pupil) return responder.fail(nothing_here());
  const auto target = school::about(*visitor.people, *pupil);
  if (visitor.may(Act::own_data, target) != Verdict::yes) return responder.fail(nothing_here());
  const auto out = std::make_shared<Export>(Export{.district = visitor.people, .pupil = pupil->id});
  out->sees_accesses = visitor.may(Act::see_access_log, target) == Verdict::yes;
  const auto shared = std::make_shared<Responder>(std::move(responder));
  use->office.people.writer().submit(
      [use, out,
       entry = access_of(visitor, Act::own_data, target)](school::store::Store& store) -> Result<void> {
        auto& log = use->office.access_log;
        if (auto noted = log.note(store, entry); !noted) return noted;
        auto said = school::store::load_feedback_of(store, out->pupil);
        if (!said) return std::move(said).error();
        out->feedback = std::move(*said);
        if (!out->sees_accesses) return {};
        return read_accesses(
            log, store,
            {.school = entry.school, .original_class = entry.original_class, .pupil = entry.pupil}, *out);
      },
      use->office.control,
      [use, out, shared](const Result<void>& noted) {
        noted ? answer_export(*use, out, shared) : shared->fail(noted.error());
      });
}

/// The same by the link in the path, for browsers that save only what an address answers (WeChat's).
/// A device that does not know the link is sent to where it can prove itself.
void take_out_by_link(const Shared& use, const Request& request, Responder responder) {
  const std::string link(request.param("link"));
  if (const auto visitor = by_link(use->office, request, link))
    return take_out(use, *visitor, request, std::move(responder));
  if (!use->office.signer.verify_own(link, base::wall_now())) return responder.fail(nothing_here());
  Response elsewhere;
  elsewhere.status = 303;
  elsewhere.headers = {{"Location", "/l/" + link}, {"Cache-Control", "no-store"}};
  responder.send(std::move(elsewhere));
}

// ---- erasing it ----

/// A family's right, and the office's duty on its behalf. What stays is numbers.
void erase(const Shared& use, const Visitor& visitor, const Request& request, Responder responder) {
  const people::Pupil* pupil = visitor.pupil(request);
  if (!pupil) return responder.fail(nothing_here());
  const auto target = school::about(*visitor.people, *pupil);
  const bool family =
      static_cast<bool>(visitor.asker.home) && visitor.may(Act::own_data, target) == Verdict::yes;
  if (!family && visitor.may(Act::change_people, target) != Verdict::yes)
    return responder.fail(nothing_here());
  const auto shared = std::make_shared<Responder>(std::move(responder));
  const auto answer = [shared](const Result<void>& done) {
    if (!done) return shared->fail(done.error());
    Response gone;
    gone.status = 204;
    shared->send(std::move(gone));
  };
  use->office.people.change(
      [use, id = pupil->id, entry = access_of(visitor, family ? Act::own_data : Act::change_people, target)](
          people::Registry& registry, school::store::Store& store) -> Result<void> {
        if (!registry.current()->find(id)) return nothing_here();  // erased meanwhile
        if (auto noted = use->announce(id); !noted) return noted;
        people::Changes changes;
        changes.erased_pupils = {id};
        if (auto saved = registry.commit(store, changes); !saved) return std::move(saved).error();
        return use->office.access_log.note(store, entry);
      },
      use->office.control,
      [use, id = pupil->id, answer](const Result<void>& done) {
        done ? use->erase(id, answer) : answer(done);
      });
}

}  // namespace

void add_own_data_routes(Server& server, const OwnData& own_data) {
  const auto use = std::make_shared<const OwnData>(own_data);
  const auto route = [&](std::string_view method, std::string_view pattern, auto handler) {
    add_office_route(server, use->office, method, pattern, Where::worker,
                     [use, handler](const Office& /*office*/, const Visitor& visitor,
                                    const std::shared_ptr<const Request>& request, Responder responder) {
                       handler(use, visitor, *request, std::move(responder));
                     });
  };
  route("GET", "/api/v1/pupils/{pupil}/export", take_out);
  route("DELETE", "/api/v1/pupils/{pupil}", erase);
  server.route("GET", "/api/v1/links/{link}/pupils/{pupil}/export", Where::worker,
               [use](const auto& request, Responder responder) {
                 take_out_by_link(use, *request, std::move(responder));
               });
}

}  // namespace tongke::relay::http::api
