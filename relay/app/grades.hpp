#pragma once

#include <set>

#include "school/people/directory.hpp"
#include "school/rooms.hpp"

namespace tongke::relay::app {

/// Whether a class or group of one of these grades has a room in the lesson.  @thread any
[[nodiscard]] bool has_grade(const school::people::Directory& people, const school::Arrangement& lesson,
                             const std::set<school::people::Grade>& grades);

}  // namespace tongke::relay::app
