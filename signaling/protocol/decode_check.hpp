#pragma once

#include <vector>

#include "signaling/protocol/fields.hpp"

/// The lists in frames: a check's questions, an answer's choices. Only decode.cpp reads it.
namespace tongke::signaling::protocol {

/// Field `items`.
[[nodiscard]] std::vector<CheckItem> read_items(Reader& in);
/// The same from a document; empty when anything is wrong with them.
[[nodiscard]] std::vector<CheckItem> parse_items(const nlohmann::json& list);
/// The whole of an answer.
[[nodiscard]] Answer read_answer(Reader& in);

}  // namespace tongke::signaling::protocol
