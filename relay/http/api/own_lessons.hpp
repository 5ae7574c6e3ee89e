#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "relay/http/api/office.hpp"

namespace tongke::relay::http::api {

/// What a person's own link opens: {"kind":"pupil"|"home"|"staff","people":[{"name","class","school",
/// "lessons":[{…lesson,"role","link","page"}]}]}, each child of a home by itself, newest lessons
/// first.  @thread control
[[nodiscard]] nlohmann::json own_lessons_json(const Office& office, const school::Token& own);

/// Where to go at once: the lesson on air, else one that waits, else the newest to replay; "/" when
/// there is none.
[[nodiscard]] std::string best_page(const nlohmann::json& own_lessons);

}  // namespace tongke::relay::http::api
