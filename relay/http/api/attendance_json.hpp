#pragma once

#include <nlohmann/json.hpp>

#include "relay/http/server.hpp"
#include "school/attendance/class_report.hpp"
#include "school/exchange/sheet.hpp"

namespace tongke::relay::http::api {

/// {"live", "tv", …, "unresolved"}: pupils by state.
[[nodiscard]] nlohmann::json states_json(const school::attendance::StateCounts& counts);
[[nodiscard]] nlohmann::json declared_json(school::attendance::Declared way);

/// In which language a request wants a sheet (`?lang=`).
[[nodiscard]] school::Language language_of(const Request& request);
/// A spreadsheet to keep, called "attendance".  @param format  csv or xlsx
[[nodiscard]] Response sheet_response(const school::exchange::Sheet& sheet, school::exchange::Format format);

}  // namespace tongke::relay::http::api
