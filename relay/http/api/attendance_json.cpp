#include "relay/http/api/attendance_json.hpp"

namespace tongke::relay::http::api {

namespace attendance = school::attendance;
using nlohmann::json;

json states_json(const attendance::StateCounts& counts) {
  json states = json::object();
  for (std::size_t i = 0; i < attendance::kStateCount; ++i)
    states[std::string(to_string(static_cast<attendance::State>(i)))] = counts.at(i);
  return states;
}

json declared_json(attendance::Declared way) {
  return way == attendance::Declared::nothing ? json(nullptr) : json(to_string(way));
}

school::Language language_of(const Request& request) {
  return request.query("lang").value_or("zh") == "en" ? school::Language::en : school::Language::zh;
}

Response sheet_response(const school::exchange::Sheet& sheet, school::exchange::Format format) {
  const bool spreadsheet = format == school::exchange::Format::xlsx;
  auto bytes = school::exchange::sheet_bytes(sheet, format);
  if (!bytes) return problem(503, "io", bytes.error().message);
  const std::string name = spreadsheet ? "attendance.xlsx" : "attendance.csv";
  Response response;
  response.content_type = spreadsheet ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                      : "text/csv; charset=utf-8";
  response.headers = {{"Cache-Control", "no-store"},
                      {"Content-Disposition", "attachment; filename=\"" + name + "\""}};
  response.body.emplace_back(std::vector<std::uint8_t>(bytes->begin(), bytes->end()));
  return response;
}

}  // namespace tongke::relay::http::api
