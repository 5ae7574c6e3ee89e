#include "school/people/phone.hpp"

#include <algorithm>

#include "school/crypto.hpp"

namespace tongke::school::people {
namespace {

constexpr std::size_t kSaltBytes = 9;
constexpr std::size_t kHashBytes = 15;

}  // namespace

PhoneMark PhoneMarker::mark(std::string_view last_four) const {
  PhoneMark mark{.salt = crypto::base64url(crypto::random_bytes(kSaltBytes))};
  mark.hash = hash(mark.salt, last_four);
  return mark;
}

bool PhoneMarker::matches(const PhoneMark& mark, std::string_view last_four) const {
  return crypto::equal(base::as_bytes(mark.hash), base::as_bytes(hash(mark.salt, last_four)));
}

bool PhoneMarker::matches(const Home& home, std::string_view last_four) const {
  return std::ranges::any_of(home.phones, [&](const PhoneMark& mark) { return matches(mark, last_four); });
}

std::string PhoneMarker::hash(std::string_view salt, std::string_view last_four) const {
  std::string said = "phone\n";
  said += salt;
  said += '\n';
  said += last_four;
  const auto digest = crypto::hmac_sha256(secret_, base::as_bytes(said));
  return crypto::base64url(base::ByteView(digest).first(kHashBytes));
}

std::optional<std::string> phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (std::string_view("+-() ").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (digits.size() == 13 && digits.starts_with("86")) digits.erase(0, 2);
  if (digits.size() != 4 && (digits.size() < 7 || digits.size() > 12)) return std::nullopt;
  return digits;
}

}  // namespace tongke::school::people
