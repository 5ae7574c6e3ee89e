#include "relay/hls/answers.hpp"

#include <string>
#include <utility>

namespace tongke::relay::hls {

http::Response with_cors(http::Response response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

http::Response not_found() {
  return with_cors(http::problem({base::Errc::not_found, "no such lesson or file"}));
}

http::Response come_back(std::string_view message) {
  return with_cors(http::problem({base::Errc::unavailable, std::string(message)}));
}

void add_media_time(http::Response& response, base::MediaTime start) {
  response.headers.emplace_back("Tongke-Media-Time",
                                std::to_string(std::chrono::floor<std::chrono::milliseconds>(start).count()));
}

void keep_briefly(http::Response& response) {
  for (auto& [name, value] : response.headers)
    if (name == "Cache-Control") value = kCacheBriefly;
}

http::Response media(live::TrackKind kind, std::vector<base::SharedBytes> body) {
  http::Response response;
  response.content_type = kind == live::TrackKind::video ? "video/mp4" : "audio/mp4";
  response.body = std::move(body);
  response.headers.reserve(4);
  response.headers.emplace_back("Cache-Control", kCacheMedia);
  response.headers.emplace_back("Accept-Ranges", "bytes");
  return with_cors(std::move(response));
}

}  // namespace tongke::relay::hls
