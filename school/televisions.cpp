#include "school/televisions.hpp"

#include <cstdint>
#include <cstdio>

#include "school/crypto.hpp"

namespace tongke::school {

using base::Errc;
using base::Error;
using base::Result;

namespace {

constexpr std::size_t kKeyLetters = 26;  // 130 bits
constexpr std::uint32_t kCodes = 1'000'000;

std::uint32_t random_below(std::uint32_t bound) {
  const std::uint32_t fair = UINT32_MAX - UINT32_MAX % bound;
  for (;;) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : crypto::random_bytes(4)) value = (value << 8U) | byte;
    if (value < fair) return value % bound;
  }
}

}  // namespace

bool Televisions::is_over(const Screen& screen, Now now) {
  return now - screen.asked >= kSilent || (screen.link.empty() && now - screen.shown >= kCodeLasts);
}

void Televisions::forget(std::map<std::string, Screen, std::less<>>::iterator screen) {
  if (screen->second.link.empty()) {
    by_code_.erase(screen->second.code);
  } else {
    by_holder_.erase(screen->second.holder);
  }
  screens_.erase(screen);
}

void Televisions::prune(Now now) {
  for (auto at = screens_.begin(); at != screens_.end();) {
    const auto screen = at++;
    if (is_over(screen->second, now)) forget(screen);
  }
  std::erase_if(tries_, [&](const auto& entry) { return now - entry.second.since >= kCodeLasts; });
}

std::string Televisions::fresh_code() const {
  for (;;) {
    std::string digits(7, '\0');
    (void)std::snprintf(digits.data(), digits.size(), "%06u", random_below(kCodes));
    digits.resize(6);
    if (!by_code_.contains(digits)) return digits;
  }
}

Result<Televisions::Shown> Televisions::show(Now now) {
  if (screens_.size() >= kMost) prune(now);
  if (screens_.size() >= kMost) return Error{Errc::overload, "too many televisions"};
  Shown shown{.code = fresh_code(), .key = crypto::readable_id(kKeyLetters)};
  screens_.emplace(shown.key,
                   Screen{.code = shown.code, .holder = {}, .link = {}, .shown = now, .asked = now});
  by_code_.emplace(shown.code, shown.key);
  return shown;
}

Result<std::string> Televisions::link_of(std::string_view key, Now now) {
  const auto found = screens_.find(key);
  if (found == screens_.end()) return Error{Errc::not_found, "no such television"};
  if (is_over(found->second, now)) {
    forget(found);
    return Error{Errc::not_found, "no such television"};
  }
  found->second.asked = now;
  return found->second.link;
}

Result<void> Televisions::pair(const std::string& holder, const std::string& link, std::string_view code,
                               Now now) {
  if (tries_.size() >= kMost) prune(now);
  const auto tried = tries_.find(holder);
  const bool known = tried != tries_.end() && now - tried->second.since < kCodeLasts;
  if (known ? tried->second.wrong >= kTries : tries_.size() >= kMost) {
    return Error{Errc::overload, "too many wrong digits"};
  }
  const auto waiting = by_code_.find(code);
  const auto screen = waiting == by_code_.end() ? screens_.end() : screens_.find(waiting->second);
  if (screen == screens_.end() || is_over(screen->second, now)) {
    auto& wrong = tries_[holder];
    wrong = {.wrong = known ? wrong.wrong + 1 : 1, .since = known ? wrong.since : now};
    return Error{Errc::not_found, "no television shows these digits", "code"};
  }
  unpair(holder);
  by_code_.erase(waiting);
  screen->second.holder = holder;
  screen->second.link = link;
  by_holder_.emplace(holder, screen->first);
  tries_.erase(holder);
  return {};
}

bool Televisions::is_paired(const std::string& holder, Now now) {
  const auto found = by_holder_.find(holder);
  return found != by_holder_.end() && !is_over(screens_.find(found->second)->second, now);
}

void Televisions::unpair(const std::string& holder) {
  if (const auto found = by_holder_.find(holder); found != by_holder_.end())
    forget(screens_.find(found->second));
}

}  // namespace tongke::school
