#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "relay/app/timetable_commands.hpp"

/// Single rows of draft sheets, as somebody drags them about: JSON in and JSON out, as the other
/// commands. A row: what GET gives, in names of its own or of the office's API: "lead" is a
/// teacher's public id, "subject" a name, and numbers are rows as the sheets show them.
namespace tongke::relay::app {

/// "row.show", "row.add", "row.put", "row.patch", "row.remove" or "row.moves".
[[nodiscard]] bool is_row_command(const std::string& command);

/// @param arguments  {"id", "row", "sheet" (of row.add: {"stage","grade","school","class","week"}),
///                   "match"?: an ETag, "dry_run"?, "strict"? (of row.put and row.patch): not saved
///                   when it would newly break a rule; then findings are what it would}
/// @return {"saved","ok","row","sheet","scope","findings":[…],"rows":{…}}; findings are those that name
///         the row or that it newly breaks. A draft may break rules; `ok` says whether it does.
/// @errors not_found, invalid (field), conflict (field "If-Match": changed meanwhile), io
[[nodiscard]] base::Result<nlohmann::json> run_row_command(const TimetableTools& use,
                                                           const std::string& command,
                                                           const nlohmann::json& arguments);

/// "row.moves": what the rules would say of the row at other times.
/// @param arguments  {"id", "moves": [{"day","start","period"?}], at most 40}
/// @return {"row","sheet","etag","moves":[{"day","start","ok","findings"}],"rows"}; findings are what
///         the move would newly break
/// @errors not_found, invalid (field)
[[nodiscard]] base::Result<nlohmann::json> try_moves(const TimetableTools& use,
                                                     const nlohmann::json& arguments);

/// A row of a draft sheet, and where it is.
struct FoundRow {
  school::schedule::SheetKey key;
  school::schedule::Rows rows;
  std::size_t at = 0;
};
/// @errors not_found, also for a row that somebody else may change
[[nodiscard]] base::Result<FoundRow> find_row(const TimetableTools& use, const std::string& id);
/// The row with what is said of it.  @errors invalid, not_found (field)
[[nodiscard]] base::Result<school::timetable::Row> changed_row(const TimetableTools& use,
                                                               school::timetable::Row row,
                                                               const nlohmann::json& said);
/// What the row would newly break, for each of `others` in its place.
[[nodiscard]] std::vector<std::vector<school::schedule::WeekFinding>> try_others(
    const TimetableTools& use, const FoundRow& found, const std::vector<school::timetable::Row>& others);
/// {"row","sheet","etag"} of an answer.
[[nodiscard]] nlohmann::json row_answer(const school::schedule::SheetKey& key,
                                        const school::timetable::Row& row);

/// What If-Match compares.
[[nodiscard]] std::string row_tag(const school::timetable::Row& row);

}  // namespace tongke::relay::app
