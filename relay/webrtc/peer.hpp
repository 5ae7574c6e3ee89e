#pragma once

#include <cstdint>

#include "relay/webrtc/endpoint.hpp"

namespace tongke::relay::webrtc {

/// One way to a peer: its address, and for ICE-TCP which connection.
struct Peer {
  Endpoint endpoint;
  std::uint32_t tcp = 0;  ///< number of the connection; 0 = UDP

  friend bool operator==(const Peer&, const Peer&) = default;
};

struct PeerHash {
  [[nodiscard]] std::size_t operator()(const Peer& peer) const noexcept {
    return EndpointHash()(peer.endpoint) ^ (std::size_t{peer.tcp} << 20U);
  }
};

}  // namespace tongke::relay::webrtc
