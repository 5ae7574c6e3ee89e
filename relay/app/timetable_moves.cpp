#include "relay/app/timetable_rows.hpp"
#include "school/schedule/moving.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::app {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kMostMoves = 40;  // of one question; a row of the whole district takes its time

/// The row at each of the times.
Result<std::vector<tt::Row>> moved(const TimetableTools& use, const tt::Row& row, const json& moves) {
  if (!moves.is_array() || moves.empty() || moves.size() > kMostMoves)
    return Error{Errc::invalid, "a list of 1 to 40", "moves"};
  std::vector<tt::Row> out;
  for (const json& one : moves) {
    if (!one.is_object() || !one.contains("day") || !one.contains("start"))
      return Error{Errc::invalid, "each has day and start", "moves"};
    for (const auto& [key, value] : one.items())
      if (key != "day" && key != "start" && key != "period")
        return Error{Errc::invalid, "day, start, period", key};
    auto other = changed_row(use, row, one);
    if (!other) return std::move(other).error();
    out.push_back(std::move(*other));
  }
  return out;
}

}  // namespace

Result<json> try_moves(const TimetableTools& use, const json& arguments) {
  const auto found = find_row(use, arguments.value("id", std::string()));
  if (!found) return Error(found.error());
  const tt::Row& row = found->rows[found->at];
  const auto others = moved(use, row, arguments.value("moves", json()));
  if (!others) return Error(others.error());
  const auto tried = try_others(use, *found, *others);
  json answer = row_answer(found->key, row);
  answer["moves"] = json::array();
  answer["rows"] = json::object();
  for (std::size_t i = 0; i < tried.size(); ++i) {
    json one = findings_answer(use, tried[i]);
    answer["rows"].update(one["rows"]);
    answer["moves"].push_back({{"day", tt::iso_day((*others)[i].slot.day)},
                               {"start", tt::format_time((*others)[i].slot.start)},
                               {"ok", !has_errors(tried[i])},
                               {"findings", std::move(one["findings"])}});
  }
  return answer;
}

}  // namespace tongke::relay::app
