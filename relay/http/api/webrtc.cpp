#include <charconv>

#include "relay/http/api/access.hpp"
#include "relay/http/api/add_routes.hpp"
#include "relay/http/api/routes.hpp"
#include "relay/webrtc/endpoint.hpp"
#include "relay/webrtc/service.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;
using webrtc::Purpose;

constexpr std::string_view kSdp = "application/sdp";
constexpr std::string_view kFragment = "application/trickle-ice-sdpfrag";
constexpr auto kMayWatch = {school::Role::pupil,    school::Role::guardian, school::Role::lead,
                            school::Role::teacher,  school::Role::office,   school::Role::technician,
                            school::Role::inspector};

/// Pages of other origins may use these addresses: the key or token is what counts, and the
/// browser attaches none by itself.
Response with_cors(Response response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  response.headers.emplace_back("Access-Control-Expose-Headers", "Location, ETag, Link, WWW-Authenticate");
  return response;
}

void fail(Responder& responder, const Error& error) {
  auto response = refused(error);
  // RFC 9725 section 4.2: well-formed, but nothing both sides can do.
  if (error.kind == Errc::unavailable && error.message.starts_with("nothing to"))
    response = problem(422, "no_common_codec", error.message);
  responder.send(with_cors(std::move(response)));
}

void unauthorized(Responder& responder) {
  auto response = problem(401, "unauthorized", "a bearer token is needed");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  responder.send(with_cors(std::move(response)));
}

bool has_type(const Request& request, std::string_view type) {
  const auto header = request.header("Content-Type").value_or("");
  return header.substr(0, header.find(';')) == type;
}

/// `?limit=`: bits per second that a viewer wants at most; without one, or with nonsense, all there is.
std::uint64_t limit_of(const Request& request) {
  const std::string text(request.query("limit").value_or(""));
  std::uint64_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  return error == std::errc() && limit > 0 ? limit : UINT64_MAX;
}

webrtc::Service::Request offer_of(const Request& request) {
  const std::string peer(request.peer());
  const auto endpoint = webrtc::Endpoint::parse(peer, 0);
  return {.lesson = std::string(request.param("lesson")),
          .offer = std::string(base::as_text(request.body())),
          .peer = peer,
          .pass = {},
          .from_this_machine = endpoint && endpoint->is_loopback()};
}

Response created(std::string_view door, const std::string& lesson, const webrtc::Service::Answer& answer) {
  Response response;
  response.status = 201;
  response.content_type = kSdp;
  response.headers = {{"Location", std::string(door) + "/" + lesson + "/" + answer.session},
                      {"ETag", answer.etag},
                      {"Accept-Patch", std::string(kFragment)},
                      {"Cache-Control", "no-store"}};
  response.body.emplace_back(std::vector<std::uint8_t>(answer.sdp.begin(), answer.sdp.end()));
  return with_cors(std::move(response));
}

void post(const WebRtcRoutes& use, Purpose purpose, const Request& request, Responder responder) {
  const std::string token = presented_token(request);
  if (token.empty()) return unauthorized(responder);
  auto asked = offer_of(request);
  if (purpose == Purpose::watch) {
    const auto allowed = require(request, use.signer, asked.lesson, kMayWatch);
    if (!allowed) return fail(responder, allowed.error());
    if (const auto shown = use.may_see(*allowed); !shown) return fail(responder, shown.error());
    const auto device = device_of(request);
    if (!use.seat(*allowed, device)) return responder.send(with_cors(third_device()));
    asked.pass = school::links::pass_of(token, device);
    asked.limit = limit_of(request);
  }
  if (!has_type(request, kSdp)) {
    responder.send(with_cors(problem(415, "unsupported_media_type", "the body must be application/sdp")));
    return;
  }
  const auto answer =
      purpose == Purpose::watch ? use.service.watch(asked) : use.service.publish(asked, token);
  if (!answer) return fail(responder, answer.error());
  responder.send(created(purpose == Purpose::watch ? "/whep" : "/whip", asked.lesson, *answer));
}

// The session's name in the address is the right to it: it is as long as a key.
void patch(const WebRtcRoutes& use, const Request& request, Responder responder) {
  if (!has_type(request, kFragment)) {
    responder.send(with_cors(
        problem(415, "unsupported_media_type", "the body must be application/trickle-ice-sdpfrag")));
    return;
  }
  const auto etag = request.header("If-Match");
  if (!etag) {
    responder.send(with_cors(problem(428, "precondition_required", "If-Match is needed")));
    return;
  }
  const auto patched =
      use.service.patch(offer_of(request), std::string(request.param("session")), std::string(*etag));
  if (!patched && patched.error().kind == Errc::conflict) {
    responder.send(with_cors(problem(412, "precondition_failed", patched.error().message)));
    return;
  }
  if (!patched) return fail(responder, patched.error());
  Response response;
  response.status = 204;
  if (!patched->fragment.empty()) {
    response.status = 200;
    response.content_type = kFragment;
    response.headers = {{"ETag", patched->etag}, {"Cache-Control", "no-store"}};
    response.body.emplace_back(std::vector<std::uint8_t>(patched->fragment.begin(), patched->fragment.end()));
  }
  responder.send(with_cors(std::move(response)));
}

void remove(const WebRtcRoutes& use, const Request& request, Responder responder) {
  const auto removed =
      use.service.remove(std::string(request.param("lesson")), std::string(request.param("session")));
  if (!removed) return fail(responder, removed.error());
  responder.send(with_cors({}));
}

void preflight(const WebRtcRoutes& /*use*/, const Request& /*request*/, Responder responder) {
  Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS"},
                      {"Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match"},
                      {"Access-Control-Max-Age", "86400"},
                      {"Accept-Post", std::string(kSdp)}};
  responder.send(with_cors(std::move(response)));
}

}  // namespace

void add_webrtc_routes(Server& server, const WebRtcRoutes& use) {
  for (const auto& [door, purpose] :
       {std::pair("/whip", Purpose::publish), std::pair("/whep", Purpose::watch)}) {
    const std::string lesson = door + std::string("/{lesson}");
    const std::string session = lesson + "/{session}";
    const auto open = [purpose = purpose](const WebRtcRoutes& u, const Request& request,
                                          Responder responder) {
      post(u, purpose, request, std::move(responder));
    };
    add_routes(server, use,
               {{"POST", lesson, Where::control, open},
                {"PATCH", session, Where::control, patch},
                {"DELETE", session, Where::control, remove},
                {"OPTIONS", lesson, Where::control, preflight},
                {"OPTIONS", session, Where::control, preflight}});
  }
}

}  // namespace tongke::relay::http::api
