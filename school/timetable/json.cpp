#include "school/timetable/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCardBytes = 4'000;  // of one of its texts

/// Without control characters but line breaks.
bool is_text(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; });
}

template <class Tag>
json ids(const std::vector<Id<Tag>>& list) {
  json out = json::array();
  for (const auto id : list) out.push_back(id.value);
  return out;
}

template <class Tag>
void put(json& out, const char* key, const std::optional<Id<Tag>>& id) {
  if (id) out[key] = id->value;
}

json params(const Finding& finding) {
  const Where& where = finding.where;
  json out = json::object();
  if (where.day) out["day"] = *where.day;
  put(out, "class", where.class_id);
  if (!where.groups.empty()) out["groups"] = ids(where.groups);
  put(out, "subject", where.subject);
  if (where.grade) out["grade"] = *where.grade;
  put(out, "teacher", where.teacher);
  put(out, "place", where.place);
  if (!where.pupils.empty()) {
    out["pupils"] = ids(where.pupils);
    out["shared_device"] = where.shared_device;
  }
  out["amount"] = finding.amount;
  out["limit"] = finding.limit;
  return out;
}

template <class List>
json each(const List& list) {
  json out = json::array();
  for (const auto& item : list) out.push_back(to_json(item));
  return out;
}

}  // namespace

json to_json(const Entry& entry) {
  return {{"id", entry.id.value},
          {"date", format_date(entry.date)},
          {"period", entry.period},
          {"start", format_time(entry.start)},
          {"end", format_time(entry.end())},
          {"kind", to_string(entry.kind)},
          {"delivery", to_string(entry.delivery)},
          {"subject", entry.subject},
          {"lead", entry.lead},
          {"goal", entry.goal},
          {"advice", entry.advice}};
}

json to_json(const LeftOut& left) {
  return {{"id", left.id.value},
          {"reason", to_string(left.reason)},
          {"instead", left.instead ? json(to_string(*left.instead)) : json(nullptr)}};
}

json to_json(const Finding& finding) {
  return {{"severity", to_string(finding.severity)},
          {"code", to_string(finding.code)},
          {"rows", ids(finding.rows)},
          {"params", params(finding)}};
}

json to_json(const Findings& findings) { return each(findings); }

json to_json(const Card& card) {
  return {{"goal", card.goal},
          {"advice", card.advice},
          {"evaluation", to_string(card.evaluation)},
          {"evaluation_text", card.evaluation_text}};
}

base::Result<Card> card_from(Card card, const json& said) {
  const auto bad = [](const char* what) { return base::Error{base::Errc::invalid, what, "card"}; };
  if (!said.is_object()) return bad("must be an object");
  for (const auto& [key, value] : said.items()) {
    if (!value.is_string()) return bad("must hold strings");
    auto text = value.get<std::string>();
    if (text.size() > kMaxCardBytes || !is_text(text)) return bad("no text, or too long");
    if (key == "goal") {
      card.goal = std::move(text);
    } else if (key == "advice") {
      card.advice = std::move(text);
    } else if (key == "evaluation_text") {
      card.evaluation_text = std::move(text);
    } else if (key == "evaluation") {
      const auto found = evaluation_from(text);
      if (!found) return bad("evaluation is none, quick_check or text");
      card.evaluation = *found;
    } else {
      return bad("goal, advice, evaluation, evaluation_text");
    }
  }
  if (code_points(card.goal) > kMaxGoal) return bad("the goal has at most 200 characters");
  return card;
}

json to_json(const Slot& slot) {
  json out = {{"id", slot.id.value},
              {"day", iso_day(slot.day)},
              {"period", slot.period},
              {"start", format_time(slot.start)},
              {"end", format_time(slot.end())},
              {"kind", to_string(slot.kind)},
              {"delivery", to_string(slot.delivery)},
              {"classes", ids(slot.classes)},
              {"groups", ids(slot.groups)},
              {"invited", slot.invited},
              {"state", to_string(slot.state)},
              {"card", to_json(slot.card)}};
  put(out, "subject", slot.subject);
  put(out, "lead", slot.lead);
  put(out, "place", slot.place);
  return out;
}

json to_json(const Programme& programme) {
  return {{"id", programme.id}, {"title", programme.title}, {"entries", each(programme.entries)}};
}

json to_json(const Proposal& proposal) {
  return {{"slots", each(proposal.slots)},
          {"left_out", each(proposal.left_out)},
          {"findings", each(proposal.findings)}};
}

json to_json(const MonthView& month) {
  json weeks = json::array();
  for (const MonthView::Line& line : month.weeks) {
    json stages = json::object();
    for (std::size_t i = 0; i < kStageCount; ++i) {
      const WeekPlan& plan = line.stages.at(i);
      stages[std::string(to_string(static_cast<Stage>(i)))] = {{"state", to_string(plan.state)},
                                                               {"note", plan.note}};
    }
    weeks.push_back({{"monday", format_date(line.week.monday)}, {"stages", std::move(stages)}});
  }
  return {{"month", format_date(Date(month.month / 1)).substr(0, 7)}, {"weeks", std::move(weeks)}};
}

}  // namespace tongke::school::timetable
