#pragma once

#include <optional>
#include <string>
#include <vector>

#include "school/arrangements.hpp"
#include "school/people/directory.hpp"

namespace tongke::relay::app {

/// Links that `serve --demo` prints; each empty without what it leads to.
struct DemoLinks {
  std::string watch;   ///< to the demo lesson
  std::string desk;    ///< of a subject teacher who co-watches it; with a made-up district only
  std::string studio;  ///< of a lesson to try teaching with
};

/// Who sits in the demo lesson: classes of several made-up schools, each in its own room.
struct DemoClass {
  std::vector<school::Arrangements::RoomPlan> rooms;
  school::people::StaffId lead;
  school::people::StaffId teacher;  ///< of the first room
  school::people::PupilId pupil;    ///< in the first room
};

/// Classes for the demo lesson; none where the district is a real one: its children have no place in
/// a demonstration.  Pure.
[[nodiscard]] std::optional<DemoClass> demo_class(const school::people::Directory& district);

}  // namespace tongke::relay::app
