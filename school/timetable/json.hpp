#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "school/timetable/finding.hpp"
#include "school/timetable/month.hpp"
#include "school/timetable/programme.hpp"
#include "school/timetable/proposal.hpp"

namespace tongke::school::timetable {

/// The API's forms. Ids are numbers, times "08:00", dates "2026-03-02", days 1 (Monday) to 7.
/// A finding: {severity, code, rows: [id…], params: {…}}; params holds what Where has set, and
/// amount and limit as Code explains them. Texts are made from code and params by the pages.
/// @{
[[nodiscard]] nlohmann::json to_json(const Finding& finding);
[[nodiscard]] nlohmann::json to_json(const Findings& findings);
[[nodiscard]] nlohmann::json to_json(const Card& card);
[[nodiscard]] nlohmann::json to_json(const Slot& slot);
[[nodiscard]] nlohmann::json to_json(const Entry& entry);
[[nodiscard]] nlohmann::json to_json(const Programme& programme);
[[nodiscard]] nlohmann::json to_json(const LeftOut& left);
[[nodiscard]] nlohmann::json to_json(const Proposal& proposal);
[[nodiscard]] nlohmann::json to_json(const MonthView& month);
/// @}

/// Changes what `said` names of a card.  @errors invalid (field "card": which of it)
[[nodiscard]] base::Result<Card> card_from(Card card, const nlohmann::json& said);

}  // namespace tongke::school::timetable
