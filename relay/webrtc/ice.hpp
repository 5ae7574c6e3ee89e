#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "relay/webrtc/peer.hpp"
#include "relay/webrtc/stun.hpp"

namespace tongke::relay::webrtc {

struct IceCredentials {
  std::string ufrag;
  std::string password;
};
/// Fresh ones from the system's random numbers.
[[nodiscard]] IceCredentials make_ice_credentials();

/// The lite side of ICE: it answers checks and learns from them where the peer is. Pure.
/// A packet that does not prove to know the password changes nothing and is not answered, so
/// nobody can use us to flood a third party.
/// @source RFC 8445 sections 2.5 and 7.3, RFC 7675 (consent)
class IceLite {
 public:
  /// Remote addresses remembered; the one heard longest ago goes.
  static constexpr std::size_t kMaxPeers = 8;

  IceLite(IceCredentials local, IceCredentials remote, base::Steady::time_point now)
      : local_(std::move(local)), remote_(std::move(remote)), heard_(now) {}

  struct Outcome {
    bool authentic = false;
    std::vector<std::uint8_t> response;  ///< empty: nothing to say
    bool moved = false;                  ///< the selected address changed
    std::optional<Peer> added;           ///< a remote address not known before
    std::optional<Peer> forgotten;       ///< one that made room for it
  };
  /// A Binding request or indication that names our ufrag.
  [[nodiscard]] Outcome receive(base::ByteView packet, const stun::Message& message, const Peer& from,
                                base::Steady::time_point now);

  /// New credentials for a restart. Old addresses stay until a check with the new ones comes.
  void restart(IceCredentials local, IceCredentials remote);
  /// The connection to a peer is gone.
  void forget(const Peer& peer);

  [[nodiscard]] const IceCredentials& local() const noexcept { return local_; }
  /// Where media goes; nullopt before the first check.
  [[nodiscard]] const std::optional<Peer>& selected() const noexcept { return selected_; }
  /// When the last authentic check came (or the agent was made).
  [[nodiscard]] base::Steady::time_point heard() const noexcept { return heard_; }
  [[nodiscard]] bool knows(const Peer& peer) const;
  [[nodiscard]] std::vector<Peer> peers() const;

 private:
  struct Known {
    Peer peer;
    base::Steady::time_point heard;
  };
  void remember(const Peer& from, base::Steady::time_point now, Outcome& outcome);
  void select(const Peer& from, bool nominated, base::Steady::time_point now, Outcome& outcome);

  IceCredentials local_;
  IceCredentials remote_;
  std::optional<Peer> selected_;
  bool nominated_ = false;  ///< the peer chose selected_ itself
  base::Steady::time_point heard_;
  std::vector<Known> known_;
};

}  // namespace tongke::relay::webrtc
