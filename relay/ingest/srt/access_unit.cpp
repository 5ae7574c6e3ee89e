#include "relay/ingest/srt/access_unit.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace tongke::relay::ingest::srt {
namespace {

using base::ByteView;

constexpr unsigned kSlice = 1;
constexpr unsigned kPartitionA = 2;
constexpr unsigned kIdr = 5;
constexpr unsigned kSei = 6;
constexpr std::size_t kRecoveryPoint = 6;
constexpr std::array<std::uint8_t, 3> kStartCode{0, 0, 1};

/// Offset of the next start code at or after `from`; the size when there is none.
std::size_t start_code(ByteView bytes, std::size_t from) {
  const auto rest = bytes.subspan(from);
  return from +
         static_cast<std::size_t>(
             std::search(rest.begin(), rest.end(), kStartCode.begin(), kStartCode.end()) - rest.begin());
}

/// A number coded as so many 0xff and a rest.
std::size_t sei_number(ByteView& sei) {
  std::size_t value = 0;
  while (!sei.empty()) {
    const std::uint8_t byte = sei.front();
    sei = sei.subspan(1);
    value += byte;
    if (byte != 0xff) break;
  }
  return value;
}

bool has_recovery_point(ByteView sei) {
  while (sei.size() > 1) {
    const std::size_t type = sei_number(sei);
    const std::size_t size = sei_number(sei);
    if (size > sei.size()) return false;
    if (type == kRecoveryPoint) return true;
    sei = sei.subspan(size);
  }
  return false;
}

// A picture's first slice has first_mb_in_slice 0, coded as one bit; slice_type's code is at
// most seven bits long and so ends in the same byte.
Access slice_access(std::uint8_t head, bool idr) {
  if ((head & 0x80U) == 0) return Access::none;
  if (idr) return Access::marked;
  const auto code = static_cast<std::uint8_t>(head << 1U);
  const auto zeros = static_cast<unsigned>(std::countl_zero(code));
  if (zeros > 3) return Access::none;
  const unsigned type = (static_cast<unsigned>(code) >> (7U - 2U * zeros)) - 1U;
  return type % 5U == 2U || type % 5U == 4U ? Access::intra : Access::none;  // I or SI
}

}  // namespace

Access access_of(ByteView annex_b) {
  for (auto at = start_code(annex_b, 0) + kStartCode.size(); at < annex_b.size();) {
    const auto next = start_code(annex_b, at);
    const auto nal = annex_b.subspan(at, next - at);
    if (nal.empty()) {
      at = next + kStartCode.size();
      continue;
    }
    const unsigned type = nal[0] & 0x1fU;
    if (type == kIdr || type == kSlice || type == kPartitionA) {
      return nal.size() < 2 ? Access::unknown : slice_access(nal[1], type == kIdr);
    }
    if (type == kSei && has_recovery_point(nal.subspan(1))) return Access::marked;
    at = next + kStartCode.size();
  }
  return Access::unknown;
}

}  // namespace tongke::relay::ingest::srt
