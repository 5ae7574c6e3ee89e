#pragma once

#include <optional>

#include "base/result.hpp"
#include "relay/app/settings.hpp"
#include "school/timetable/rules_config.hpp"

namespace tongke::relay::app {

/// The timetable's rules as `[hours]` has them.
/// @errors invalid: names the key
[[nodiscard]] base::Result<school::timetable::RuleSettings> rules_of(const Settings& settings);

}  // namespace tongke::relay::app
