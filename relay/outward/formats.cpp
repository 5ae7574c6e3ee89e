#include "relay/outward/formats.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "school/clean_text.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::outward {
namespace {

using base::WallTime;
using nlohmann::json;

constexpr const char* kJson = "Content-Type: application/json; charset=utf-8";
constexpr std::size_t kMostSaid = 120;

std::string signed_with(const std::string& secret, const std::string& text) {
  return school::crypto::hex(school::crypto::hmac_sha256(base::as_bytes(secret), base::as_bytes(text)));
}

/// Base64 with its own alphabet and padding, percent-encoded for a query.  @source RFC 4648 section 4
std::string query_base64(base::ByteView bytes) {
  std::string out;
  for (const char c : school::crypto::base64url(bytes)) {
    if (c == '-') {
      out += "%2B";
    } else if (c == '_') {
      out += "%2F";
    } else {
      out += c;
    }
  }
  for (std::size_t i = bytes.size() % 3; i != 0 && i < 3; ++i) out += "%3D";
  return out;
}

Post for_webhook(const Receiver& receiver, const Letterhead& letterhead, const Notice& notice, WallTime now) {
  json body = to_json(notice);
  body["page"] = letterhead.page.empty() ? json(nullptr) : json(letterhead.page);
  Post post{
      .url = receiver.url, .headers = {}, .body = body.dump(-1, ' ', false, json::error_handler_t::replace)};
  const std::string time =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  post.headers = {kJson, "Tongke-Event: " + std::string(to_string(notice.event)),
                  "Tongke-Delivery: " + notice.id, "Tongke-Timestamp: " + time,
                  "Tongke-Signature: v1=" + signed_with(receiver.secret, time + "." + post.body)};
  return post;
}

Post for_robot(const Receiver& receiver, const std::string& words) {
  const json body = {{"msgtype", "text"}, {"text", {{"content", words}}}};
  return {.url = receiver.url,
          .headers = {kJson},
          .body = body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

/// Robots say yes and no in the body, with status 200.
Verdict judge_robot(Kind kind, std::string_view body) {
  const json answer = json::parse(body, nullptr, false);
  const auto code = answer.is_object() ? answer.find("errcode") : answer.end();
  if (!answer.is_object() || code == answer.end() || !code->is_number_integer())
    return {Outcome::again, "not a robot's answer"};
  const auto number = code->get<std::int64_t>();
  if (number == 0) return {Outcome::delivered, "errcode 0"};
  std::string said = "errcode " + std::to_string(number);
  const auto why = answer.find("errmsg");
  if (why != answer.end() && why->is_string()) {
    std::string text = why->get<std::string>();
    text.resize(school::utf8_prefix(std::string_view(text).substr(0, kMostSaid)));
    if (school::is_clean_text(text)) said += ": " + text;
  }
  // DingTalk says 130101, or 410100 by its gateway; WeCom 45009. -1 is "busy" with both.
  const bool fast = kind == Kind::dingtalk ? number == 130101 || number == 410100 : number == 45009;
  return {fast ? Outcome::too_fast : number == -1 ? Outcome::again : Outcome::refused, said};
}

}  // namespace

Post write(const Receiver& receiver, const Letterhead& letterhead, std::span<const Notice> notices,
           WallTime now) {
  switch (receiver.kind) {
    case Kind::webhook:
      break;
    case Kind::wecom:
      return for_robot(receiver, wording(notices, letterhead, receiver.language, kWecomBytes));
    case Kind::dingtalk: {
      Post post = for_robot(receiver, wording(notices, letterhead, receiver.language, kDingtalkBytes));
      if (receiver.secret.empty()) return post;
      const std::string time = std::to_string(now.time_since_epoch().count());
      const std::string text = time + "\n" + receiver.secret;
      post.url +=
          "&timestamp=" + time + "&sign=" +
          query_base64(school::crypto::hmac_sha256(base::as_bytes(receiver.secret), base::as_bytes(text)));
      return post;
    }
  }
  return for_webhook(receiver, letterhead, notices.front(), now);
}

Verdict judge(Kind kind, long status, std::string_view body) {
  const bool fine = status >= 200 && status < 300;
  if (fine && kind != Kind::webhook) return judge_robot(kind, body);
  const std::string said = "HTTP " + std::to_string(status);
  if (fine) return {Outcome::delivered, said};
  const bool later = status == 408 || status == 425 || status == 429 || status >= 500;
  return {later ? Outcome::again : Outcome::refused, said};
}

}  // namespace tongke::relay::outward
