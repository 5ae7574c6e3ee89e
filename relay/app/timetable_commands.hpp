#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "school/schedule/book.hpp"
#include "school/schedule/planning.hpp"
#include "school/schedule/view.hpp"
#include "school/timetable/rules_config.hpp"

/// What `tongke timetable` and the API ask of the timetable, as JSON in and JSON out: run on the
/// store thread of a server, or straight on the store when no server is up.
namespace tongke::relay::app {

/// The moment and the rules that a command is about.
struct TimetableTools {
  school::schedule::Book& book;
  school::store::Store& store;
  const school::schedule::View& view;  ///< of the book's newest snapshot
  school::timetable::RuleSettings rules;
  base::WallTime now{};
  /// Whose sheets may be changed: one school's; none: everybody's.
  school::people::SchoolId school = {};
  std::string by = {};  ///< for the log of publications
};

/// @param arguments {"school"?: name that rows without one mean, "replace"?, "dry_run"?, "skip_bad"?}
/// @errors invalid, io, conflict
[[nodiscard]] base::Result<nlohmann::json> import_timetable(const TimetableTools& use, base::ByteView file,
                                                            const nlohmann::json& arguments);
/// {"findings":[{severity, code, rows, params, week}], "rows":{id: {…}}, "ok": no error}
[[nodiscard]] base::Result<nlohmann::json> check_timetable(const TimetableTools& use);
/// As check_timetable, with "published" and "sheets": nothing is written when an error stands in
/// the way.  @errors io, conflict
[[nodiscard]] base::Result<nlohmann::json> publish_timetable(const TimetableTools& use);
/// {"taken_back": how many sheets}  @errors conflict: nothing to take back; io
[[nodiscard]] base::Result<nlohmann::json> undo_timetable(const TimetableTools& use);
/// @param arguments {"week": a date in it, "stage", "state"?, "note"?}
/// @errors invalid (field), io
[[nodiscard]] base::Result<nlohmann::json> change_month(const TimetableTools& use,
                                                        const nlohmann::json& arguments);

/// {"findings","rows"} of an answer.
[[nodiscard]] nlohmann::json findings_answer(const TimetableTools& use,
                                             const std::vector<school::schedule::WeekFinding>& findings);

/// Runs import, check, publish, undo, month, row.… or export; the latter gives {"content_type","text"}.
/// @param file  of import   @errors as the commands; invalid: none of them
[[nodiscard]] base::Result<nlohmann::json> run_timetable(const TimetableTools& use,
                                                         const std::string& command,
                                                         const nlohmann::json& arguments,
                                                         base::ByteView file);

/// Every row that findings name, so that people can find it: {id: {scope, week, day, period, start,
/// end, subject, lead}}.
[[nodiscard]] nlohmann::json rows_named(const school::schedule::View& view,
                                        const std::vector<school::schedule::WeekFinding>& findings);

}  // namespace tongke::relay::app
