#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "relay/outward/courier.hpp"
#include "relay/outward/formats.hpp"

namespace tongke::relay::outward {

/// One message on its way; libcurl's border, with courier.cpp. TLS is verified, no redirect is
/// followed, no proxy asked, and of the answer only its beginning is kept.  @thread the courier's
class Transfer {
 public:
  /// nullptr when libcurl has no memory.
  [[nodiscard]] static std::unique_ptr<Transfer> make(Kind kind, Post post);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() = default;

  [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
  /// What came of it.  @param code  of the finished handle
  [[nodiscard]] Reply reply(CURLcode code) const;

 private:
  struct Free {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  Transfer(Kind kind, Post post) : kind_(kind), post_(std::move(post)) {}
  [[nodiscard]] bool prepare();
  static std::size_t take(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static curl_socket_t open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;

  const Kind kind_;
  const Post post_;
  const base::Steady::time_point since_ = base::Steady::now();
  std::string answer_;
  std::size_t came_ = 0;
  bool barred_ = false;
  std::unique_ptr<curl_slist, Free> headers_;
  std::unique_ptr<CURL, Free> handle_;  // last: it points to all of the above
};

}  // namespace tongke::relay::outward
