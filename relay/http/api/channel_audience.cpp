#include "relay/http/api/channel_audience.hpp"

#include <algorithm>
#include <utility>

#include "school/exchange/names.hpp"

namespace tongke::relay::http::api {
namespace {

namespace links = school::links;
namespace people = school::people;

std::optional<Audience> of_class(const people::Directory& district, people::ClassId id) {
  const people::Class* found = district.find(id);
  if (!found) return std::nullopt;
  return Audience{.classes = {id},
                  .id = found->public_id.str(),
                  .title = school::exchange::class_label({found->grade, found->number})};
}

Audience of_child(const people::Directory& district, const people::Pupil& child) {
  Audience made = of_class(district, child.original_class).value_or(Audience());
  made.pupil = child.id;
  return made;
}

std::optional<Audience> of_grade(const people::Directory& district, const people::School& at,
                                 people::Grade grade) {
  Audience made{.id = at.public_id.str() + "." + std::to_string(grade),
                .title = at.name + " " + school::exchange::grade_label(grade)};
  std::vector<const people::Class*> found;
  for (const auto id : district.classes_of(at.id)) {
    if (const auto* one = district.find(id); one->grade == grade) found.push_back(one);
  }
  if (found.empty()) return std::nullopt;
  std::ranges::sort(found, {}, &people::Class::number);
  for (const auto* one : found) made.classes.push_back(one->id);
  return made;
}

std::vector<Audience> of_screen(const people::Directory& district, const links::Screen& screen) {
  std::vector<Audience> out;
  const auto add = [&out](std::optional<Audience> one) {
    if (one) out.push_back(std::move(*one));
  };
  const people::School* at = district.find(screen.school);
  if (screen.original_class) {
    add(of_class(district, screen.original_class));
  } else if (at && screen.grade != 0) {
    add(of_grade(district, *at, screen.grade));
  } else if (at) {
    for (people::Grade grade = 1; grade <= people::kLastGrade; ++grade) {
      add(of_grade(district, *at, grade));
      if (!out.empty() && out.back().place.empty()) out.back().place = std::to_string(grade);
    }
  }
  return out;
}

}  // namespace

std::vector<Audience> audiences_of(const people::Directory& district, const school::Token& channel) {
  if (const auto screen = links::screen_of(channel)) return of_screen(district, *screen);
  const people::Pupil* child = links::seated(channel, district);
  if (!child) return {};
  if (channel.role == school::Role::pupil) return {of_child(district, *child)};
  std::vector<Audience> out;
  for (const auto id : district.children_of(child->home)) {
    const people::Pupil& one = *district.find(id);
    if (one.standing != people::Standing::active) continue;
    out.push_back(of_child(district, one));
    out.back().place = one.public_id.str();
  }
  if (out.size() == 1) out.front().place.clear();
  return out;
}

std::optional<Audience> audience_at(const people::Directory& district, const school::Token& channel,
                                    std::string_view place) {
  auto all = audiences_of(district, channel);
  const auto found = std::ranges::find(all, place, &Audience::place);
  if (found != all.end()) return std::move(*found);
  const people::Pupil* child = place.empty() ? links::seated(channel, district) : nullptr;
  return child ? std::optional(of_child(district, *child)) : std::nullopt;
}

}  // namespace tongke::relay::http::api
