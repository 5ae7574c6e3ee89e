#include "school/token.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "school/crypto.hpp"

namespace tongke::school {
namespace {

// Format 2 has a version behind the role; links of version 0 are spelled in format 1.
constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kVersionedFormat = 2;
constexpr std::size_t kVersionBytes = 2;
// 128 bits: as unguessable as the secret needs to be, and the link stays short enough to print.
constexpr std::size_t kMacBytes = 16;
constexpr std::size_t kFixedBytes = 1 + 1 + 4 + 4;
constexpr std::size_t kMaxLesson = 32;

constexpr std::array<std::string_view, kRoleCount> kRoleNames = {
    "pupil", "guardian", "lead", "teacher", "office", "technician", "inspector"};

void put_u32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t get_u32(base::ByteView bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.first(4)) value = (value << 8U) | byte;
  return value;
}

}  // namespace

std::string_view to_string(Role role) noexcept { return kRoleNames.at(static_cast<std::size_t>(role)); }

std::optional<Role> role_from(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kRoleNames, name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

std::string TokenSigner::issue(const Token& token) const {
  std::vector<std::uint8_t> bytes = {token.version == 0 ? kFormat : kVersionedFormat,
                                     static_cast<std::uint8_t>(token.role)};
  if (token.version != 0) {
    bytes.push_back(static_cast<std::uint8_t>(token.version >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(token.version));
  }
  put_u32(bytes, token.seat);
  put_u32(bytes,
          static_cast<std::uint32_t>(
              std::chrono::duration_cast<std::chrono::minutes>(token.expires.time_since_epoch()).count()));
  bytes.insert(bytes.end(), token.lesson.begin(), token.lesson.end());
  const auto mac = crypto::hmac_sha256(secret_, bytes);
  bytes.insert(bytes.end(), mac.begin(), mac.begin() + kMacBytes);
  return crypto::base64url(bytes);
}

std::optional<Token> TokenSigner::check(std::string_view text, base::WallTime now) const {
  if (text.size() > (kFixedBytes + kVersionBytes + kMaxLesson + kMacBytes + 2) * 4 / 3) return std::nullopt;
  const auto bytes = crypto::from_base64url(text);
  if (!bytes || bytes->size() < kFixedBytes + kMacBytes) return std::nullopt;
  auto claims = base::ByteView(*bytes).first(bytes->size() - kMacBytes);
  const auto mac = crypto::hmac_sha256(secret_, claims);
  if (!crypto::equal(base::ByteView(mac).first(kMacBytes), base::ByteView(*bytes).last(kMacBytes)))
    return std::nullopt;
  if ((claims[0] != kFormat && claims[0] != kVersionedFormat) || claims[1] >= kRoleCount) return std::nullopt;
  Token token;
  token.role = static_cast<Role>(claims[1]);
  const bool versioned = claims[0] == kVersionedFormat;
  claims = claims.subspan(2);
  if (versioned) {
    if (claims.size() < kFixedBytes) return std::nullopt;
    token.version = static_cast<std::uint16_t>((claims[0] << 8U) | claims[1]);
    claims = claims.subspan(kVersionBytes);
  }
  token.seat = get_u32(claims);
  token.expires = base::WallTime(std::chrono::minutes(get_u32(claims.subspan(4))));
  token.lesson = base::as_text(claims.subspan(8));
  if (token.lesson.size() > kMaxLesson || token.expires <= now || withdrawn(token)) return std::nullopt;
  return token;
}

std::optional<Token> TokenSigner::verify(std::string_view text, base::WallTime now) const {
  auto token = check(text, now);
  return token && !token->lesson.empty() && !is_channel(*token) ? token : std::nullopt;
}

std::optional<Token> TokenSigner::verify_own(std::string_view text, base::WallTime now) const {
  auto token = check(text, now);
  return token && token->lesson.empty() && token->seat > kRosterSeats ? token : std::nullopt;
}

std::optional<Token> TokenSigner::verify_channel(std::string_view text, base::WallTime now) const {
  auto token = check(text, now);
  const bool one = token && is_channel(*token) && lesson_of(*token).empty();
  return one && token->seat > kRosterSeats ? token : std::nullopt;
}

std::optional<Token> TokenSigner::verify_pass(std::string_view text, base::WallTime now) const {
  auto token = check(text, now);
  if (!token || !is_channel(*token) || lesson_of(*token).empty()) return std::nullopt;
  token->lesson.erase(0, 1);
  return token;
}

}  // namespace tongke::school
