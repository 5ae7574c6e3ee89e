#include "pipeline/worker/av/codec_string.hpp"

#include <array>
#include <cstdio>

namespace tongke::pipeline::worker::av {

using base::Errc;
using base::Error;

base::Result<std::string> avc_codec_string(base::ByteView avcc) {
  // configurationVersion, profile, compatibility, level, lengthSize, one SPS at least
  if (avcc.size() < 8 || avcc[0] != 1 || (avcc[5] & 0x1f) == 0)
    return Error{Errc::invalid, "not an avcC record"};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "avc1.%02x%02x%02x", avcc[1], avcc[2], avcc[3]);
  return std::string(text.data());
}

base::Result<std::string> aac_codec_string(base::ByteView config) {
  if (config.size() < 2) return Error{Errc::invalid, "AudioSpecificConfig too short"};
  unsigned object_type = config[0] >> 3U;
  if (object_type == 31) object_type = 32 + ((config[0] & 7U) << 3U | config[1] >> 5U);
  if (object_type == 0) return Error{Errc::invalid, "AudioSpecificConfig without an object type"};
  return "mp4a.40." + std::to_string(object_type);
}

}  // namespace tongke::pipeline::worker::av
