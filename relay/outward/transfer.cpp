#include "relay/outward/transfer.hpp"

#include <sys/socket.h>

#include "relay/outward/address.hpp"

namespace tongke::relay::outward {
namespace {

constexpr long kConnectMs = 5000;
constexpr long kTotalMs = 10'000;
constexpr std::size_t kKept = 4096;
constexpr std::size_t kMostAnswer = 64 * 1024;

/// "resolve", "tls", …: what the technician should look at.
std::string_view hint_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "resolve";
    case CURLE_OPERATION_TIMEDOUT:
      return "timeout";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return "tls";
    default:
      return "connect";
  }
}

std::string_view hint_of(const Verdict& verdict, Kind kind, long status) {
  if (verdict.outcome == Outcome::delivered) return "delivered";
  if (verdict.outcome == Outcome::too_fast || status == 429) return "too_fast";
  if (status >= 300 && status < 400) return "moved";
  if (verdict.outcome == Outcome::again) return "busy";
  return kind == Kind::webhook || status >= 300 ? "refused" : "robot_refused";
}

}  // namespace

std::unique_ptr<Transfer> Transfer::make(Kind kind, Post post) {
  std::unique_ptr<Transfer> transfer(new Transfer(kind, std::move(post)));
  return transfer->prepare() ? std::move(transfer) : nullptr;
}

bool Transfer::prepare() {
  handle_.reset(curl_easy_init());
  if (!handle_) return false;
  for (const auto& header : post_.headers) {
    curl_slist* const longer = curl_slist_append(headers_.get(), header.c_str());
    if (!longer) return false;
    (void)headers_.release();
    headers_.reset(longer);
  }
  CURL* const curl = handle_.get();
  bool fine = true;
  const auto set = [&](CURLoption option, auto value) {
    fine = curl_easy_setopt(curl, option, value) == CURLE_OK && fine;
  };
  set(CURLOPT_URL, post_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_USERAGENT, "Tongke");
  set(CURLOPT_POSTFIELDS, post_.body.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post_.body.size()));
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  set(CURLOPT_TIMEOUT_MS, kTotalMs);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs is left to itself, not waited for
  set(CURLOPT_WRITEFUNCTION, &Transfer::take);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PRIVATE, this);
  return fine;
}

std::size_t Transfer::take(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  transfer.came_ += length;
  if (transfer.came_ > kMostAnswer) return 0;
  if (transfer.answer_.size() < kKept)
    transfer.answer_.append(data, std::min(length, kKept - transfer.answer_.size()));
  return length;
}

curl_socket_t Transfer::open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!may_connect(address->addr, transfer.post_.url.starts_with("https:"))) {
    transfer.barred_ = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Reply Transfer::reply(CURLcode code) const {
  Reply reply;
  reply.took = std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now() - since_);
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  // An answer too long to be read to its end is an answer.
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0)) {
    const Verdict verdict = judge(kind_, status, answer_);
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &seconds);
    reply.outcome = verdict.outcome;
    reply.said = verdict.said;
    reply.hint = hint_of(verdict, kind_, status);
    reply.wait = std::chrono::seconds(std::min<curl_off_t>(seconds, 24 * 3600));
    return reply;
  }
  reply.outcome = Outcome::again;
  reply.said = curl_easy_strerror(code);
  reply.hint = barred_ ? "barred" : hint_of(code);
  return reply;
}

}  // namespace tongke::relay::outward
