#include <algorithm>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/on_store.hpp"
#include "school/exchange/report_json.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
namespace exchange = school::exchange;
namespace people = school::people;

template <class Row>
const Row* found(const Row* row, const Visitor& visitor, Act act) {
  return row && visitor.may(act, school::about(*row)) != Verdict::no ? row : nullptr;
}

const people::School* school_of(const Visitor& visitor, const Request& request) {
  const auto id = people::PublicId::parse(request.param("school"));
  return id ? found(visitor.people->school(*id), visitor, Act::see_school) : nullptr;
}

const people::Class* class_of(const Visitor& visitor, const Request& request) {
  const auto id = people::PublicId::parse(request.param("class"));
  return id ? found(visitor.people->original_class(*id), visitor, Act::see_school) : nullptr;
}

std::size_t active_in(const people::Directory& district, people::ClassId id) {
  return static_cast<std::size_t>(std::ranges::count_if(district.pupils_of(id), [&](people::PupilId pupil) {
    return district.find(pupil)->standing == people::Standing::active;
  }));
}

void list_schools(const Office& /*office*/, const Visitor& visitor,
                  const std::shared_ptr<const Request>& request, Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  std::vector<people::SchoolId> ids;
  for (const auto& school : visitor.people->schools()) {
    if (school.id && visitor.may(Act::see_school, school::about(school)) != Verdict::no)
      ids.push_back(school.id);
  }
  responder.send(tagged_json(
      page_json(*page, ids, [&](people::SchoolId id) { return brief_json(visitor.people->find(id)); })));
}

void list_classes(const Office& /*office*/, const Visitor& visitor,
                  const std::shared_ptr<const Request>& request, Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  const people::School* school = school_of(visitor, *request);
  if (!school) return responder.fail(nothing_here());
  const auto of_school = visitor.people->classes_of(school->id);
  std::vector<people::ClassId> ids(of_school.begin(), of_school.end());
  std::ranges::sort(ids);
  responder.send(tagged_json(page_json(*page, ids, [&](people::ClassId id) {
    const people::Class& row = *visitor.people->find(id);
    const school::Target target = school::about(row);
    json one = brief_json(&row);
    const auto sees = [&](Act act) { return visitor.may(act, target) != Verdict::no; };
    one["pupils"] = sees(Act::see_counts) ? json(active_in(*visitor.people, id)) : json(nullptr);
    one["homeroom"] = sees(Act::see_staff) ? brief_json(visitor.people->find(row.homeroom)) : json(nullptr);
    return one;
  })));
}

void list_staff(const Office& /*office*/, const Visitor& visitor,
                const std::shared_ptr<const Request>& request, Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  const people::School* school = school_of(visitor, *request);
  if (!school || visitor.may(Act::see_staff, school::about(*school)) == Verdict::no)
    return responder.fail(nothing_here());
  const auto of_school = visitor.people->staff_of(school->id);
  std::vector<people::StaffId> ids(of_school.begin(), of_school.end());
  std::erase_if(ids, [&](people::StaffId id) {
    return visitor.people->find(id)->standing != people::Standing::active;
  });
  std::ranges::sort(ids);
  responder.send(tagged_json(
      page_json(*page, ids, [&](people::StaffId id) { return brief_json(visitor.people->find(id)); })));
}

void list_pupils(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
                 Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  const people::Class* row = class_of(visitor, *request);
  if (!row) return responder.fail(nothing_here());
  answer_logged(office, visitor, *request, std::move(responder), Act::see_names, school::about(*row),
                [page = *page, id = row->id, district = visitor.people] {
                  const auto of_class = district->pupils_of(id);
                  std::vector<people::PupilId> ids(of_class.begin(), of_class.end());
                  std::ranges::sort(ids);
                  return tagged_json(page_json(page, ids, [&](people::PupilId pupil) {
                    return pupil_json(*district, *district->find(pupil));
                  }));
                });
}

/// A school's office changes its own school. Who has duties beyond a school is the district's own, so
/// it can give nobody hands that reach further than its own.
Result<void> stays_inside(const people::Changes& changes, people::SchoolId school) {
  const auto here = [&](const auto& row) { return row.school == school; };
  const bool inside = std::ranges::all_of(changes.pupils, here) &&
                      std::ranges::all_of(changes.classes, here) &&
                      std::ranges::all_of(changes.staff, here) && std::ranges::all_of(changes.groups, here) &&
                      std::ranges::all_of(changes.schools, [&](const auto& row) { return row.id == school; });
  if (inside) return {};
  return Error{Errc::not_found, "the list names a school that is not yours", "school"};
}

