#include "relay/webrtc/contributor.hpp"

#include <utility>

#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc {

void Contributor::connected() {
  connected_ = true;
  counters_.publishers.Increment();
  counters_.joined.Increment();
  sink_.connected();
}

void Contributor::add(base::ByteView packet) {
  if (waiting_->load(std::memory_order_relaxed) + batch_.size() + packet.size() > kMaxWaiting) {
    counters_.overflow.Increment(static_cast<double>(packet.size()));
    return;
  }
  put16(batch_, static_cast<std::uint16_t>(packet.size()));
  batch_.insert(batch_.end(), packet.begin(), packet.end());
}

void Contributor::flush() {
  if (batch_.empty()) return;
  waiting_->fetch_add(batch_.size(), std::memory_order_relaxed);
  sink_.push(std::exchange(batch_, {}), waiting_);
}

}  // namespace tongke::relay::webrtc
