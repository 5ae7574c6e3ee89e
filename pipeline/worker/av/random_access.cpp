#include "pipeline/worker/av/random_access.hpp"

namespace tongke::pipeline::worker::av {
namespace {

constexpr unsigned kIdr = 5;
constexpr unsigned kSei = 6;
constexpr std::size_t kRecoveryPoint = 6;

/// A number coded as so many 0xff and a rest.
std::size_t sei_number(base::ByteView& sei) {
  std::size_t value = 0;
  while (!sei.empty()) {
    const std::uint8_t byte = sei.front();
    sei = sei.subspan(1);
    value += byte;
    if (byte != 0xff) break;
  }
  return value;
}

// Emulation prevention bytes may stretch a payload; the messages that come before a
// recovery point are too small to hold any.
bool has_recovery_point(base::ByteView sei) {
  while (sei.size() > 1) {
    const std::size_t type = sei_number(sei);
    const std::size_t size = sei_number(sei);
    if (type == kRecoveryPoint && size <= sei.size()) return true;
    if (size > sei.size()) return false;
    sei = sei.subspan(size);
  }
  return false;
}

}  // namespace

bool is_random_access(base::ByteView avc) {
  while (avc.size() > 4) {
    const std::size_t size = static_cast<std::size_t>(avc[0]) << 24U |
                             static_cast<std::size_t>(avc[1]) << 16U |
                             static_cast<std::size_t>(avc[2]) << 8U | avc[3];
    avc = avc.subspan(4);
    if (size == 0) continue;
    if (size > avc.size()) return false;
    const base::ByteView nal = avc.first(size);
    const unsigned type = nal[0] & 0x1fU;
    if (type == kIdr || (type == kSei && has_recovery_point(nal.subspan(1)))) return true;
    avc = avc.subspan(size);
  }
  return false;
}

}  // namespace tongke::pipeline::worker::av
