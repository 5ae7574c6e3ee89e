#include "relay/http/api/office_device.hpp"

#include "base/xml_text.hpp"
#include "relay/http/api/office_cookie.hpp"
#include "relay/http/api/own_lessons.hpp"
#include "school/text.hpp"

namespace tongke::relay::http::api {
namespace {

using school::Language;

constexpr std::string_view kPage =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
    "content=\"noindex\"><title>@title</title>"
    "<style>body{font:20px/1.6 sans-serif;margin:2em auto;max-width:22em;padding:0 1em}"
    "input{font-size:2em;width:5em;letter-spacing:.2em}button{font-size:1.2em;padding:.4em "
    "1.2em}</style></head>"
    "<body><h1>@title</h1><p>@hint</p><form method=\"post\"><p><input name=\"digits\" inputmode=\"numeric\" "
    "pattern=\"[0-9]{4}\" maxlength=\"4\" autocomplete=\"off\" required autofocus aria-label=\"@title\"></p>"
    "<p><button>@open</button></p></form></body></html>";

std::string cookie_name(const school::Token& own) {
  return "tongke-device-" + std::string(to_string(own.role)) + "-" + std::to_string(own.seat);
}

std::string both(std::string_view key) {
  return base::xml_escaped(school::text(key, Language::zh) + " " + school::text(key, Language::en));
}

void put(std::string& page, std::string_view mark, const std::string& text) {
  for (auto at = page.find(mark); at != std::string::npos; at = page.find(mark, at + text.size()))
    page.replace(at, mark.size(), text);
}

enum class Attempt { right, wrong, too_often };

Attempt try_digits(const Office& office, const school::Token& own, const std::string& digits) {
  const auto people = office.people.current();
  const auto* home = school::links::home_to_ask(*people, own);
  if (!home) return Attempt::right;
  // By the family, not by the address: everybody who guesses at it shares the five tries.
  const std::string key = std::to_string(home->id.value);
  if (office.device_throttle.take(key, base::Steady::now())) return Attempt::too_often;
  if (digits.size() != 4 || !office.phones.matches(*home, digits)) return Attempt::wrong;
  office.device_throttle.give_back(key);
  return Attempt::right;
}

void remember(const Office& office, const school::Token& own, Response& response) {
  // Lax, as the link is opened from a chat.
  std::string cookie = cookie_name(own) + "=" + office.devices.make(own) +
                       "; Path=/; HttpOnly; SameSite=Lax; Max-Age=15552000";
  if (office.secure) cookie += "; Secure";
  response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

std::optional<school::Token> own_of(const Office& office, const Request& request) {
  return office.signer.verify_own(request.param("link"), base::wall_now());
}

void prove(const Office& office, const Request& request, Responder responder) {
  const auto own = own_of(office, request);
  if (!own) return responder.fail({base::Errc::not_found, "no such link"});
  const auto body = json_body(request);
  if (!body) return responder.fail(body.error());
  const auto digits = text_field(*body, "digits");
  if (!digits) return responder.fail(digits.error());
  switch (try_digits(office, *own, *digits)) {
    case Attempt::too_often: {
      auto response = problem(429, "too_many_attempts", "five tries were wrong; ask the school");
      response.headers.emplace_back("Retry-After", "600");
      return responder.send(std::move(response));
    }
    case Attempt::wrong:
      return responder.send(problem(403, "wrong_digits", "not the end of a guardian's number", "digits"));
    case Attempt::right:
      break;
  }
  Response response;
  response.status = 204;
  response.headers = {{"Cache-Control", "no-store"}};
  remember(office, *own, response);
  responder.send(std::move(response));
}

void prove_by_form(const Office& office, const Request& request, Responder responder) {
  const auto own = own_of(office, request);
  if (!own) return responder.fail({base::Errc::not_found, "no such link"});
  constexpr std::string_view kField = "digits=";
  const auto body = base::as_text(request.body());
  const auto attempt =
      try_digits(office, *own, body.starts_with(kField) ? std::string(body.substr(kField.size())) : "");
  if (attempt != Attempt::right)
    return responder.send(digits_page(attempt == Attempt::wrong ? "device.wrong" : "device.too_often"));
  Response response;
  response.status = 303;
  response.headers = {{"Location", std::string(request.path())}, {"Cache-Control", "no-store"}};
  remember(office, *own, response);
  responder.send(std::move(response));
}

}  // namespace

bool knows_device(const Office& office, const Request& request, const school::Token& own) {
  if (!school::links::home_to_ask(*office.people.current(), own)) return true;
  const auto cookies = request.header("Cookie");
  const auto proof = cookies ? cookie_value(*cookies, cookie_name(own)) : std::nullopt;
  return proof && office.devices.proves(*proof, own);
}

Response digits_page(std::string_view hint_key) {
  std::string page(kPage);
  put(page, "@title", both("device.title"));
  put(page, "@hint", both(hint_key));
  put(page, "@open", both("device.open"));
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {
      {"Cache-Control", "no-store"},
      {"Referrer-Policy", "no-referrer"},
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"}};
  response.body.emplace_back(std::vector<std::uint8_t>(page.begin(), page.end()));
  return response;
}

void add_device_routes(Server& server, const Office& office) {
  server.route(
      "POST", "/api/v1/links/{link}/device", Where::worker,
      [&office](const auto& request, Responder responder) { prove(office, *request, std::move(responder)); });
  server.route("POST", "/l/{link}", Where::worker, [&office](const auto& request, Responder responder) {
    prove_by_form(office, *request, std::move(responder));
  });
}

}  // namespace tongke::relay::http::api
