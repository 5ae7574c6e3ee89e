#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

/// The two tables of a transport stream that say which packets are video.
/// @source ISO/IEC 13818-1 sections 2.4.4.3 (PAT), 2.4.4.8 (PMT), annex A (CRC)
namespace tongke::relay::ingest::srt {

/// Size of the whole section, from its first bytes; nullopt when they are too few.
[[nodiscard]] std::optional<std::size_t> section_size(base::ByteView section);

/// PID of the first program's map, from a whole PAT section; nullopt when it is none.
[[nodiscard]] std::optional<std::uint16_t> program_map_pid(base::ByteView pat);

/// What a whole PMT section tells.
struct ProgramMap {
  std::optional<std::uint16_t> h264;  ///< PID of the first H.264 stream
};
/// nullopt when it is no PMT.
[[nodiscard]] std::optional<ProgramMap> program_map(base::ByteView pmt);

}  // namespace tongke::relay::ingest::srt
