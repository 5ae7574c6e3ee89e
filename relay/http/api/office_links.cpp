#include <algorithm>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/office_device.hpp"
#include "relay/http/api/office_json.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "relay/http/api/own_lessons.hpp"
#include "school/exchange/sheet.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
using school::Act;
using school::Verdict;
using school::links::Person;
namespace links = school::links;
namespace people = school::people;

/// Whose links a request is about.
struct Subject {
  school::Target target = {};
  std::vector<Person> persons = {};
  school::Token own = {};  ///< the single person's own link
};

void add_pupil(Subject& subject, const people::Pupil& pupil) {
  subject.persons.push_back(links::person(pupil.id));
  subject.persons.push_back(links::person(pupil.home));
}

/// {"pupil"|"home"|"staff"|"class"|"school": id} in a body.
std::optional<Subject> subject_in(const Office& office, const people::Directory& district, const json& body) {
  const auto expires = base::wall_now() + office.links_valid;
  const auto id = [&](const char* kind) {
    const auto value = body.find(kind);
    return value != body.end() && value->is_string() ? people::PublicId::parse(value->get<std::string>())
                                                     : std::nullopt;
  };
  Subject subject;
  if (const auto* pupil = id("pupil") ? district.pupil(*id("pupil")) : nullptr) {
    subject = {school::about(district, *pupil),
               {links::person(pupil->id)},
               links::pupil_link(office.links, *pupil, "", expires)};
    return subject;
  }
  if (const auto* pupil = id("home_of") ? district.pupil(*id("home_of")) : nullptr) {
    subject = {school::about(district, *pupil),
               {links::person(pupil->home)},
               links::home_link(office.links, pupil->home, expires)};
    return subject;
  }
  if (const auto* staff = id("staff") ? district.staff(*id("staff")) : nullptr) {
    subject = {{.school = staff->school},
               {links::person(staff->id)},
               links::staff_link(office.links, staff->id, school::Role::teacher, "", expires)};
    return subject;
  }
  if (const auto* row = id("class") ? district.original_class(*id("class")) : nullptr) {
    subject.target = school::about(*row);
    for (const auto pupil : district.pupils_of(row->id)) add_pupil(subject, *district.find(pupil));
    return subject;
  }
  if (const auto* at = id("school") ? district.school(*id("school")) : nullptr) {
    subject.target = school::about(*at);
    for (const auto& pupil : district.pupils()) {
      if (pupil.id && pupil.school == at->id) add_pupil(subject, pupil);
    }
    for (const auto staff : district.staff_of(at->id)) subject.persons.push_back(links::person(staff));
    return subject;
  }
  return std::nullopt;
}

void make(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
          Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto subject = subject_in(office, *visitor.people, *body);
  if (!subject || subject->own.seat == 0) return responder.fail(nothing_here());
  answer_logged(office, visitor, *request, std::move(responder), Act::make_links, subject->target,
                [&office, own = subject->own] {
                  const std::string link = office.signer.issue(own);
                  return json_response({{"link", link},
                                        {"url", office.origin + "/l/" + link},
                                        {"expires_at", own.expires.time_since_epoch().count()}},
                                       201);
                });
}

/// Withdraws what these persons were given so far, and tells everybody who is connected.
void renew_all(const Office& office, const Visitor& visitor, const Subject& subject, Responder responder) {
  const auto shared = std::make_shared<Responder>(std::move(responder));
  school::Access entry{.at = base::wall_now(),
                       .staff = visitor.asker.staff,
                       .home = visitor.asker.home,
                       .act = std::string(to_string(Act::withdraw_links)),
                       .school = subject.target.school,
                       .original_class = subject.target.original_class,
                       .pupil = subject.target.pupil};
  office.people.change(
      [&office, persons = subject.persons, entry](people::Registry&,
                                                  school::store::Store& store) -> Result<void> {
        if (auto renewed = office.links.renew(store, persons); !renewed) return renewed;
        return office.access_log.note(store, entry);
      },
      office.control,
      [&office, shared, count = subject.persons.size()](const Result<void>& done) {
        office.links_withdrawn();
        done ? shared->send(json_response({{"renewed", count}})) : shared->fail(done.error());
      });
}

bool is_self(const Visitor& visitor, const Subject& subject) {
  return visitor.asker.staff && subject.persons.size() == 1 &&
         subject.persons.front() == links::person(visitor.asker.staff);
}

