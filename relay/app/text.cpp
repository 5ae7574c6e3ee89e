#include "relay/app/text.hpp"

#include <nlohmann/json.hpp>

extern const char kTextJson[];

namespace tongke::relay::app {
namespace {

const nlohmann::json& catalogue() {
  static const auto parsed = nlohmann::json::parse(kTextJson);
  return parsed;
}

std::string lookup(std::string_view key, const char* language) {
  const auto entry = catalogue().find(key);
  return entry == catalogue().end() ? std::string(key) : entry->at(language).get<std::string>();
}

}  // namespace

std::string text(std::string_view key) { return lookup(key, "zh") + " · " + lookup(key, "en"); }
std::string text_lines(std::string_view key) { return lookup(key, "zh") + "\n" + lookup(key, "en"); }
std::string text_zh(std::string_view key) { return lookup(key, "zh"); }

}  // namespace tongke::relay::app
