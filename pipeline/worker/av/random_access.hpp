#pragma once

#include "base/bytes.hpp"

namespace tongke::pipeline::worker::av {

/// Whether decoding can begin at this picture: an IDR, or a picture that carries a recovery
/// point (open GOPs).
/// @param avc  one access unit, NAL units with 4-byte lengths
/// @source ITU-T H.264 table 7-1, sections D.1.1 and D.1.8; ISO/IEC 14496-15 section 5.3.4.2
[[nodiscard]] bool is_random_access(base::ByteView avc);

}  // namespace tongke::pipeline::worker::av
