#include "school/exchange/report_json.hpp"

#include <nlohmann/json.hpp>

namespace tongke::school::exchange {
namespace {

using nlohmann::json;

json problems_json(const std::vector<Problem>& problems) {
  json list = json::array();
  for (const auto& problem : problems) {
    list.push_back({{"file", problem.file},
                    {"line", problem.line},
                    {"column", to_string(problem.column)},
                    {"reason", to_string(problem.reason)}});
  }
  return list;
}

}  // namespace

json to_json(const Imported& imported) {
  json tallies = json::object();
  for (std::size_t i = 0; i < kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    const auto& tally = imported.report.tally(kind);
    tallies[std::string(to_string(kind))] = {
        {"created", tally.created}, {"updated", tally.updated}, {"unchanged", tally.unchanged}};
  }
  json differences = json::array();
  for (const auto& difference : imported.report.differences) {
    differences.push_back({{"kind", to_string(difference.kind)},
                           {"created", difference.created},
                           {"school", difference.school},
                           {"what", difference.what},
                           {"details", difference.details}});
  }
  return {{"applied", imported.applied},
          {"rows", std::move(tallies)},
          {"changes", std::move(differences)},
          {"problems", problems_json(imported.report.problems)},
          {"notes", problems_json(imported.report.notes)}};
}

}  // namespace tongke::school::exchange
