#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "school/access_log.hpp"
#include "school/people/directory.hpp"
#include "school/rooms.hpp"

/// The school's rows as pages know them: public ids only, numbers of rows stay inside.
namespace tongke::relay::http::api {

/// {"id","name"}, or null when there is none.
[[nodiscard]] nlohmann::json brief_json(const school::people::School* school);
[[nodiscard]] nlohmann::json brief_json(const school::people::Staff* staff);
/// {"id","label","grade","number"}
[[nodiscard]] nlohmann::json brief_json(const school::people::Class* original_class);
/// Names a child: only for who may see it.
[[nodiscard]] nlohmann::json pupil_json(const school::people::Directory& people,
                                        const school::people::Pupil& pupil);
/// A line of the access log.
[[nodiscard]] nlohmann::json access_json(const school::people::Directory& district,
                                         const school::Access& entry);
/// {"id","label","school","class"|"group","teacher","expected"}; names no child.
[[nodiscard]] nlohmann::json room_json(const school::people::Directory& people, const school::Room& room);

}  // namespace tongke::relay::http::api
