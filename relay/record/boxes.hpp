#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"

/// Just enough ISO BMFF to tell whole fragments from torn ones after a crash and to place
/// those that the journal does not know. Input is hostile: every size is checked.
/// @source ISO/IEC 14496-12, 4.2 (boxes), 8.8 (movie fragments)
namespace tongke::relay::record {

/// Reads exactly into.size() bytes at `at`; false when it cannot.
using ReadAt = std::function<bool(std::uint64_t at, std::span<std::uint8_t> into)>;

/// What an init segment says about its (first) track.
struct InitFacts {
  std::uint64_t size = 0;       ///< moov ends here
  std::uint32_t timescale = 0;  ///< never 0
  std::uint32_t sample_duration = 0;
  std::uint32_t sample_flags = 0;
};
/// nullopt when it is not whole boxes with a moov that has a track with a timescale.
[[nodiscard]] std::optional<InitFacts> read_init(base::ByteView init);

/// A whole movie fragment: what precedes moof (styp, prft, emsg, sidx, free), moof, mdat.
struct Fragment {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t decode_time = 0;  ///< in the track's timescale
  std::uint64_t duration = 0;     ///< in the track's timescale
  bool independent = false;       ///< its first sample is a sync sample

  [[nodiscard]] std::uint64_t end() const noexcept { return offset + size; }
};

/// The whole fragments that lie one after the other in [from, end); stops at the first
/// thing that is torn, empty or no fragment, and after `limit` of them.
[[nodiscard]] std::vector<Fragment> walk_fragments(const ReadAt& read, std::uint64_t from, std::uint64_t end,
                                                   const InitFacts& init, std::size_t limit = SIZE_MAX);

/// ReadAt over memory; `bytes` must outlive it.
[[nodiscard]] ReadAt read_from(base::ByteView bytes);
/// ReadAt over an open file; the descriptor must outlive it.
[[nodiscard]] ReadAt read_from(int fd);

}  // namespace tongke::relay::record
