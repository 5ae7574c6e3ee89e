#include "school/timetable/labels.hpp"

#include <nlohmann/json.hpp>

extern const char kTimetableTextJson[];

namespace tongke::school::timetable {

std::string label(std::string_view key, Language language) {
  static const auto catalogue = nlohmann::json::parse(kTimetableTextJson);
  const auto entry = catalogue.find(key);
  if (entry == catalogue.end()) return std::string(key);
  return entry->at(language == Language::zh ? "zh" : "en").get<std::string>();
}

}  // namespace tongke::school::timetable
