#pragma once

#include "relay/http/api/office.hpp"

namespace tongke::relay::http::api {

/// Whether the device that asks may open a person's own link: a young pupil's only once somebody
/// at it knew the last four digits of a guardian's telephone.  @thread any   @source SE-2
[[nodiscard]] bool knows_device(const Office& office, const Request& request, const school::Token& own);

/// The small page that asks for the digits: no script, for old phones.
[[nodiscard]] Response digits_page(std::string_view hint_key);

/// POST /api/v1/links/{link}/device {"digits"} for pages, POST /l/{link} (a form) for the small page.
void add_device_routes(Server& server, const Office& office);

}  // namespace tongke::relay::http::api