void renew(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
           Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  auto subject = subject_in(office, *visitor.people, *body);
  if (!subject) return responder.fail(nothing_here());
  std::ranges::sort(subject->persons);
  auto& persons = subject->persons;
  persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
  if (!is_self(visitor, *subject) && visitor.may(Act::withdraw_links, subject->target) != Verdict::yes)
    return responder.fail(nothing_here());
  renew_all(office, visitor, *subject, std::move(responder));
}

/// A counted link stands for nobody: whoever manages the lesson, or leads it, may withdraw it.
void withdraw_seat(const Office& office, const Visitor& visitor, const school::Token& token,
                   Responder responder) {
  const auto& arranged = office.arrangements.of(token.lesson);
  const bool leads = visitor.may(Act::publish, {.lead = arranged.lead()}) == Verdict::yes;
  if (!office.lessons.find(token.lesson) || (!leads && !may_manage_lesson(visitor, arranged)))
    return responder.fail(nothing_here());
  const auto shared = std::make_shared<Responder>(std::move(responder));
  office.people.change(
      [&office, token](people::Registry&, school::store::Store& store) {
        return office.links.withdraw_seat(store, token.lesson, token.seat);
      },
      office.control,
      [&office, shared](const Result<void>& done) {
        office.links_withdrawn();
        done ? shared->send(json_response({{"renewed", 1}})) : shared->fail(done.error());
      });
}

/// A link that got into wrong hands, by its text: all of its bearer's go.
void withdraw(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
              Responder responder) {
  const auto body = json_body(*request);
  if (!body) return responder.fail(body.error());
  const auto text = text_field(*body, "link");
  if (!text) return responder.fail(text.error());
  const auto now = base::wall_now();
  auto token = office.signer.verify(*text, now);
  if (!token) token = office.signer.verify_own(*text, now);
  if (!token) token = office.signer.verify_channel(*text, now);
  if (!token) return responder.fail(nothing_here());
  const auto bearer = links::bearer_of(*token);
  if (!bearer) return withdraw_seat(office, visitor, *token, std::move(responder));
  const auto& district = *visitor.people;
  Subject subject;
  const people::Pupil* child = nullptr;
  if (bearer->first == links::Bearer::staff) {
    const people::Staff* staff = district.find(people::StaffId{bearer->second});
    if (!staff) return responder.fail(nothing_here());
    subject = {{.school = staff->school}, {links::person(staff->id)}, {}};
  } else if (const auto screen = links::screen_of(*token)) {
    const auto* row = district.find(screen->original_class);
    const auto* at = district.find(row ? row->school : screen->school);
    if (!at) return responder.fail(nothing_here());
    subject = {row ? school::about(*row) : school::about(*at), {links::person(*screen)}, {}};
  } else if (bearer->first == links::Bearer::home) {
    const auto children = district.children_of({bearer->second});
    child = children.empty() ? nullptr : district.find(children.front());
  } else {
    child = district.find(people::PupilId{bearer->second});
  }
  if (child) {
    const bool own = bearer->first == links::Bearer::pupil;
    subject = {
        school::about(district, *child), {own ? links::person(child->id) : links::person(child->home)}, {}};
  }
  if (subject.persons.empty() ||
      (!is_self(visitor, subject) && visitor.may(Act::withdraw_links, subject.target) != Verdict::yes))
    return responder.fail(nothing_here());
  renew_all(office, visitor, subject, std::move(responder));
}

Response sheet_response(const school::exchange::Sheet& sheet, bool html) {
  const std::string text = html ? school::exchange::to_html(sheet) : school::exchange::to_csv(sheet);
  Response response;
  response.content_type = html ? "text/html; charset=utf-8" : "text/csv; charset=utf-8";
  response.headers = {{"Cache-Control", "no-store"},
                      {"Content-Disposition", html ? "inline" : "attachment; filename=\"links.csv\""}};
  response.body.emplace_back(std::vector<std::uint8_t>(text.begin(), text.end()));
  return response;
}

/// How links are to be handed out.
struct Paper {
  bool html = true;  ///< else CSV
  school::Language language = school::Language::zh;
};
Result<Paper> paper_of(const Request& request) {
  const std::string format = request.query("format").value_or("html");
  if (format != "html" && format != "csv") return Error{Errc::invalid, "html or csv", "format"};
  const bool english = request.query("language").value_or("zh") == "en";
  return Paper{.html = format == "html", .language = english ? school::Language::en : school::Language::zh};
}

