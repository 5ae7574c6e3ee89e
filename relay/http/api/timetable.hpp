#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "relay/http/server.hpp"
#include "school/people/ids.hpp"
#include "school/schedule/view.hpp"

namespace tongke::relay::http::api {

/// Who asks something of the timetable, as far as it matters.
struct TimetableCaller {
  school::people::SchoolId school = {};  ///< whose sheets may be seen or changed; none: everybody's
  std::string by = {};                   ///< for the log; an account, never a pupil
};
enum class TimetableAct { see, change, activate };

/// What is to be written out, and how.
struct Printing {
  enum class Format { json, html, ics, xmltv };
  Format format = Format::json;
  school::people::ClassId original_class = {};  ///< none: all classes of `school` (json, xmltv)
  school::people::SchoolId school = {};         ///< none: all
  std::optional<school::timetable::Stage> stage = {};
  school::timetable::Week week = {};
  bool drafts = false;  ///< as if all drafts were published
  bool english = false;
};
struct Printed {
  std::string content_type;
  std::string text;
};

/// GET, POST, PUT, PATCH and DELETE of /api/v1/timetable/rows: single rows of draft sheets, for editors;
/// POST …/rows/{row}/moves says what the rules would say of it elsewhere.
/// GET /api/v1/timetable/classes/{class}, …/schools/{school}, …/sheets, …/months/{month} and …/findings;
/// POST …/import, …/publish, …/undo; PUT …/months/{month}; GET and POST of /api/v1/plans.
struct TimetableRoutes {
  using Answer = std::function<void(base::Result<nlohmann::json>)>;
  /// @thread any
  std::function<school::schedule::ViewPtr()> view;
  school::timetable::Zone zone;
  /// @thread any   @errors not_found
  std::function<base::Result<Printed>(const Printing& what)> write;
  /// Runs import, check, publish, undo, month or row.…  @thread control
  std::function<void(const std::string& command, const nlohmann::json& arguments,
                     std::vector<std::uint8_t> file, const TimetableCaller& caller, const Answer& answer)>
      run;
  std::function<void(const nlohmann::json& arguments, const TimetableCaller& caller, const Answer& answer)>
      activate;
  std::function<void(const nlohmann::json& arguments, const Answer& answer)> undo_plan;
  std::function<nlohmann::json()> plans;
  /// Who asks, if he may; everybody else has been answered.  @thread any
  std::function<std::optional<TimetableCaller>(const Request& request, TimetableAct act,
                                               Responder& responder)>
      asker;
};
void add_timetable_routes(Server& server, const TimetableRoutes& use);

}  // namespace tongke::relay::http::api
