#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace tongke::pipeline::worker::av {

/// SPS and PPS of an avcC record; none if it is not one.
/// @source ISO/IEC 14496-15 section 5.3.3.1
[[nodiscard]] std::vector<std::vector<std::uint8_t>> parameter_sets(base::ByteView avcc);

/// The same as NAL units with 4-byte lengths, to stand before a keyframe.
[[nodiscard]] std::vector<std::uint8_t> in_band(base::ByteView avcc);

}  // namespace tongke::pipeline::worker::av
