#pragma once

#include <vector>

#include "base/result.hpp"
#include "relay/http/api/office.hpp"
#include "school/rooms.hpp"

namespace tongke::relay::http::api {

/// What a lesson is about, for asking who may: its rooms' classes and groups, with its lead. A
/// lesson without rooms is the district's.
[[nodiscard]] std::vector<school::Target> targets_of(const school::people::Directory& district,
                                                     const school::Arrangement& lesson);
/// An original class in a lesson, for asking who may.
[[nodiscard]] school::Target target_of(const school::people::Directory& district,
                                       const school::Arrangement& lesson,
                                       school::people::ClassId original_class);
/// Some room of it is in the visitor's reach, or its teacher is the visitor.
[[nodiscard]] bool may_see_lesson(const Visitor& visitor, const school::Arrangement& lesson);
/// Every room of it is.
[[nodiscard]] bool may_manage_lesson(const Visitor& visitor, const school::Arrangement& lesson);
[[nodiscard]] bool may_hold_lesson(const Visitor& visitor, const school::Arrangement& lesson);
/// The teacher whose id is a body's `field`; none when it is not there.  @errors not_found (field)
[[nodiscard]] base::Result<school::people::StaffId> staff_in(const school::people::Directory& district,
                                                             const nlohmann::json& body, const char* field);

}  // namespace tongke::relay::http::api
