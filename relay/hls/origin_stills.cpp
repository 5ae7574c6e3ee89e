#include "relay/hls/answers.hpp"
#include "relay/hls/origin_worker.hpp"
#include "relay/hls/still_list.hpp"

// Stills, for those whose line carries sound alone: a list that is asked for every few seconds,
// and what it names.

namespace tongke::relay::hls {

void OriginWorker::handle_still_list(std::shared_ptr<const http::Request> request,
                                     http::Responder responder) {
  Lesson* const lesson = admit(*request, true, responder);
  if (lesson == nullptr) return;
  note_asked(*lesson, request->param("lesson"), pipeline::wire::kStills);
  if (!lesson->snapshot) return responder.send(come_back("the lesson is being looked for"));
  viewers_->note(request->param("token"), request->param("lesson"), pipeline::wire::kStills,
                 base::Steady::now());
  http::Response response;
  response.content_type = "application/json";
  const std::string text = still_list(*lesson->snapshot);
  response.body = {base::SharedBytes(std::vector<std::uint8_t>(text.begin(), text.end()))};
  response.headers.emplace_back("Cache-Control", kCacheNow);
  responder.send(with_cors(std::move(response)));
}

void OriginWorker::handle_still(const http::Request& request, http::Responder responder) {
  const auto number = parse_still_name(request.param("file"));
  if (!number) return responder.send(not_found());
  const Lesson* const lesson = admit(request, false, responder);
  if (lesson == nullptr) return;
  const live::Still* const still = lesson->snapshot ? find_still(*lesson->snapshot, *number) : nullptr;
  if (still == nullptr) return responder.send(not_found());
  http::Response response;
  response.content_type = "image/webp";
  response.body = {still->webp};
  response.headers.emplace_back("Cache-Control", kCacheMedia);
  responder.send(with_cors(std::move(response)));
}

}  // namespace tongke::relay::hls
