#include "relay/http/api/own_lessons.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "relay/http/api/lesson_json.hpp"
#include "relay/http/api/office_json.hpp"
#include "school/links/issue.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;
namespace links = school::links;
namespace people = school::people;

// A week of lessons to look at again.
constexpr std::size_t kMostLessons = 40;

/// The page for who holds such a link.
std::string page_of(school::Role role) {
  if (role == school::Role::lead) return "/studio/";
  return role == school::Role::teacher ? "/desk/" : "/w/";
}

using Issue = std::function<school::Token(const std::string& lesson)>;

json lesson_of(const Office& office, const school::Lesson& lesson, const school::Token& token) {
  const std::string link = office.signer.issue(token);
  json about = lesson_json(lesson, office.live, office.plans);
  about["created_at"] = lesson.created.time_since_epoch().count();
  about["role"] = to_string(token.role);
  about["link"] = link;
  about["page"] = page_of(token.role) + link;
  return about;
}

json lessons_json(const Office& office, const std::vector<std::string>& ids, const Issue& issue) {
  std::vector<const school::Lesson*> lessons;
  for (const auto& id : ids) {
    if (const auto* lesson = office.lessons.find(id)) lessons.push_back(lesson);
  }
  std::ranges::sort(lessons, std::ranges::greater(), [](const auto* lesson) { return lesson->created; });
  lessons.resize(std::min(lessons.size(), kMostLessons));
  json list = json::array();
  for (const auto* lesson : lessons) list.push_back(lesson_of(office, *lesson, issue(lesson->id)));
  return list;
}

json pupil_of(const Office& office, const people::Directory& district, const people::Pupil& pupil,
              const Issue& issue) {
  return {{"id", pupil.public_id.view()},
          {"name", pupil.name},
          {"school", brief_json(district.find(pupil.school))},
          {"class", brief_json(district.find(pupil.original_class))},
          {"lessons", lessons_json(office, office.arrangements.lessons_of(district, pupil), issue)}};
}

json staff_of(const Office& office, const people::Directory& district, const people::Staff& staff,
              base::WallTime expires) {
  std::vector<std::string> ids;
  for (const auto& [id, arranged] : office.arrangements.all()) {
    const auto own = [&](const school::Room& room) { return school::teaches(district, staff, room); };
    if (arranged.lead() == staff.id || std::ranges::any_of(arranged.rooms, own)) ids.push_back(id);
  }
  const auto issue = [&](const std::string& lesson) {
    const bool leads = office.arrangements.of(lesson).lead() == staff.id;
    return links::staff_link(office.links, staff.id, leads ? school::Role::lead : school::Role::teacher,
                             lesson, expires);
  };
  return {{"id", staff.public_id.view()},
          {"name", staff.name},
          {"school", brief_json(district.find(staff.school))},
          {"class", nullptr},
          {"lessons", lessons_json(office, ids, issue)}};
}

}  // namespace

json own_lessons_json(const Office& office, const school::Token& own) {
  const auto now = office.people.current();
  const auto bearer = links::bearer_of(own);
  json list = json::array();
  std::string kind = "staff";
  const std::uint32_t row = bearer ? bearer->second : 0;
  if (bearer && bearer->first == links::Bearer::pupil) {
    kind = "pupil";
    if (const auto* pupil = now->find(people::PupilId{row})) {
      list.push_back(pupil_of(office, *now, *pupil, [&](const std::string& lesson) {
        return links::pupil_link(office.links, *pupil, lesson, own.expires);
      }));
    }
  } else if (bearer && bearer->first == links::Bearer::home) {
    kind = "home";
    for (const auto id : now->children_of({row})) {
      const people::Pupil& child = *now->find(id);
      if (child.standing != people::Standing::active) continue;
      list.push_back(pupil_of(office, *now, child, [&](const std::string& lesson) {
        return links::guardian_link(office.links, child, lesson, own.expires);
      }));
    }
  } else if (const auto* staff = now->find(people::StaffId{row})) {
    list.push_back(staff_of(office, *now, *staff, own.expires));
  }
  return {{"kind", kind}, {"people", std::move(list)}};
}

std::string best_page(const json& own_lessons, base::WallTime now, const std::string& family) {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  const auto at = [](const json& lesson, const char* field) {
    const auto found = lesson.find(field);
    return found != lesson.end() && found->is_number() ? found->get<std::int64_t>() : kNever;
  };
  // How much it is worth, then how soon it begins; lists have the newest first.
  const auto rank = [&](const json& lesson) {
    const auto state = lesson.at("state").get<std::string>();
    const bool over = at(lesson, "planned_end") <= now.time_since_epoch().count();
    const int worth = state == "live"                   ? 5
                      : state == "interrupted" && !over ? 4
                      : state == "ended"                ? 2
                      : over                            ? 1
                                                        : 3;
    return std::pair(worth, worth == 3 ? -at(lesson, "planned_start") : std::int64_t{0});
  };
  std::string page = family.empty() ? "/" : family;
  std::pair<int, std::int64_t> best{family.empty() ? 0 : 2, 0};  // as much as a replay
  for (const auto& person : own_lessons.at("people")) {
    for (const auto& lesson : person.at("lessons")) {
      const auto here = rank(lesson);
      if (here <= best) continue;
      best = here;
      page = lesson.at("page").get<std::string>();
    }
  }
  return page;
}

}  // namespace tongke::relay::http::api
