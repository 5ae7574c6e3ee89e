#include "relay/ingest/srt/psi.hpp"

namespace tongke::relay::ingest::srt {
namespace {

using base::ByteView;

constexpr std::uint8_t kPat = 0x00;
constexpr std::uint8_t kPmt = 0x02;
constexpr std::uint8_t kH264 = 0x1b;
constexpr std::size_t kSectionHead = 3;
constexpr std::size_t kTableHead = 8;  // to last_section_number
constexpr std::size_t kCrc = 4;

/// The two bytes at `at` without the three bits that are reserved in front of a PID.
std::uint16_t pid_at(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] & 0x1fU) << 8U | bytes[at + 1]);
}
/// The same for a length, which has four bits in front of it and never uses two more.
std::size_t length_at(ByteView bytes, std::size_t at) {
  return static_cast<std::size_t>((bytes[at] & 0x0fU) << 8U | bytes[at + 1]);
}

// CRC-32/MPEG-2; over a section with its CRC it is zero.
std::uint32_t crc(ByteView bytes) {
  constexpr std::uint32_t kPolynomial = 0x04c11db7;
  std::uint32_t sum = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    sum ^= std::uint32_t{byte} << 24U;
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 0x80000000U) != 0 ? sum << 1U ^ kPolynomial : sum << 1U;
  }
  return sum;
}

/// What lies between the table's head and its CRC.
std::optional<ByteView> body(ByteView section, std::uint8_t table) {
  const auto size = section_size(section);
  if (!size || *size > section.size() || *size < kTableHead + kCrc || section[0] != table)
    return std::nullopt;
  const auto whole = section.first(*size);
  const bool is_current = (whole[5] & 1U) != 0;
  if (!is_current || crc(whole) != 0) return std::nullopt;
  return whole.subspan(kTableHead, *size - kTableHead - kCrc);
}

}  // namespace

std::optional<std::size_t> section_size(ByteView section) {
  if (section.size() < kSectionHead) return std::nullopt;
  return kSectionHead + length_at(section, 1);
}

std::optional<std::uint16_t> program_map_pid(ByteView pat) {
  auto programs = body(pat, kPat);
  if (!programs) return std::nullopt;
  for (; programs->size() >= 4; programs = programs->subspan(4)) {
    const bool is_network = (*programs)[0] == 0 && (*programs)[1] == 0;
    if (!is_network) return pid_at(*programs, 2);
  }
  return std::nullopt;
}

std::optional<ProgramMap> program_map(ByteView pmt) {
  constexpr std::size_t kFixed = 4;   // PCR PID, length of the program's descriptors
  constexpr std::size_t kStream = 5;  // type, PID, length of the stream's descriptors
  auto rest = body(pmt, kPmt);
  if (!rest || rest->size() < kFixed) return std::nullopt;
  const std::size_t descriptors = length_at(*rest, 2);
  if (rest->size() < kFixed + descriptors) return std::nullopt;
  rest = rest->subspan(kFixed + descriptors);
  while (rest->size() >= kStream) {
    if ((*rest)[0] == kH264) return ProgramMap{.h264 = pid_at(*rest, 1)};
    const std::size_t size = kStream + length_at(*rest, 3);
    if (size > rest->size()) break;
    rest = rest->subspan(size);
  }
  return ProgramMap{};
}

}  // namespace tongke::relay::ingest::srt
