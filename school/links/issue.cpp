#include "school/links/issue.hpp"

#include "school/links/revocations.hpp"

namespace tongke::school::links {

Token pupil_link(const LinkBook& book, const people::Pupil& pupil, const std::string& lesson,
                 base::WallTime expires) {
  return {.role = Role::pupil,
          .lesson = lesson,
          .seat = kRosterSeats + pupil.id.value,
          .version = book.version(person(pupil.id)),
          .expires = expires};
}

Token guardian_link(const LinkBook& book, const people::Pupil& child, const std::string& lesson,
                    base::WallTime expires) {
  return {.role = Role::guardian,
          .lesson = lesson,
          .seat = kRosterSeats + child.id.value,
          .version = book.version(person(child.home)),
          .expires = expires};
}

Token home_link(const LinkBook& book, people::HomeId home, base::WallTime expires) {
  return {.role = Role::guardian,
          .lesson = {},
          .seat = kRosterSeats + home.value,
          .version = book.version(person(home)),
          .expires = expires};
}

Token staff_link(const LinkBook& book, people::StaffId staff, Role role, const std::string& lesson,
                 base::WallTime expires) {
  return {.role = role,
          .lesson = lesson,
          .seat = kRosterSeats + staff.value,
          .version = book.version(person(staff)),
          .expires = expires};
}

const people::Pupil* seated(const Token& token, const people::Directory& people) {
  const auto bearer = bearer_of(token);
  if (!bearer || (bearer->first != Bearer::pupil && bearer->first != Bearer::guardian_of)) return nullptr;
  const people::Pupil* pupil = people.find(people::PupilId{bearer->second});
  return pupil && pupil->standing == people::Standing::active ? pupil : nullptr;
}

}  // namespace tongke::school::links
