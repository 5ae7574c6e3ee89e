#include "relay/hls/answers.hpp"
#include "relay/hls/origin_worker.hpp"

// What caching edges ask about those they serve: they cache by all but the token, so that one
// fetch fills a class, and have each token looked at here (nginx: auth_request).

namespace tongke::relay::hls {

// 401 and 403 are the two refusals that nginx passes on as they are.
void OriginWorker::handle_pass(std::shared_ptr<const http::Request> request, http::Responder responder) {
  using Entry = OriginSettings::Entry;
  const bool good = settings_->authorise(request->param("token"), request->param("lesson"));
  const auto entry = good && settings_->admit ? settings_->admit(*request) : good ? Entry::yes : Entry::no;
  http::Response response;
  response.status = 204;
  const auto instead = entry == Entry::yes && settings_->instead
                           ? settings_->instead(request->param("token"), request->param("lesson"))
                           : std::nullopt;
  if (instead) response.headers.emplace_back("Tongke-Instead", *instead);
  if (entry == Entry::third_device) response = http::third_device();
  if (entry == Entry::no) response = http::problem(401, "unknown", "no such lesson");
  // An edge may remember it for as long as a withdrawn link may go on, and no longer.
  std::erase_if(response.headers, [](const auto& header) { return header.first == "Cache-Control"; });
  response.headers.emplace_back("Cache-Control", kCacheNow);
  responder.send(std::move(response));
}

}  // namespace tongke::relay::hls
