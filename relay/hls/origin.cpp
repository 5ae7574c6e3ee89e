#include "relay/hls/origin.hpp"

#include "relay/hls/origin_worker.hpp"

namespace tongke::relay::hls {

namespace {

/// Players on other origins (a school's own page) may read everything here: what protects
/// a lesson is the token in the path, not the browser.
http::Response preflight() {
  http::Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Origin", "*"},
                      {"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
                      {"Access-Control-Allow-Headers", "Range, If-None-Match"},
                      {"Access-Control-Max-Age", "86400"}};
  return response;
}

}  // namespace

Origin::Origin(http::Server& server, OriginSettings settings)
    : server_(server),
      settings_(std::make_shared<const OriginSettings>(std::move(settings))),
      board_(std::make_shared<NewsBoard>(server.workers())),
      viewers_(std::make_shared<Viewers>()) {
  for (std::size_t i = 0; i < server.workers(); ++i) {
    workers_.push_back(std::make_shared<OriginWorker>(i, server.worker(i), settings_, board_, viewers_));
  }
  using Handle = void (OriginWorker::*)(std::shared_ptr<const http::Request>, http::Responder);
  const auto add = [&](std::string_view pattern, Handle handle) {
    server.route("GET", pattern, http::Where::worker,
                 [workers = workers_, handle](std::shared_ptr<const http::Request> request,
                                              http::Responder responder) {
                   OriginWorker& worker = *workers[request->worker()];
                   (worker.*handle)(std::move(request), std::move(responder));
                 });
    server.route("OPTIONS", pattern, http::Where::worker,
                 [](const auto&, http::Responder responder) { responder.send(preflight()); });
  };
  add("/hls/{token}/{lesson}/master.m3u8", &OriginWorker::handle_master);
  add("/hls/{token}/{lesson}/compat.m3u8", &OriginWorker::handle_compat_list);
  add("/hls/{token}/{lesson}/stills.json", &OriginWorker::handle_still_list);
  add("/hls/{token}/{lesson}/pass", &OriginWorker::handle_pass);
  add("/hls/{token}/{lesson}/{rendition}/{file}", &OriginWorker::handle_media);
}

Origin::~Origin() = default;

void Origin::publish(std::shared_ptr<const live::LessonSnapshot> snapshot) {
  auto& histories = histories_[snapshot->lesson];
  for (const auto& rendition : snapshot->renditions) {
    auto& history = histories[rendition->id];
    if (!history) history = std::make_shared<HistoryText>();
  }
  announce({snapshot->lesson, snapshot, histories});
}

void Origin::withdraw(const std::string& lesson) {
  histories_.erase(lesson);
  viewers_->forget(lesson);
  announce({lesson, nullptr, {}});
}

void Origin::announce(const News& news) {
  for (const std::size_t idle : board_->put(news)) {
    server_.worker(idle).post([weak = std::weak_ptr(workers_[idle])] {
      if (const auto worker = weak.lock()) worker->read_news();
    });
  }
}

void Origin::watched_by_edge(std::string_view token, std::string_view lesson, std::string_view rendition) {
  viewers_->note(token, lesson, rendition, base::Steady::now());
}

std::map<std::string, std::size_t> Origin::viewers(std::string_view lesson) const {
  return viewers_->count(lesson, base::Steady::now());
}

}  // namespace tongke::relay::hls
