#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "relay/outward/notice.hpp"
#include "school/text.hpp"

namespace tongke::relay::outward {

enum class Kind : std::uint8_t {
  webhook,   ///< our own JSON, signed
  dingtalk,  ///< 钉钉 group robot
  wecom      ///< 企业微信 group robot
};

/// Somebody outside who is told.
struct Receiver {
  std::string name = {};  ///< letters, digits, - and _; in logs and metrics, where the address never is
  Kind kind = Kind::webhook;
  std::string url = {};     ///< secret: a robot's key is in it
  std::string secret = {};  ///< webhook: signs; dingtalk: signs, empty = the robot asks for no signature
  school::Language language = school::Language::zh;
  bool recordings = false;          ///< hears of recordings in trouble too
  std::string school = {};          ///< only lessons with a room of this school; empty = every one
  std::string original_class = {};  ///< of that school, the label as printed; empty = every one

  [[nodiscard]] bool wants(const Notice& notice) const;
  [[nodiscard]] bool is_robot() const noexcept { return kind != Kind::webhook; }
  friend bool operator==(const Receiver&, const Receiver&) = default;
};

/// "office | webhook | https://… | en | recordings | school=第一小学 | class=三年级2班", as the
/// configuration has it.
/// @errors invalid; the message never holds the address
[[nodiscard]] base::Result<Receiver> receiver_from(std::string_view line);

/// "office=…".  @errors invalid; the message never holds the secret
struct Secret {
  std::string receiver = {};
  std::string value = {};
};
[[nodiscard]] base::Result<Secret> secret_from(std::string_view line);

/// All of them, each with its secret.
/// @errors invalid: two of one name, a secret of nobody's, a webhook without one
[[nodiscard]] base::Result<std::vector<Receiver>> receivers_from(const std::vector<std::string>& lines,
                                                                 const std::vector<std::string>& secrets);

}  // namespace tongke::relay::outward
