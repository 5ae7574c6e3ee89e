#pragma once

#include <string>

#include "school/links/link_book.hpp"
#include "school/people/directory.hpp"
#include "school/people/model.hpp"
#include "school/token.hpp"

/// What a person's links say; sign with TokenSigner::issue. `lesson` "" makes the person's own.
namespace tongke::school::links {

[[nodiscard]] Token pupil_link(const LinkBook& book, const people::Pupil& pupil, const std::string& lesson,
                               base::WallTime expires);
/// A guardian's, to one child's seat in a lesson.
[[nodiscard]] Token guardian_link(const LinkBook& book, const people::Pupil& child, const std::string& lesson,
                                  base::WallTime expires);
/// A family's own.
[[nodiscard]] Token home_link(const LinkBook& book, people::HomeId home, base::WallTime expires);
/// @param role  lead or teacher, or what else the person is in the lesson
[[nodiscard]] Token staff_link(const LinkBook& book, people::StaffId staff, Role role,
                               const std::string& lesson, base::WallTime expires);

/// Whose seat a lesson's link is for, be it the pupil's own or the family's; nullptr for any other link,
/// and for who is no longer on the roster.
[[nodiscard]] const people::Pupil* seated(const Token& token, const people::Directory& people);

}  // namespace tongke::school::links
