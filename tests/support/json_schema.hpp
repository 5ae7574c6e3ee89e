#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tongke::test {

/// Checks JSON against a JSON Schema, in so far as tongke.v1.schema.json uses it: $ref within
/// the document, oneOf, const, enum, type, pattern, bounds of numbers, lengths and objects.
/// @param part  "/$defs/server"
/// @return what is wrong; empty when nothing is
[[nodiscard]] std::string schema_problem(const nlohmann::json& schema, const std::string& part,
                                         const nlohmann::json& value);

}  // namespace tongke::test
