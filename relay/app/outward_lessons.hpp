#pragma once

#include "relay/outward/notice.hpp"
#include "school/lessons.hpp"
#include "school/people/directory.hpp"
#include "school/rooms.hpp"
#include "school/schedule/plans.hpp"

namespace tongke::relay::app {

/// What may be said of a lesson outside the school, but for its title, which is still as somebody
/// typed it.  @param plan  null: nobody planned it
[[nodiscard]] outward::LessonInfo outward_lesson(const school::Lesson& lesson, outward::State state,
                                                 const school::Arrangement& arrangement,
                                                 const school::schedule::LessonPlan* plan, bool drill,
                                                 const school::people::Directory& people);

/// Takes out titles and labels of groups in which the name of a pupil or a member of staff stands:
/// of the lesson's schools, and of everybody for a lesson without classes. A word that only looks like
/// somebody's name goes too; that costs a title, and nothing else.
[[nodiscard]] outward::LessonInfo without_names(outward::LessonInfo lesson,
                                                const school::Arrangement& arrangement,
                                                const school::people::Directory& people);

}  // namespace tongke::relay::app
