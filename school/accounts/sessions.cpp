#include "school/accounts/sessions.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "school/crypto.hpp"

namespace tongke::school::accounts {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxToken = 64;

bool is_over(const Sessions::Session& session, base::Steady::time_point now) {
  return now - session.seen > Sessions::kIdle || now - session.begun > Sessions::kLongest;
}

}  // namespace

Sessions::Sessions() : key_(crypto::random_bytes(kTokenBytes)) {}

std::string Sessions::name(std::string_view token, std::string_view purpose) const {
  std::string text(purpose);
  text += token.substr(0, kMaxToken);
  return crypto::base64url(crypto::hmac_sha256(key_, base::as_bytes(text)));
}

std::string Sessions::csrf(std::string_view token) const { return name(token, "csrf "); }

void Sessions::make_room(All& all, const std::string& login, base::Steady::time_point now) {
  const auto oldest_of = [&](auto&& counts) {
    auto oldest = all.end();
    std::size_t count = 0;
    for (auto at = all.begin(); at != all.end(); ++at) {
      if (!counts(at->second)) continue;
      ++count;
      if (oldest == all.end() || at->second.seen < oldest->second.seen) oldest = at;
    }
    return std::pair(oldest, count);
  };
  std::erase_if(all, [&](const auto& entry) { return is_over(entry.second, now); });
  if (const auto [oldest, count] = oldest_of([&](const Session& one) { return one.login == login; });
      count >= kMostOfOne)
    all.erase(oldest);
  if (all.size() >= kMost) all.erase(oldest_of([](const Session&) { return true; }).first);
}

std::string Sessions::begin(const std::string& login, people::StaffId staff, base::Steady::time_point now) {
  const std::string token = crypto::base64url(crypto::random_bytes(kTokenBytes));
  all_.with([&](All& all) {
    make_room(all, login, now);
    all.insert_or_assign(name(token, "session "),
                         Session{.login = login, .staff = staff, .begun = now, .seen = now});
  });
  return token;
}

std::optional<Sessions::Session> Sessions::find(std::string_view token, base::Steady::time_point now) {
  const std::string key = name(token, "session ");
  return all_.with([&](All& all) -> std::optional<Session> {
    const auto found = all.find(key);
    if (found == all.end()) return std::nullopt;
    if (is_over(found->second, now)) {
      all.erase(found);
      return std::nullopt;
    }
    found->second.seen = now;
    return found->second;
  });
}

void Sessions::end(std::string_view token) {
  const std::string key = name(token, "session ");
  all_.with([&](All& all) { all.erase(key); });
}

void Sessions::end_all(std::string_view login) {
  all_.with(
      [&](All& all) { std::erase_if(all, [&](const auto& entry) { return entry.second.login == login; }); });
}

}  // namespace tongke::school::accounts
