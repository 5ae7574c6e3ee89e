#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

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

/// The link to the channel of one child, as its family or the pupil has it.
[[nodiscard]] inline std::string channel_of_child() { return std::string(1, kChannelMark); }

/// What a school's screen shows: a class, a grade, or whatever grade is chosen there.
struct Screen {
  people::ClassId original_class = {};
  people::SchoolId school = {};  ///< exactly one of the two is set
  people::Grade grade = 0;       ///< of the school; 0: all of them
  friend auto operator<=>(const Screen&, const Screen&) = default;
};
[[nodiscard]] Person person(const Screen& screen);
/// A link to the screen's channel; with a lesson, its pass to that.
[[nodiscard]] Token screen_link(const LinkBook& book, const Screen& screen, std::string_view lesson,
                                base::WallTime expires);
/// Which screen a channel's link is for; nullopt for a child's.
[[nodiscard]] std::optional<Screen> screen_of(const Token& token) noexcept;

/// Whose seat a lesson's link is for, be it the pupil's own or the family's; nullptr for any other link,
/// and for who is no longer on the roster.
[[nodiscard]] const people::Pupil* seated(const Token& token, const people::Directory& people);

}  // namespace tongke::school::links
