#pragma once

#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/executor.hpp"
#include "relay/http/api/json_body.hpp"
#include "relay/http/api/repeats.hpp"
#include "relay/http/server.hpp"
#include "relay/live/directory.hpp"
#include "school/access_log.hpp"
#include "school/accounts/accounts.hpp"
#include "school/accounts/hasher.hpp"
#include "school/accounts/sessions.hpp"
#include "school/accounts/throttle.hpp"
#include "school/approvals.hpp"
#include "school/arrangements.hpp"
#include "school/lessons.hpp"
#include "school/links/device_proof.hpp"
#include "school/links/link_book.hpp"
#include "school/people/keeper.hpp"
#include "school/people/phone.hpp"
#include "school/permissions.hpp"
#include "school/schedule/plans.hpp"
#include "school/token.hpp"

/// What office pages, teachers' desks and families ask of the school: /api/v1/session, schools,
/// classes, pupils, imports, links, lessons. People sign in (cookie or bearer session); a family or
/// pupil shows its own link as bearer. What one may see or do, school/permissions says alone;
/// "no" is answered like "not there".
namespace tongke::relay::http::api {

/// What the routes use; all of it outlives the server.
struct Office {
  base::Executor& control;
  school::people::Keeper& people;
  school::accounts::Accounts& accounts;
  school::accounts::Sessions& sessions;
  school::accounts::Hasher& hasher;
  school::accounts::Throttle& account_throttle;
  school::accounts::Throttle& address_throttle;
  school::accounts::Throttle& device_throttle;  ///< by home
  school::AccessLog& access_log;
  school::Approvals& approvals;
  school::links::LinkBook& links;
  Repeats& repeats;
  const school::TokenSigner& signer;
  const school::people::PhoneMarker& phones;
  const school::links::DeviceProof& devices;
  school::Lessons& lessons;            ///< control's
  school::Arrangements& arrangements;  ///< control's
  school::schedule::Plans& plans;      ///< control's
  live::Directory& live;               ///< control's
  /// Opens or ends a lesson, with all that follows.  @thread control
  std::function<base::Result<void>(const std::string& lesson, school::LessonState state)> set_state;
  /// Links were withdrawn: whoever is connected with one must go.  @thread control
  std::function<void()> links_withdrawn;
  std::chrono::milliseconds links_valid{};
  std::string origin;   ///< of printed addresses: "https://live.example.cn"
  bool secure = false;  ///< cookies over TLS only
};

void add_session_routes(Server& server, const Office& office);
void add_account_routes(Server& server, const Office& office);
void add_approval_routes(Server& server, const Office& office);
void add_people_routes(Server& server, const Office& office);
void add_pupil_routes(Server& server, const Office& office);
void add_link_routes(Server& server, const Office& office);
void add_school_lesson_routes(Server& server, const Office& office);

/// Who asks.
struct Visitor {
  school::Asker asker = {};
  std::string name = {};     ///< the account's login; "" for a family or pupil
  std::string session = {};  ///< the session's token
  school::people::Snapshot people = {};

  [[nodiscard]] school::Verdict may(school::Act act, const school::Target& target) const {
    return school::may(*people, asker, act, target);
  }
  /// The child that the path's `{pupil}` names; nullptr for none.
  [[nodiscard]] const school::people::Pupil* pupil(const Request& request) const {
    const auto id = school::people::PublicId::parse(request.param("pupil"));
    return id ? people->pupil(*id) : nullptr;
  }
  /// As what the visitor looks at a child: a family at its own data, or staff.
  [[nodiscard]] school::Act looks_as(const school::Target& target) const {
    return may(school::Act::own_data, target) == school::Verdict::yes ? school::Act::own_data
                                                                      : school::Act::see_names;
  }
};

/// Who asks, by session cookie, bearer session or bearer link; who does not is answered 401, and a
/// changing request by cookie without its CSRF token 403.  @thread any
[[nodiscard]] std::optional<Visitor> admit(const Office& office, const Request& request,
                                           Responder& responder);

/// A pupil or family with its own link, at a device that may open it; everybody else is nobody.  @thread any
[[nodiscard]] std::optional<Visitor> by_link(const Office& office, const Request& request,
                                             std::string_view link);

/// Registers a handler that is called with who asks. `where` = control when it needs what is control's.
using OfficeHandler =
    std::function<void(const Office&, const Visitor&, const std::shared_ptr<const Request>&, Responder)>;
void add_office_route(Server& server, const Office& office, std::string_view method, std::string_view pattern,
                      Where where, OfficeHandler handler);
/// The same for staff who are signed in: a link is no session.
void add_staff_route(Server& server, const Office& office, std::string_view method, std::string_view pattern,
                     Where where, OfficeHandler handler);
/// Either, for a table of them.
struct OfficeRoute {
  std::string_view method;
  std::string_view pattern;
  OfficeHandler handle;
};
void add_office_routes(Server& server, const Office& office, Where where,
                       std::initializer_list<OfficeRoute> routes);
void add_staff_routes(Server& server, const Office& office, Where where,
                      std::initializer_list<OfficeRoute> routes);
/// The same for a POST that makes something: sent again with its `Idempotency-Key`, it is answered
/// as the first time. The handler answers by what it is given.
using Respond = std::function<void(Response)>;
using OfficeMaker =
    std::function<void(const Office&, const Visitor&, const std::shared_ptr<const Request>&, const Respond&)>;
void add_office_maker(Server& server, const Office& office, std::string_view pattern, Where where,
                      OfficeMaker make);

/// A line of the access log: this visitor, now.
[[nodiscard]] school::Access access_of(const Visitor& visitor, school::Act act, const school::Target& target);

/// Answers with `answer()` if the visitor may, after the look is in the access log. Where a look needs a
/// reason, `?approval=` names the wish that somebody of the school's office has agreed to.
void answer_logged(const Office& office, const Visitor& visitor, const Request& request, Responder responder,
                   school::Act act, const school::Target& target, std::function<Response()> answer);

/// JSON that its asker may keep and ask for again by its ETag.
[[nodiscard]] Response tagged_json(const nlohmann::json& body);
[[nodiscard]] std::string etag_of(const nlohmann::json& body);

/// Where a page of a list begins and how long it is: `?cursor=` and `?limit=`.
struct Page {
  std::uint32_t after = 0;
  std::size_t limit = 50;
};
/// @errors invalid (field "cursor" or "limit": 1 to 200)
[[nodiscard]] base::Result<Page> page_of(const Request& request);
/// {"items":[…],"next":cursor|null} of what follows `page.after` in an ordered list of rows.
template <class Ids, class Use>
[[nodiscard]] nlohmann::json page_json(const Page& page, const Ids& ids, Use use) {
  nlohmann::json items = nlohmann::json::array();
  nlohmann::json next = nullptr;
  std::uint32_t last = 0;
  for (const auto& id : ids) {
    if (id.value <= page.after) continue;
    if (items.size() == page.limit) {
      next = std::to_string(last);
      break;
    }
    items.push_back(use(id));
    last = id.value;
  }
  return {{"items", std::move(items)}, {"next", std::move(next)}};
}

[[nodiscard]] inline base::Error nothing_here() { return {base::Errc::not_found, "nothing here for you"}; }

}  // namespace tongke::relay::http::api
