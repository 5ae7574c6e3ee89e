#pragma once

#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace tongke::relay::http::api {

/// What the rules of the hour leave a lesson.
struct AirStatus {
  /// Until the first of its rooms that is still there has to rest; nothing: no end in sight today.
  std::optional<std::chrono::milliseconds> left;
  std::string rule;  ///< "daily_cap" or "evening": why it ends, or why it may not begin
  std::size_t rooms = 0;
  std::size_t resting = 0;  ///< of them, at their end already
};

/// {"left_s","rule","rooms","resting"}, or null for a lesson outside of the rules.
[[nodiscard]] inline nlohmann::json air_json(const std::optional<AirStatus>& status) {
  if (!status) return nullptr;
  return {{"left_s", status->left ? nlohmann::json(status->left->count() / 1000) : nlohmann::json(nullptr)},
          {"rule", status->rule.empty() ? nlohmann::json(nullptr) : nlohmann::json(status->rule)},
          {"rooms", status->rooms},
          {"resting", status->resting}};
}

}  // namespace tongke::relay::http::api
