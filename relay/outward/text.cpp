#include "relay/outward/text.hpp"

#include <nlohmann/json.hpp>

extern const char kOutwardTextJson[];

namespace tongke::relay::outward {
namespace {

const nlohmann::json& catalogue() {
  static const auto parsed = nlohmann::json::parse(kOutwardTextJson);
  return parsed;
}

}  // namespace

std::string phrase(std::string_view key, school::Language language) {
  const auto entry = catalogue().find(key);
  if (entry == catalogue().end()) return std::string(key);
  return entry->at(language == school::Language::zh ? "zh" : "en").get<std::string>();
}

std::string phrase(std::string_view key, school::Language language, std::string_view value) {
  std::string words = phrase(key, language);
  const std::size_t place = words.find("{}");
  return place == std::string::npos ? words : words.replace(place, 2, value);
}

}  // namespace tongke::relay::outward
