#include "school/timetable/model.hpp"

#include <algorithm>
#include <array>

namespace tongke::school::timetable {
namespace {

constexpr std::array<std::string_view, kKindCount> kKinds = {
    "lesson", "qa", "break", "eye", "exercise", "labour", "arts", "homeroom", "parent"};
constexpr std::array<std::string_view, kDeliveryCount> kDeliveries = {"live", "recorded", "offline"};
constexpr std::array<std::string_view, 2> kStates = {"draft", "published"};
constexpr std::array<std::string_view, 3> kEvaluations = {"none", "quick_check", "text"};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view to_string(Kind kind) noexcept { return kKinds.at(static_cast<std::size_t>(kind)); }
std::optional<Kind> kind_from(std::string_view name) noexcept { return named<Kind>(kKinds, name); }
std::string_view to_string(Delivery delivery) noexcept {
  return kDeliveries.at(static_cast<std::size_t>(delivery));
}
std::optional<Delivery> delivery_from(std::string_view name) noexcept {
  return named<Delivery>(kDeliveries, name);
}
std::string_view to_string(State state) noexcept { return kStates.at(static_cast<std::size_t>(state)); }
std::string_view to_string(Evaluation evaluation) noexcept {
  return kEvaluations.at(static_cast<std::size_t>(evaluation));
}

std::optional<Evaluation> evaluation_from(std::string_view name) noexcept {
  return named<Evaluation>(kEvaluations, name);
}

}  // namespace tongke::school::timetable
