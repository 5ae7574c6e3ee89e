#include "relay/http/api/add_routes.hpp"
#include "relay/http/api/json_body.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/routes.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using nlohmann::json;

Response nothing() {
  Response response;
  response.status = 204;
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

/// The six digits of {"code": "482913"}; empty for anything else.
std::string code_in(const Request& request) {
  const auto body = json_body(request);
  const auto digits = body ? text_field(*body, "code") : base::Result<std::string>(body.error());
  const bool fits =
      digits && digits->size() == 6 && digits->find_first_not_of("0123456789") == std::string::npos;
  return fits ? *digits : std::string();
}

void show(const TvRoutes& use, const Request& /*request*/, Responder responder) {
  const auto shown = use.televisions.show(base::Steady::now());
  if (!shown) return responder.fail(shown.error());
  const auto lasts = std::chrono::seconds(school::Televisions::kCodeLasts).count();
  responder.send(json_response({{"code", shown->code}, {"key", shown->key}, {"lasts", lasts}}, 201));
}

void ask(const TvRoutes& use, const Request& request, Responder responder) {
  const auto link = use.televisions.link_of(request.param("key"), base::Steady::now());
  if (!link) return responder.fail(link.error());
  responder.send(json_response({{"link", link->empty() ? json(nullptr) : json(*link)}}));
}

/// Who holds a link: a pupil in all of its lessons, so that the phone lets go of the television after
/// both have gone on to the next; a counted link stands for itself.
std::string holder_of(const school::Token& token, const std::string& link) {
  const bool somebody = token.seat >= school::kRosterSeats;
  return somebody ? std::string(to_string(token.role)) + " " + std::to_string(token.seat) : link;
}

/// Calls `act` with the holder of the address's link if it is anybody's.
template <class Act>
void with_link(const TvRoutes& use, const Request& request, Responder responder, Act act) {
  const std::string link(request.param("link"));
  const auto token = use.signer.verify(link, base::wall_now());
  if (!token) return responder.fail({Errc::not_found, "no such link"});
  act(holder_of(*token, link), std::move(responder));
}

void is_on(const TvRoutes& use, const Request& request, Responder responder) {
  with_link(use, request, std::move(responder), [&](const std::string& holder, Responder answer) {
    answer.send(json_response({{"paired", use.televisions.is_paired(holder, base::Steady::now())}}));
  });
}

void put_on(const TvRoutes& use, const Request& request, Responder responder) {
  with_link(use, request, std::move(responder), [&](const std::string& holder, Responder answer) {
    const std::string code = code_in(request);
    if (code.empty()) return answer.fail({Errc::invalid, "must be six digits", "code"});
    const auto paired =
        use.televisions.pair(holder, std::string(request.param("link")), code, base::Steady::now());
    paired ? answer.send(nothing()) : answer.fail(paired.error());
  });
}

void take_off(const TvRoutes& use, const Request& request, Responder responder) {
  with_link(use, request, std::move(responder), [&](const std::string& holder, Responder answer) {
    use.televisions.unpair(holder);
    answer.send(nothing());
  });
}

}  // namespace

void add_tv_routes(Server& server, const TvRoutes& use) {
  add_routes(server, use,
             {{"POST", "/api/v1/tvs", Where::control, show},
              {"GET", "/api/v1/tvs/{key}", Where::control, ask},
              {"GET", "/api/v1/watch/{link}/tv", Where::control, is_on},
              {"PUT", "/api/v1/watch/{link}/tv", Where::control, put_on},
              {"DELETE", "/api/v1/watch/{link}/tv", Where::control, take_off}});
}

}  // namespace tongke::relay::http::api
