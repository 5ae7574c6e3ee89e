#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tongke::pipeline::worker::av {

/// RFC 6381 codec string of an AVCDecoderConfigurationRecord: "avc1.64001f".
/// @errors invalid: not such a record
/// @source ISO/IEC 14496-15 section 5.3.3.1; RFC 6381 section 3.3
[[nodiscard]] base::Result<std::string> avc_codec_string(base::ByteView avcc);

/// RFC 6381 codec string of an AudioSpecificConfig: "mp4a.40.2".
/// @source ISO/IEC 14496-3 section 1.6.2.1
[[nodiscard]] base::Result<std::string> aac_codec_string(base::ByteView config);

}  // namespace tongke::pipeline::worker::av
