#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "relay/http/api/office.hpp"

namespace tongke::relay::http::api {

/// What a person's own link opens: {"kind":"pupil"|"home"|"staff","people":[{"name","class","school",
/// "lessons":[{…lesson,"role","link","page"}]}]}, each child of a home by itself, newest lessons
/// first.  @thread control
[[nodiscard]] nlohmann::json own_lessons_json(const Office& office, const school::Token& own);

/// Where to go at once: the lesson on air, else of those that wait the one that is planned next, else
/// the family's own page, which leads to the replays; without one (`family` ""), the newest to replay,
/// else one whose hour has passed without a teacher; "/" when there is none.
[[nodiscard]] std::string best_page(const nlohmann::json& own_lessons, base::WallTime now,
                                    const std::string& family = {});

}  // namespace tongke::relay::http::api
