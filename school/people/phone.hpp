#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "school/people/model.hpp"

namespace tongke::school::people {

/// Makes and checks what is kept of guardians' telephones. The installation's secret goes into
/// the hash: without it a stolen database tells nothing, though there are only 10,000 endings.
/// @thread any
class PhoneMarker {
 public:
  explicit PhoneMarker(std::vector<std::uint8_t> secret) : secret_(std::move(secret)) {}

  [[nodiscard]] PhoneMark mark(std::string_view last_four) const;
  [[nodiscard]] bool matches(const PhoneMark& mark, std::string_view last_four) const;
  /// Whether one of the home's guardians has a number that ends so.
  [[nodiscard]] bool matches(const Home& home, std::string_view last_four) const;

 private:
  [[nodiscard]] std::string hash(std::string_view salt, std::string_view last_four) const;
  std::vector<std::uint8_t> secret_;
};

/// The digits of a telephone number as people write it ("+86 138-1234-5678"), without country
/// code; nullopt unless it is 4 (only the ending given) or 7 to 12 digits.
[[nodiscard]] std::optional<std::string> phone_digits(std::string_view text);

}  // namespace tongke::school::people
