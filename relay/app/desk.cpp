#include "relay/app/desk.hpp"

#include <nlohmann/json.hpp>

#include "relay/http/api/json_body.hpp"
#include "relay/http/api/json_response.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::uint32_t kMaxLinks = 1000;

}  // namespace

Result<json> Desk::run(const std::string& command, const json& arguments) {
  if (!arguments.is_object()) return Error{Errc::invalid, "arguments must be an object"};
  if (command == "lesson.create") return create(arguments);
  if (command == "lesson.start") return change_state(arguments, school::LessonState::open);
  if (command == "lesson.end") return change_state(arguments, school::LessonState::ended);
  if (command == "link") return link(arguments);
  if (command == "lesson.list") {
    json all = json::array();
    for (const auto* lesson : lessons_.newest()) all.push_back(describe(*lesson));
    return all;
  }
  return Error{Errc::invalid, "unknown command", "command"};
}

Result<json> Desk::create(const json& arguments) {
  auto title = http::api::text_field(arguments, "title");
  if (!title) return std::move(title).error();
  auto lesson = lessons_.create(*title);
  if (!lesson) return std::move(lesson).error();
  if (changed_) changed_(*lesson);
  // The lead sees her own lesson with the link of her own seat.
  auto token = issue(lesson->id, school::Role::lead);
  if (!token) return std::move(token).error();
  json answer = describe(*lesson);
  answer["publish_key"] = lesson->publish_key;
  answer["rtmp"] = addresses_.rtmp_publish(*lesson);
  if (!addresses_.rtmps.empty()) answer["rtmps"] = addresses_.rtmps_publish(*lesson);
  answer["srt"] = addresses_.srt_publish(*lesson);
  answer["whip"] = addresses_.whip_publish(*lesson);
  answer["whep"] = addresses_.whep(*token, lesson->id);
  answer["hls"] = addresses_.hls(*token, lesson->id);
  answer["studio"] = addresses_.studio(*token);
  return answer;
}

Result<json> Desk::change_state(const json& arguments, school::LessonState state) {
  auto id = http::api::text_field(arguments, "lesson");
  if (!id) return std::move(id).error();
  auto lesson = set_state(*id, state);
  if (!lesson) return std::move(lesson).error();
  return describe(*lesson);
}

Result<school::Lesson> Desk::set_state(const std::string& id, school::LessonState state) {
  if (state == school::LessonState::open && hour_ && lessons_.find(id))
    if (auto allowed = hour_(id); !allowed) return std::move(allowed).error();
  auto lesson = lessons_.set_state(id, state);
  if (lesson && changed_) changed_(*lesson);
  return lesson;
}

Result<json> Desk::link(const json& arguments) {
  auto id = http::api::text_field(arguments, "lesson");
  if (!id) return std::move(id).error();
  auto role_name = http::api::text_field(arguments, "role");
  if (!role_name) return std::move(role_name).error();
  const auto role = school::role_from(*role_name);
  if (!role) return Error{Errc::invalid, "unknown role \"" + *role_name + "\"", "role"};
  const auto count = arguments.value("count", json(1));
  if (!count.is_number_unsigned() || count.get<std::uint64_t>() < 1 ||
      count.get<std::uint64_t>() > kMaxLinks) {
    return Error{Errc::invalid, "must be between 1 and " + std::to_string(kMaxLinks), "count"};
  }
  const auto first = lessons_.reserve_seats(*id, count.get<std::uint32_t>());
  if (!first) return Error(first.error());
  json links = json::array();
  for (std::uint32_t i = 0; i < count.get<std::uint32_t>(); ++i) {
    const std::string token = sign(*id, *role, *first + i);
    links.push_back({{"token", token},
                     {"url", addresses_.page(*role, token)},
                     {"hls", addresses_.hls(token, *id)},
                     {"whep", addresses_.whep(token, *id)}});
  }
  return links;
}

Result<std::string> Desk::issue(const std::string& lesson, school::Role role) {
  const auto seat = lessons_.reserve_seats(lesson, 1);
  if (!seat) return Error(seat.error());
  return sign(lesson, role, *seat);
}

json Desk::describe(const school::Lesson& lesson) const {
  return {{"id", lesson.id},
          {"title", lesson.title},
          {"state", on_air_ ? on_air_(lesson) : std::string(to_string(lesson.state))},
          {"created_ms", lesson.created.time_since_epoch().count()},
          {"ended_ms", http::api::wall_json(lesson.ended)}};
}

std::string Desk::sign(const std::string& lesson, school::Role role, std::uint32_t seat) const {
  return signer_.issue(
      {.role = role, .lesson = lesson, .seat = seat, .expires = base::wall_now() + links_valid_});
}

}  // namespace tongke::relay::app
