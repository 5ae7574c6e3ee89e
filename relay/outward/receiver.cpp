#include "relay/outward/receiver.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/config_line.hpp"
#include "school/clean_text.hpp"
#include "school/exchange/names.hpp"

namespace tongke::relay::outward {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kMaxAddress = 2000;
constexpr std::size_t kMinSecret = 16;
constexpr std::size_t kMaxSecret = 200;

Error wrong(std::string message) { return Error{Errc::invalid, std::move(message)}; }

std::optional<Kind> kind_from(std::string_view name) {
  if (name == "webhook") return Kind::webhook;
  if (name == "dingtalk") return Kind::dingtalk;
  if (name == "wecom") return Kind::wecom;
  return std::nullopt;
}

/// Printable ASCII without spaces, http or https, a host, and no name or password before it.
Result<void> check_address(std::string_view url, Kind kind) {
  const bool ascii = std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
  const std::size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (!ascii || host == 0 || url.size() > kMaxAddress)
    return wrong("the address must begin with https:// (or http:// within the school's own network)");
  const std::string_view rest = url.substr(host);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty() || authority.starts_with(':') || authority.find('@') != std::string_view::npos)
    return wrong("the address needs a host, and neither a user nor a password");
  if (rest.find('#') != std::string_view::npos) return wrong("the address must not have a part after #");
  const bool has_key = kind == Kind::dingtalk ? rest.find("?access_token=") != std::string_view::npos
                       : kind == Kind::wecom  ? rest.find("?key=") != std::string_view::npos
                                              : true;
  if (!has_key)
    return wrong(kind == Kind::dingtalk
                     ? "a DingTalk robot's address has ?access_token=…; copy it as the group shows it"
                     : "a WeCom robot's address has ?key=…; copy it as the group shows it");
  return {};
}

Result<void> take_option(Receiver& receiver, std::string_view option) {
  constexpr std::string_view kSchool = "school=";
  constexpr std::string_view kClass = "class=";
  if (option == "zh") {
    receiver.language = school::Language::zh;
  } else if (option == "en") {
    receiver.language = school::Language::en;
  } else if (option == "recordings") {
    receiver.recordings = true;
  } else if (option.starts_with(kSchool) && option.size() > kSchool.size()) {
    receiver.school = option.substr(kSchool.size());
  } else if (option.starts_with(kClass)) {
    const auto named =
        school::exchange::parse_class(option.substr(kClass.size()), school::people::kSixThree, std::nullopt);
    if (!named) return wrong("class= needs a class, such as 3(2)");
    receiver.original_class = school::exchange::class_label(*named);
  } else {
    return wrong("options are zh, en, recordings, school=… and class=…");
  }
  return {};
}

}  // namespace

bool Receiver::wants(const Notice& notice) const {
  const bool is_lesson = has_lesson(notice.event);
  const bool is_technical = !is_lesson || notice.event == Event::trouble || notice.event == Event::whole;
  if (is_technical && !recordings) return false;
  if (!is_lesson) return true;
  if (school.empty()) return true;
  return std::ranges::any_of(notice.lesson.rooms, [&](const RoomLabel& room) {
    return room.school == school && (original_class.empty() || room.label == original_class);
  });
}

Result<Receiver> receiver_from(std::string_view line) {
  const auto cells = base::cells_of(line);
  if (cells.size() < 3) return wrong("must be \"name | webhook, dingtalk or wecom | address | options…\"");
  Receiver receiver;
  if (!base::is_config_name(cells[0]))
    return wrong("a receiver's name has letters, digits, - and _ only, 32 at most");
  receiver.name = cells[0];
  const auto kind = kind_from(cells[1]);
  if (!kind) return wrong(receiver.name + ": must be webhook, dingtalk or wecom");
  receiver.kind = *kind;
  if (auto fine = check_address(cells[2], *kind); !fine) return Error(fine.error()).in(receiver.name);
  receiver.url = cells[2];
  for (std::size_t i = 3; i < cells.size(); ++i) {
    if (auto fine = take_option(receiver, cells[i]); !fine) return Error(fine.error()).in(receiver.name);
  }
  if (!receiver.original_class.empty() && receiver.school.empty())
    return wrong(receiver.name + ": class= needs school=");
  return receiver;
}

Result<Secret> secret_from(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || !base::is_config_name(line.substr(0, equals)))
    return wrong("must be \"name=secret\", with the name of a receiver");
  Secret secret{.receiver = std::string(line.substr(0, equals)),
                .value = std::string(line.substr(equals + 1))};
  if (secret.value.size() < kMinSecret || secret.value.size() > kMaxSecret ||
      !school::is_clean_text(secret.value)) {
    return wrong(secret.receiver + ": a secret has 16 to 200 characters");
  }
  return secret;
}

Result<std::vector<Receiver>> receivers_from(const std::vector<std::string>& lines,
                                             const std::vector<std::string>& secrets) {
  std::map<std::string, std::string> by_name;
  for (const auto& line : secrets) {
    auto secret = secret_from(line);
    if (!secret) return std::move(secret).error().in("outward.secrets");
    if (!by_name.emplace(secret->receiver, secret->value).second)
      return wrong("outward.secrets: " + secret->receiver + ": has two");
  }
  std::vector<Receiver> receivers;
  for (const auto& line : lines) {
    auto receiver = receiver_from(line);
    if (!receiver) return std::move(receiver).error().in("outward.receivers");
    if (std::ranges::find(receivers, receiver->name, &Receiver::name) != receivers.end())
      return wrong("outward.receivers: " + receiver->name + ": is there twice");
    if (auto secret = by_name.extract(receiver->name)) receiver->secret = std::move(secret.mapped());
    if (receiver->kind == Kind::webhook && receiver->secret.empty())
      return wrong("outward.secrets: " + receiver->name + ": a webhook needs a secret to sign with");
    if (receiver->kind == Kind::wecom && !receiver->secret.empty())
      return wrong("outward.secrets: " + receiver->name + ": WeCom robots know no secret");
    receivers.push_back(std::move(*receiver));
  }
  if (!by_name.empty())
    return wrong("outward.secrets: " + by_name.begin()->first + ": there is no receiver of that name");
  return receivers;
}

}  // namespace tongke::relay::outward
