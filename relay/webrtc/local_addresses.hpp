#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "relay/webrtc/endpoint.hpp"

namespace tongke::relay::webrtc {

/// Addresses to offer as candidates.  @thread one at a time
class LocalAddresses {
 public:
  /// This machine's own are looked up again after so long: a network may have come. To look costs a
  /// third of what a DTLS handshake does.
  static constexpr std::chrono::seconds kFresh{2};

  /// The best first, with that port.
  /// @param configured  what a NAT or the operator says; when empty, this machine's own
  /// @param with_loopback  the asker is on this machine. Without any other address they are
  ///                       offered in any case.
  [[nodiscard]] std::vector<Endpoint> candidates(const std::vector<std::string>& configured,
                                                 bool with_loopback, std::uint16_t port,
                                                 base::Steady::time_point now);

 private:
  struct Own {
    Endpoint endpoint;  ///< without a port
    bool loopback = false;
  };
  static std::vector<Own> look();

  std::vector<Own> own_;
  std::optional<base::Steady::time_point> looked_;
};

}  // namespace tongke::relay::webrtc
