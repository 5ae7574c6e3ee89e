#include "school/inspection/form.hpp"

#include <algorithm>

#include "school/clean_text.hpp"

namespace tongke::school::inspection {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kLongestRemark = 2000;
constexpr std::array<Item, 5> kForm = {{
    {"picture", {"good", "fair", "poor"}},
    {"sound", {"good", "fair", "poor"}},
    {"pace", {"fits", "fast", "slow"}},
    {"taking_part", {"much", "some", "none"}},
    {"teachers", {"all", "some", "none"}},
}};

bool is_clean_remark(std::string_view text) {
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (!is_clean_text(text.substr(from, end - from))) return false;
    from = end + 1;
  }
  return true;
}

}  // namespace

std::span<const Item> form() noexcept { return kForm; }

Result<void> check(const Observations& observations) {
  for (const Item& item : kForm) {
    const auto mark = observations.marks.find(std::string(item.name));
    if (mark == observations.marks.end() || !std::ranges::count(item.marks, mark->second))
      return Error{Errc::invalid, "one of the form's marks", std::string(item.name)};
  }
  if (observations.marks.size() != kForm.size()) return Error{Errc::invalid, "not in the form", "marks"};
  if (observations.remark.size() > kLongestRemark || !is_clean_remark(observations.remark))
    return Error{Errc::invalid, "at most 2000 bytes of text", "remark"};
  return {};
}

}  // namespace tongke::school::inspection
