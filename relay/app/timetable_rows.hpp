#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "relay/app/timetable_commands.hpp"

/// Single rows of draft sheets, as somebody drags them about: JSON in and JSON out, as the other
/// commands. A row: what GET gives, in names of its own or of the office's API: "lead" is a
/// teacher's public id, "subject" a name, and numbers are rows as the sheets show them.
namespace tongke::relay::app {

/// "row.show", "row.add", "row.put", "row.patch" or "row.remove".
[[nodiscard]] bool is_row_command(const std::string& command);

/// @param arguments  {"id", "row", "sheet" (of row.add: {"stage","grade","school","class","week"}),
///                   "match"?: an ETag, "dry_run"?}
/// @return {"saved","ok","row","sheet","scope","findings":[…],"rows":{…}}; findings are those that name
///         the row or that it newly breaks. A draft may break rules; `ok` says whether it does.
/// @errors not_found, invalid (field), conflict (field "If-Match": changed meanwhile), io
[[nodiscard]] base::Result<nlohmann::json> run_row_command(const TimetableTools& use,
                                                           const std::string& command,
                                                           const nlohmann::json& arguments);

/// What If-Match compares.
[[nodiscard]] std::string row_tag(const school::timetable::Row& row);

}  // namespace tongke::relay::app
