#include "school/links/revocations.hpp"

namespace tongke::school::links {
namespace {

std::uint64_t key_of(Bearer bearer, std::uint32_t row) noexcept {
  return (static_cast<std::uint64_t>(bearer) << 32U) | row;
}

}  // namespace

std::optional<std::pair<Bearer, std::uint32_t>> bearer_of(const Token& token) noexcept {
  if (token.seat < kRosterSeats) return std::nullopt;
  const std::uint32_t row = token.seat - kRosterSeats;
  switch (token.role) {
    case Role::pupil:
      return std::pair(Bearer::pupil, row);
    case Role::guardian:
      return std::pair(token.lesson.empty() ? Bearer::home : Bearer::guardian_of, row);
    default:
      return std::pair(is_channel(token) ? Bearer::screen : Bearer::staff, row);
  }
}

void Revocations::set_least(Bearer bearer, std::uint32_t row, std::uint32_t least) {
  least_[key_of(bearer, row)] = least;
}

bool Revocations::withdrawn(const Token& token) const noexcept {
  const auto bearer = bearer_of(token);
  if (!bearer) return !seats_.empty() && seats_.contains({token.lesson, token.seat});
  const auto found = least_.find(key_of(bearer->first, bearer->second));
  return found != least_.end() && token.version < found->second;
}

}  // namespace tongke::school::links
