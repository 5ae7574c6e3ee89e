#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "relay/webrtc/dtls.hpp"
#include "relay/webrtc/ice.hpp"
#include "relay/webrtc/port.hpp"
#include "relay/webrtc/srtp.hpp"

namespace tongke::relay::webrtc {

/// One peer's transport: ICE finds it, DTLS makes keys, SRTP carries media. Media is someone
/// else's: the User's.  @thread its worker's
class Session {
 public:
  /// Neither checks nor a finished handshake for this long: the peer is gone.
  /// @source RFC 7675 section 5.1 allows 30 s; a closed tab is silence, and 15 s notice it
  static constexpr std::chrono::seconds kConsent{15};
  static constexpr std::chrono::seconds kHandshake{20};

  class User {
   public:
    virtual ~User() = default;
    /// Media may be sent.
    virtual void connected() = 0;
    virtual void rtp(base::ByteView packet) = 0;
    virtual void rtcp(base::ByteView compound) = 0;
    /// Ten times a second.
    virtual void tick(base::Steady::time_point now) = 0;
  };

  struct Identity {
    std::uint64_t id = 0;
    IceCredentials local;
    IceCredentials remote;
    std::string fingerprint;  ///< of the peer's certificate
  };

  Session(Identity identity, std::shared_ptr<const DtlsContext> dtls, Port& port,
          base::Steady::time_point now);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void attach(std::unique_ptr<User> user) { user_ = std::move(user); }

  /// A STUN packet that names our ufrag.
  IceLite::Outcome stun(base::ByteView packet, const stun::Message& message, const Peer& from,
                        base::Steady::time_point now);
  /// From an address that has shown the password.
  void dtls(base::ByteView packet, const Peer& from);
  void media(std::span<std::uint8_t> packet, bool rtcp);
  void tick(base::Steady::time_point now);

  void send_rtcp(std::vector<std::uint8_t>& compound);
  /// Says goodbye, if it can.
  void close();
  void restart(IceCredentials local, IceCredentials remote) {
    ice_.restart(std::move(local), std::move(remote));
  }

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] IceLite& ice() noexcept { return ice_; }
  [[nodiscard]] Port& port() noexcept { return port_; }
  [[nodiscard]] bool connected() const noexcept { return sender_ != nullptr; }
  /// Null before it is connected.
  [[nodiscard]] SrtpSender* sender() noexcept { return sender_.get(); }
  /// Where media goes; nullopt: nowhere now.
  [[nodiscard]] const std::optional<Peer>& selected() const noexcept { return ice_.selected(); }
  [[nodiscard]] User* user() noexcept { return user_.get(); }
  /// Why it is over; empty while it is not.
  [[nodiscard]] const std::string& over() const noexcept { return over_; }
  [[nodiscard]] std::uint64_t undecryptable() const noexcept { return undecryptable_; }

 private:
  void send(const DtlsSession::Datagrams& datagrams, const Peer& to);
  void handshake_done();

  const std::uint64_t id_;
  Port& port_;
  IceLite ice_;
  DtlsSession dtls_;
  std::unique_ptr<SrtpSender> sender_;
  std::unique_ptr<SrtpReceiver> receiver_;
  std::unique_ptr<User> user_;
  const base::Steady::time_point began_;
  std::string over_;
  std::uint64_t undecryptable_ = 0;
};

}  // namespace tongke::relay::webrtc
