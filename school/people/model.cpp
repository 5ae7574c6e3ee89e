#include "school/people/model.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "school/crypto.hpp"

namespace tongke::school::people {
namespace {

constexpr std::array<std::string_view, kStageCount> kStages = {"low", "upper", "junior", "senior"};
constexpr std::array<std::string_view, kConditionCount> kConditions = {
    "unknown", "wifi", "mobile_only", "shared_device", "tv_only", "none"};
constexpr std::array<std::string_view, 7> kDuties = {
    "school_office", "district_office", "resources", "inspector", "technician", "safeguarding", "principal"};

template <class Names>
std::optional<std::size_t> index_of(const Names& names, std::string_view name) noexcept {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

PublicId PublicId::make() {
  PublicId id;
  const std::string letters = crypto::readable_id(kLetters);
  std::copy(letters.begin(), letters.end(), id.letters_.begin());
  return id;
}

std::optional<PublicId> PublicId::parse(std::string_view text) noexcept {
  const auto readable = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  if (text.size() != kLetters || !std::all_of(text.begin(), text.end(), readable)) return std::nullopt;
  PublicId id;
  std::copy(text.begin(), text.end(), id.letters_.begin());
  return id;
}

std::string_view to_string(Stage stage) noexcept { return kStages.at(static_cast<std::size_t>(stage)); }

std::optional<Stage> stage_from(std::string_view name) noexcept {
  const auto index = index_of(kStages, name);
  return index ? std::optional(static_cast<Stage>(*index)) : std::nullopt;
}

Stage StageBoundaries::stage_of(Grade grade) const noexcept {
  std::size_t stage = 0;
  while (stage + 1 < kStageCount && grade > last[stage]) ++stage;
  return static_cast<Stage>(stage);
}

Grade StageBoundaries::first(Stage stage) const noexcept {
  const auto index = static_cast<std::size_t>(stage);
  return index == 0 ? Grade{1} : static_cast<Grade>(last.at(index - 1) + 1);
}

std::optional<Grade> StageBoundaries::grade_of(Stage stage, unsigned year) const noexcept {
  // Primary school counts through both its stages.
  const unsigned before = stage <= Stage::upper ? 0U : first(stage) - 1U;
  const Grade end = stage <= Stage::upper ? last[1] : last.at(static_cast<std::size_t>(stage));
  if (year == 0 || year > kLastGrade || before + year > end) return std::nullopt;
  return static_cast<Grade>(before + year);
}

bool StageBoundaries::valid() const noexcept {
  return last[0] >= 1 && std::is_sorted(last.begin(), last.end()) && last[kStageCount - 1] == kLastGrade;
}

std::string_view to_string(Condition condition) noexcept {
  return kConditions.at(static_cast<std::size_t>(condition));
}

std::optional<Condition> condition_from(std::string_view name) noexcept {
  const auto index = index_of(kConditions, name);
  return index ? std::optional(static_cast<Condition>(*index)) : std::nullopt;
}

std::string_view to_string(Duty duty) noexcept {
  return kDuties.at(static_cast<std::size_t>(std::countr_zero(static_cast<std::uint16_t>(duty))));
}

std::optional<Duty> duty_from(std::string_view name) noexcept {
  const auto index = index_of(kDuties, name);
  return index ? std::optional(static_cast<Duty>(1U << *index)) : std::nullopt;
}

std::uint16_t with_what_comes(Duty duty) noexcept {
  const auto itself = static_cast<std::uint16_t>(duty);
  if (duty != Duty::principal) return itself;
  return static_cast<std::uint16_t>(itself | static_cast<std::uint16_t>(Duty::school_office));
}

}  // namespace tongke::school::people
