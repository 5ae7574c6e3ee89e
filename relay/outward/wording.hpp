#pragma once

#include <span>
#include <string>

#include "relay/outward/notice.hpp"
#include "school/text.hpp"
#include "school/timetable/when.hpp"

namespace tongke::relay::outward {

/// What every message needs to know of this installation.
struct Letterhead {
  school::timetable::Zone zone = {};
  std::string page = {};  ///< address of the home page, the same for everybody; empty = none is said
};

/// Notices as people read them in a group: one in full; several as a digest by event, where what
/// does not fit is counted. Every message begins with 同课, which a robot can ask for as keyword.
/// @param limit  bytes of UTF-8; never cut within a character     @thread any
[[nodiscard]] std::string wording(std::span<const Notice> notices, const Letterhead& letterhead,
                                  school::Language language, std::size_t limit);

}  // namespace tongke::relay::outward