struct ImportOrder {
  std::string file;
  exchange::ImportJob job;
};

/// What is to be imported, and where: by the district anywhere, by a school's office at home.
Result<ImportOrder> import_order(const Visitor& visitor, const Request& request) {
  const auto flag = [&](const char* name) { return request.query(name).value_or("") == "true"; };
  ImportOrder order{.file = request.query("file").value_or("import.csv"), .job = {}};
  order.job.dry_run = flag("dry_run");
  order.job.skip_bad = flag("skip_bad");
  if (visitor.may(Act::change_people, {}) == Verdict::yes) {
    order.job.options.school = request.query("school").value_or("");
    order.job.options.new_schools = flag("new_schools");
    return order;
  }
  const people::Staff* staff = visitor.people->find(visitor.asker.staff);
  const people::School* school = staff ? visitor.people->find(staff->school) : nullptr;
  if (!school || visitor.may(Act::change_people, school::about(*school)) != Verdict::yes)
    return nothing_here();
  if (const auto named = request.query("school"); named && *named != school->name) return nothing_here();
  order.job.options.school = school->name;
  order.job.allowed = [id = school->id](const people::Changes& changes) { return stays_inside(changes, id); };
  return order;
}

void import(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
            const Respond& respond) {
  auto order = import_order(visitor, *request);
  if (!order) return respond(problem(order.error()));
  const auto said = std::make_shared<json>();
  office.people.change(
      [&office, request, order = std::move(*order), said, staff = visitor.asker.staff](
          people::Registry& registry, school::store::Store& store) -> Result<void> {
        auto table = exchange::read_table(order.file, request->body());
        if (!table) return std::move(table).error();
        auto imported =
            exchange::import_tables(registry, store, {std::move(*table)}, office.phones, order.job);
        if (!imported) return std::move(imported).error();
        *said = exchange::to_json(*imported);
        if (!imported->applied) return {};
        const people::School* school = registry.current()->school_named(order.job.options.school);
        return office.access_log.note(store, {.at = base::wall_now(),
                                              .staff = staff,
                                              .act = std::string(to_string(Act::change_people)),
                                              .school = school ? school->id : people::SchoolId()});
      },
      office.control,
      [respond, said](const Result<void>& done) {
        respond(done ? json_response(*said) : problem(done.error()));
      });
}

/// Of one child (`?pupil=`) or of a school (`?school=`).
std::optional<school::Target> log_target(const Visitor& visitor, const Request& request) {
  std::optional<school::Target> target;
  if (const auto id = people::PublicId::parse(request.query("pupil").value_or(""))) {
    if (const auto* pupil = visitor.people->pupil(*id)) target = school::about(*visitor.people, *pupil);
  } else if (const auto at = people::PublicId::parse(request.query("school").value_or(""))) {
    if (const auto* school = visitor.people->school(*at)) target = school::about(*school);
  }
  if (!target || visitor.may(Act::see_access_log, *target) == Verdict::no) return std::nullopt;
  return target;
}

void list_accesses(const Office& office, const Visitor& visitor,
                   const std::shared_ptr<const Request>& request, Responder responder) {
  const auto page = page_of(*request);
  if (!page) return responder.fail(page.error());
  const auto target = log_target(visitor, *request);
  if (!target) return responder.fail(nothing_here());
  const school::AccessLog::Query query{.school = target->school,
                                       .original_class = target->original_class,
                                       .pupil = target->pupil,
                                       .before = page->after,
                                       .limit = page->limit};
  on_store<std::vector<school::Access>>(
      office, std::move(responder),
      [&log = office.access_log, query](school::store::Store& store) { return log.read(store, query); },
      [limit = page->limit, district = visitor.people](const std::vector<school::Access>& rows) {
        json items = json::array();
        for (const auto& entry : rows) items.push_back(access_json(*district, entry));
        const bool more = rows.size() == limit;
        return json_response({{"items", std::move(items)},
                              {"next", more ? json(std::to_string(rows.back().id)) : json(nullptr)}});
      });
}

}  // namespace

void add_people_routes(Server& server, const Office& office) {
  add_office_routes(server, office, Where::worker,
                    {{"GET", "/api/v1/schools", list_schools},
                     {"GET", "/api/v1/schools/{school}/classes", list_classes},
                     {"GET", "/api/v1/schools/{school}/staff", list_staff},
                     {"GET", "/api/v1/classes/{class}/pupils", list_pupils},
                     {"GET", "/api/v1/accesses", list_accesses}});
  add_office_maker(server, office, "/api/v1/imports", Where::worker, import);
}

}  // namespace tongke::relay::http::api
