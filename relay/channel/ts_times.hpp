#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tongke::relay::channel {

/// A copy of some MPEG-TS with all its times (PCR, PTS, DTS) moved on: what was made once plays as what comes
/// after itself.
/// @param ticks  of 90 kHz; times wrap at 33 bits, as they do
/// @errors invalid: not whole packets of MPEG-TS
/// @source ISO/IEC 13818-1 sections 2.4.3.4 and 2.4.3.6
[[nodiscard]] base::Result<std::vector<std::uint8_t>> move_times(base::ByteView ts, std::uint64_t ticks);

}  // namespace tongke::relay::channel
