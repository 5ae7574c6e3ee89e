#pragma once

#include <nlohmann/json_fwd.hpp>

#include "school/exchange/import.hpp"

namespace tongke::school::exchange {

/// {"applied","rows":{kind:{created,updated,unchanged}},"changes":[…],"problems":[…],"notes":[…]},
/// as `tongke import --json` and the API answer.
[[nodiscard]] nlohmann::json to_json(const Imported& imported);

}  // namespace tongke::school::exchange
