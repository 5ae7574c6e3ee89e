#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

/// As much of fragmented MP4 as it takes to check times. @source ISO/IEC 14496-12
namespace tongke::test::hls {

struct Mp4Init {
  struct Track {
    std::uint32_t timescale = 0;
    std::uint32_t default_duration = 0;  ///< of trex
  };
  std::map<std::uint32_t, Track> tracks;
};

/// One moof and its mdat.
struct Mp4Fragment {
  std::uint32_t track = 0;
  std::uint64_t decode_time = 0;  ///< of tfdt
  std::uint64_t duration = 0;     ///< of all samples, same units
  std::uint32_t samples = 0;
  std::int64_t first_offset = 0;  ///< composition offset of the first sample
};

/// Nothing when the bytes are not what they should be.
[[nodiscard]] std::optional<Mp4Init> parse_init(std::string_view bytes);
[[nodiscard]] std::optional<std::vector<Mp4Fragment>> parse_fragments(std::string_view bytes,
                                                                      const Mp4Init& init);

}  // namespace tongke::test::hls
