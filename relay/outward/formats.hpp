#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relay/outward/receiver.hpp"
#include "relay/outward/wording.hpp"

/// What goes over the line, for each kind of receiver, and what its answer means. Pure.
namespace tongke::relay::outward {

/// A WeCom robot takes no longer text.  @source developer.work.weixin.qq.com/document/path/91770
inline constexpr std::size_t kWecomBytes = 2048;
/// A DingTalk robot takes 20,000 bytes of message in all; nobody reads so much in a group.
inline constexpr std::size_t kDingtalkBytes = 6000;

struct Post {
  std::string url = {};  ///< never to be logged
  std::vector<std::string> headers = {};
  std::string body = {};
};

/// A message to be posted now: its time is in its signature.
/// @param notices  at least one; webhooks get them one by one
[[nodiscard]] Post write(const Receiver& receiver, const Letterhead& letterhead,
                         std::span<const Notice> notices, base::WallTime now);

enum class Outcome : std::uint8_t {
  delivered,
  again,     ///< trying later may help
  too_fast,  ///< a robot that wants to be left alone for a while
  refused    ///< trying again will not help: the address or the secret is wrong
};
struct Verdict {
  Outcome outcome = Outcome::again;
  std::string said = {};  ///< "HTTP 503", "errcode 310000: sign not match": for logs and technicians
};

/// @param body  what was kept of the answer; only robots' is looked at
[[nodiscard]] Verdict judge(Kind kind, long status, std::string_view body);

}  // namespace tongke::relay::outward
