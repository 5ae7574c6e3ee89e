#pragma once

#include <string_view>

#include "base/result.hpp"
#include "signaling/protocol/messages.hpp"

namespace tongke::signaling::protocol {

/// Reads one client frame, strictly: one flat JSON object, a known type, every field known,
/// given once, of the right type and within bounds, none missing.
/// @errors invalid: `message` is the code of the `error` frame (bad_json, too_long,
///         unknown_type, unknown_field, missing_field, wrong_type, out_of_range), `field`
///         the field at fault
/// @thread any; a heartbeat takes about 1 µs and builds no document
[[nodiscard]] base::Result<ClientMessage> decode(std::string_view frame);

}  // namespace tongke::signaling::protocol
