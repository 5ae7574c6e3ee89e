#pragma once

#include <string>
#include <vector>

#include "relay/webrtc/endpoint.hpp"

namespace tongke::relay::webrtc {

/// Addresses to offer as candidates, best first, with that port.
/// @param configured  what a NAT or the operator says; when empty, this machine's own
/// @param with_loopback  the asker is on this machine. Without any other address they are
///                       offered in any case.
[[nodiscard]] std::vector<Endpoint> candidate_addresses(const std::vector<std::string>& configured,
                                                        bool with_loopback, std::uint16_t port);

}  // namespace tongke::relay::webrtc
