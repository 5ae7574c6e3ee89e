#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_json.hpp"
#include "school/clean_text.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
namespace people = school::people;

constexpr std::size_t kLongestName = 60;

void show(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
          Responder responder) {
  const people::Pupil* pupil = visitor.pupil(*request);
  if (!pupil) return responder.fail(nothing_here());
  const auto target = school::about(*visitor.people, *pupil);
  answer_logged(office, visitor, *request, std::move(responder), visitor.looks_as(target), target,
                [district = visitor.people, id = pupil->id] {
                  return tagged_json(pupil_json(*district, *district->find(id)));
                });
}

/// Applies a patch; `office` says whether class and standing may change too.
Result<people::Pupil> patched(const people::Directory& district, people::Pupil pupil, const json& patch,
                              bool office) {
  for (const auto& [key, value] : patch.items()) {
    const auto text = value.is_string() ? value.get<std::string>() : std::string();
    if (key == "name") {
      if (text.empty() || text.size() > kLongestName || !school::is_clean_text(text))
        return Error{Errc::invalid, "1 to 60 bytes on one line", "name"};
      pupil.name = text;
    } else if (key == "condition") {
      const auto condition = people::condition_from(text);
      if (!condition) return Error{Errc::invalid, "unknown condition", "condition"};
      pupil.condition = *condition;
    } else if (key == "standing" && office) {
      if (text != "active" && text != "left") return Error{Errc::invalid, "active or left", "standing"};
      pupil.standing = text == "active" ? people::Standing::active : people::Standing::left;
    } else if (key == "class" && office) {
      const auto id = people::PublicId::parse(text);
      const people::Class* row = id ? district.original_class(*id) : nullptr;
      if (!row || row->school != pupil.school) return Error{Errc::invalid, "no such class", "class"};
      pupil.original_class = row->id;
    } else {
      return Error{Errc::invalid, "cannot be changed", key};
    }
  }
  return pupil;
}

/// @errors not_found: erased meanwhile; conflict: no longer what If-Match names; invalid, io
Result<people::Pupil> correct_row(people::Registry& registry, school::store::Store& store, people::PupilId id,
                                  const std::string& match, const json& patch, bool office) {
  const auto& district = *registry.current();
  const people::Pupil* pupil = district.find(id);
  if (!pupil) return nothing_here();
  if (match != "*" && match != etag_of(pupil_json(district, *pupil)))
    return Error{Errc::conflict, "changed meanwhile", "If-Match"};
  auto changed = patched(district, *pupil, patch, office);
  if (!changed) return std::move(changed).error();
  people::Changes changes;
  changes.pupils = {*changed};
  if (auto saved = registry.commit(store, changes); !saved) return std::move(saved).error();
  return changed;
}

void correct(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
             Responder responder) {
  const people::Pupil* pupil = visitor.pupil(*request);
  if (!pupil) return responder.fail(nothing_here());
  const auto target = school::about(*visitor.people, *pupil);
  if (visitor.may(Act::correct_pupil, target) != Verdict::yes) return responder.fail(nothing_here());
  const auto match = request->header("If-Match");
  if (!match) return responder.send(problem(428, "precondition_required", "If-Match is needed"));
  auto patch = json_body(*request);
  if (!patch) return responder.fail(patch.error());
  const bool whole = visitor.may(Act::change_people, target) == Verdict::yes;
  const auto shared = std::make_shared<Responder>(std::move(responder));
  office.people.change(
      [&office, id = pupil->id, match = std::string(*match), patch = std::move(*patch), whole,
       entry = access_of(visitor, Act::correct_pupil, target)](people::Registry& registry,
                                                               school::store::Store& store) -> Result<void> {
        if (auto done = correct_row(registry, store, id, match, patch, whole); !done)
          return std::move(done).error();
        return office.access_log.note(store, entry);
      },
      office.control,
      [&office, shared, id = pupil->id](const Result<void>& done) {
        if (!done && done.error().kind == Errc::conflict)
          return shared->send(problem(412, "precondition_failed", done.error().message));
        if (!done) return shared->fail(done.error());
        const auto now = office.people.current();
        const people::Pupil* row = now->find(id);
        row ? shared->send(tagged_json(pupil_json(*now, *row))) : shared->fail(nothing_here());
      });
}

}  // namespace

void add_pupil_routes(Server& server, const Office& office) {
  add_office_routes(server, office, Where::worker,
                    {{"GET", "/api/v1/pupils/{pupil}", show}, {"PATCH", "/api/v1/pupils/{pupil}", correct}});
}

}  // namespace tongke::relay::http::api
