#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "school/links/issue.hpp"
#include "school/people/directory.hpp"
#include "school/token.hpp"

namespace tongke::relay::http::api {

/// For whom a channel plays.
struct Audience {
  school::people::PupilId pupil = {};  ///< none: a screen of the school
  /// Whose day it is: the pupil's class, or the classes of a grade, by number.
  std::vector<school::people::ClassId> classes = {};
  /// What it is called in guides: the class's id there, or the school's with the grade. Names no child.
  std::string id = {};
  std::string title = {};
  /// Its place among the channels of its link: "" for one that has no other.
  std::string place = {};
};

/// The channels that a link opens: one of a pupil or a screen, one for each child of a family, one for each
/// grade of a school. Empty where there is nobody any more.  @thread any
[[nodiscard]] std::vector<Audience> audiences_of(const school::people::Directory& people,
                                                 const school::Token& channel);
/// The one at `place`; for a family, "" is the child that its link names.  @thread any
[[nodiscard]] std::optional<Audience> audience_at(const school::people::Directory& people,
                                                  const school::Token& channel, std::string_view place);

}  // namespace tongke::relay::http::api
