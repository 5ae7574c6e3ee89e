#include "school/clean_text.hpp"

#include <algorithm>
#include <cstdint>

namespace tongke::school {
namespace {

std::size_t sequence_length(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

// The range of the second byte is narrower after four leads; the others are 80..BF.
bool second_fits(unsigned char lead, unsigned char second) noexcept {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = sequence_length(lead);
    if (length == 0 || at + length > text.size()) return at;
    if (length > 1 && !second_fits(lead, static_cast<unsigned char>(text[at + 1]))) return at;
    for (std::size_t k = 2; k < length; ++k) {
      if ((static_cast<unsigned char>(text[at + k]) & 0xC0U) != 0x80U) return at;
    }
    at += length;
  }
  return at;
}

bool is_clean_text(std::string_view text) noexcept {
  const auto control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  };
  return std::none_of(text.begin(), text.end(), control) && utf8_prefix(text) == text.size();
}

}  // namespace tongke::school
