#include "relay/http/api/own_data_json.hpp"

#include <algorithm>

#include "relay/http/api/attendance_json.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_json.hpp"
#include "school/attendance/class_report.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;
using signaling::OwnWork;
using signaling::Talk;
namespace attendance = school::attendance;
namespace protocol = signaling::protocol;

std::string_view word(Talk::Shown shown) {
  switch (shown) {
    case Talk::Shown::pending:
      return "pending";
    case Talk::Shown::shown:
      return "shown";
    case Talk::Shown::gone:
      break;
  }
  return "gone";
}

/// Null for a lesson that has not begun and has seen nobody.
json attendance_json(const OwnLesson& own, base::WallTime now) {
  const auto& history = own.attendance;
  if (!own.lesson.started && !history.known) return nullptr;
  const auto window = attendance::window_of(own.lesson, now);
  const attendance::SeatRecord* const seat = history.known ? &history.record : nullptr;
  const auto line = attendance::report_of({}, seat, window);
  json out = {{"state", to_string(line.state)},
              {"minutes", line.attended.count()},
              {"replay_minutes", std::ranges::count(history.record.replayed, true)},
              {"declared", declared_json(line.declared)},
              {"intervals", json::array()},
              {"declarations", json::array()},
              {"contacts", json::array()},
              {"companions", json::array()}};
  for (const auto& interval : attendance::intervals(history.record, window))
    out["intervals"].push_back({{"from", wall_json(interval.from)}, {"to", wall_json(interval.to)}});
  for (const auto& one : history.declarations)
    out["declarations"].push_back({{"way", declared_json(one.way)}, {"at", wall_json(one.at)}});
  for (const auto& one : history.contacts) {
    out["contacts"].push_back(
        {{"by", to_string(one.by)}, {"way", to_string(one.way)}, {"at", wall_json(one.at)}});
  }
  for (const auto& one : history.companions) {
    const auto who =
        one.who < protocol::kWhoCount ? static_cast<protocol::Who>(one.who) : protocol::Who::other;
    out["companions"].push_back({{"who", to_string(who)}, {"since", wall_json(one.since)}});
  }
  return out;
}

/// A number; or options by their place, 0 the first.
json reply_json(const protocol::Reply& reply) {
  if (!reply.number.empty()) return reply.number;
  json choices = json::array();
  for (std::size_t i = 0; i < protocol::kMaxOptions; ++i) {
    if (((reply.choices >> i) & 1U) != 0) choices.push_back(i);
  }
  return choices;
}

json answer_json(const OwnWork::Answered& answered) {
  json out = {{"check", answered.check},
              {"item", answered.item},
              {"answer", reply_json(answered.reply)},
              {"right", answered.right ? json(*answered.right) : json(nullptr)},
              {"question", nullptr}};
  if (const auto& asked = answered.question)
    out["question"] = {{"kind", to_string(asked->kind)}, {"text", asked->text}, {"options", asked->options}};
  return out;
}

}  // namespace

json own_json(const school::people::Directory& district, const OwnLesson& own, base::WallTime now) {
  json out = {{"id", own.lesson.id},
              {"title", own.lesson.title},
              {"started_at", wall_json(own.lesson.started)},
              {"ended_at", wall_json(own.lesson.ended)},
              {"room", own.room ? json(school::label_of(district, own.room->seating)) : json(nullptr)},
              {"attendance", attendance_json(own, now)},
              {"roll_call", own.work.here},
              {"answers", json::array()},
              {"help", json::array()},
              {"chat", json::array()}};
  for (const auto& answered : own.work.answers) out["answers"].push_back(answer_json(answered));
  for (const auto& note : own.work.help) {
    out["help"].push_back({{"from_teacher", note.from_teacher},
                           {"teacher", note.from.empty() ? json(nullptr) : json(note.from)},
                           {"text", note.text},
                           {"at", wall_json(note.at)}});
  }
  for (const auto& note : own.work.chat)
    out["chat"].push_back({{"text", note.text}, {"at", wall_json(note.at)}, {"shown", word(note.shown)}});
  return out;
}

}  // namespace tongke::relay::http::api
