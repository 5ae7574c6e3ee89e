#include "school/text.hpp"

#include <nlohmann/json.hpp>

extern const char kSchoolTextJson[];

namespace tongke::school {
namespace {

const nlohmann::json& catalogue() {
  static const auto parsed = nlohmann::json::parse(kSchoolTextJson);
  return parsed;
}

}  // namespace

std::string text(std::string_view key, Language language) {
  const auto& sentences = catalogue().at("text");
  const auto entry = sentences.find(key);
  if (entry == sentences.end()) return std::string(key);
  return entry->at(language == Language::zh ? "zh" : "en").get<std::string>();
}

std::string text(std::string_view key) { return text(key, Language::zh) + " · " + text(key, Language::en); }

const std::map<std::string, std::vector<std::string>>& spelling_group(std::string_view group) {
  using Group = std::map<std::string, std::vector<std::string>>;
  static const auto all = catalogue().at("spellings").get<std::map<std::string, Group, std::less<>>>();
  static const Group none;
  const auto found = all.find(group);
  return found == all.end() ? none : found->second;
}

const std::vector<std::string>& spellings(std::string_view group, std::string_view key) {
  static const std::vector<std::string> none;
  const auto& all = spelling_group(group);
  const auto entry = all.find(std::string(key));
  return entry == all.end() ? none : entry->second;
}

}  // namespace tongke::school
