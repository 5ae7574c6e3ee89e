#include "signaling/protocol/check.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace tongke::signaling::protocol {
namespace {

constexpr std::array<std::string_view, kAskCount> kAsks = {"single", "multi", "truth", "number"};
constexpr std::size_t kMaxWhole = 9;
constexpr std::size_t kMaxFraction = 6;

bool digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view to_string(Ask kind) noexcept { return kAsks.at(static_cast<std::size_t>(kind)); }

std::size_t option_count(const CheckItem& item) noexcept {
  switch (item.kind) {
    case Ask::single:
    case Ask::multi:
      return item.options.size();
    case Ask::truth:
      return 2;
    case Ask::number:
      return 0;
  }
  return 0;
}

bool answers(const Reply& reply, const CheckItem& item) noexcept {
  if (item.kind == Ask::number) return reply.choices == 0 && !reply.number.empty();
  const int chosen = std::popcount(reply.choices);
  const bool within = (reply.choices >> option_count(item)) == 0;
  return reply.number.empty() && within && chosen > 0 && (chosen == 1 || item.kind == Ask::multi);
}

std::optional<std::string> tidy_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
  if (whole.empty() || whole.size() > kMaxWhole || !digits(whole)) return std::nullopt;
  if (fraction.empty() || fraction.size() > kMaxFraction || !digits(fraction)) return std::nullopt;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));
  fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  std::string tidy(whole);
  if (!fraction.empty()) tidy.append(".").append(fraction);
  return negative && tidy != "0" ? "-" + tidy : tidy;
}

}  // namespace tongke::signaling::protocol