/// A class's links to hand out: for one lesson, or each pupil's own, or each family's.
void sheet(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
           Responder responder) {
  const auto id = people::PublicId::parse(request->param("class"));
  const people::Class* row = id ? visitor.people->original_class(*id) : nullptr;
  if (!row) return responder.fail(nothing_here());
  const std::string lesson = request->query("lesson").value_or("");
  const auto paper = paper_of(*request);
  if (!paper) return responder.fail(paper.error());
  const std::string whose = request->query("of").value_or("pupils");
  if (whose != "pupils" && (whose != "homes" || !lesson.empty()))
    return responder.fail({Errc::invalid, "pupils, or homes without a lesson", "of"});
  if (!lesson.empty() &&
      (!office.lessons.find(lesson) || !may_see_lesson(visitor, office.arrangements.of(lesson))))
    return responder.fail({Errc::not_found, "no such lesson", "lesson"});
  answer_logged(office, visitor, *request, std::move(responder), Act::make_links, school::about(*row),
                [&office, district = visitor.people, original_class = row->id, school = row->school, lesson,
                 paper = *paper, homes = whose == "homes"] {
                  const auto expires = base::wall_now() + office.links_valid;
                  const auto link = [&](const people::Pupil& pupil) {
                    const auto token = homes ? links::home_link(office.links, pupil.home, expires)
                                             : links::pupil_link(office.links, pupil, lesson, expires);
                    return office.origin + (lesson.empty() ? "/l/" : "/w/") + office.signer.issue(token);
                  };
                  const school::exchange::SheetScope scope{.school = school,
                                                           .original_class = original_class};
                  return sheet_response(school::exchange::link_sheet(*district, scope, link, paper.language),
                                        paper.html);
                });
}

/// The links of a school's staff to hand out: each leads to the lesson that is theirs now.
void staff_sheet(const Office& office, const Visitor& visitor, const std::shared_ptr<const Request>& request,
                 Responder responder) {
  const auto id = people::PublicId::parse(request->param("school"));
  const people::School* at = id ? visitor.people->school(*id) : nullptr;
  if (!at) return responder.fail(nothing_here());
  const auto paper = paper_of(*request);
  if (!paper) return responder.fail(paper.error());
  answer_logged(
      office, visitor, *request, std::move(responder), Act::make_links, school::about(*at),
      [&office, district = visitor.people, school = at->id, paper = *paper] {
        const auto expires = base::wall_now() + office.links_valid;
        const auto link = [&](const people::Staff& staff) {
          const auto token = links::staff_link(office.links, staff.id, school::Role::teacher, "", expires);
          return office.origin + "/l/" + office.signer.issue(token);
        };
        return sheet_response(school::exchange::staff_link_sheet(*district, school, link, paper.language),
                              paper.html);
      });
}

void open_own(const Office& office, const Request& request, Responder responder) {
  const auto token = office.signer.verify_own(request.param("link"), base::wall_now());
  if (!token) return responder.fail({Errc::not_found, "no such link"});
  if (!knows_device(office, request, *token))
    return responder.send(problem(403, "new_device", "this device is asked for a guardian's number first"));
  responder.send(json_response(own_lessons_json(office, *token)));
}

void follow_own(const Office& office, const Request& request, Responder responder) {
  const auto token = office.signer.verify_own(request.param("link"), base::wall_now());
  if (!token) return responder.fail({Errc::not_found, "no such link"});
  if (!knows_device(office, request, *token)) return responder.send(digits_page("device.ask"));
  const auto own = own_lessons_json(office, *token);
  const std::string family = own.at("kind") == "home" ? "/family/" + std::string(request.param("link")) : "";
  Response response;
  response.status = 303;
  response.headers = {{"Location", best_page(own, base::wall_now(), family)},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"}};
  responder.send(std::move(response));
}

}  // namespace

void add_link_routes(Server& server, const Office& office) {
  add_office_routes(server, office, Where::control,
                    {{"POST", "/api/v1/links", make},
                     {"POST", "/api/v1/links/renew", renew},
                     {"POST", "/api/v1/links/withdraw", withdraw},
                     {"GET", "/api/v1/classes/{class}/links", sheet},
                     {"GET", "/api/v1/schools/{school}/links", staff_sheet}});
  server.route("GET", "/api/v1/links/{link}", Where::control,
               [&office](const auto& request, Responder responder) {
                 open_own(office, *request, std::move(responder));
               });
  server.route("GET", "/l/{link}", Where::control, [&office](const auto& request, Responder responder) {
    follow_own(office, *request, std::move(responder));
  });
}

}  // namespace tongke::relay::http::api
