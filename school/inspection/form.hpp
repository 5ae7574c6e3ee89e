#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// The form an inspector fills in: a mark for each item, and words. Records name the form they were
/// made with, so that an old one is still read as it was meant (SP-4).
namespace tongke::school::inspection {

inline constexpr std::string_view kFormVersion = "basic-1";

struct Item {
  std::string_view name;
  std::array<std::string_view, 3> marks;  ///< best first
};
[[nodiscard]] std::span<const Item> form() noexcept;

struct Observations {
  std::map<std::string, std::string> marks = {};  ///< by item
  std::string remark = {};                        ///< of several lines, perhaps
  friend bool operator==(const Observations&, const Observations&) = default;
};

/// Whether every item has one of its marks, and nothing else has.
/// @errors invalid (field: the item, or "remark": over 2000 bytes, or no text)
[[nodiscard]] base::Result<void> check(const Observations& observations);

}  // namespace tongke::school::inspection
