#include "relay/bench/http_post.hpp"

#include <curl/curl.h>

#include <memory>

namespace tongke::relay::bench {
namespace {

struct CurlFree {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

constexpr std::size_t kMaxAnswer = 256 * 1024;

std::size_t append(char* data, std::size_t size, std::size_t count, void* out) noexcept {
  auto& body = *static_cast<std::string*>(out);
  if (body.size() + size * count > kMaxAnswer) return 0;
  body.append(data, size * count);
  return size * count;
}

std::unique_ptr<curl_slist, CurlFree> headers(const std::string& token) {
  std::unique_ptr<curl_slist, CurlFree> list(curl_slist_append(nullptr, "Content-Type: application/sdp"));
  if (!token.empty()) {
    // Appending to a list returns the list.
    (void)curl_slist_append(list.get(), ("Authorization: Bearer " + token).c_str());
  }
  return list;
}

}  // namespace

base::Result<HttpAnswer> post_sdp(const std::string& url, const std::string& token, const std::string& body,
                                  std::chrono::milliseconds deadline) {
  thread_local const std::unique_ptr<CURL, CurlFree> curl(curl_easy_init());
  if (!curl) return base::Error{base::Errc::unavailable, "libcurl does not start"};
  const auto list = headers(token);
  HttpAnswer answer;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, list.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(deadline.count()));
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return base::Error{base::Errc::unavailable, curl_easy_strerror(code)};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace tongke::relay::bench
