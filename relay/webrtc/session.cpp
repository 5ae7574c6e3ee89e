#include "relay/webrtc/session.hpp"

#include <utility>

namespace tongke::relay::webrtc {

Session::Session(Identity identity, std::shared_ptr<const DtlsContext> dtls, Port& port,
                 base::Steady::time_point now)
    : id_(identity.id),
      port_(port),
      ice_(std::move(identity.local), std::move(identity.remote), now),
      dtls_(std::move(dtls), DtlsSession::Role::server, std::move(identity.fingerprint)),
      began_(now) {}

IceLite::Outcome Session::stun(base::ByteView packet, const stun::Message& message, const Peer& from,
                               base::Steady::time_point now) {
  auto outcome = ice_.receive(packet, message, from, now);
  if (!outcome.response.empty()) port_.send(from, outcome.response);
  return outcome;
}

void Session::dtls(base::ByteView packet, const Peer& from) {
  if (!over_.empty()) return;
  DtlsSession::Datagrams out;
  const auto before = dtls_.state();
  const auto after = dtls_.receive(packet, out);
  send(out, from);
  if (after == DtlsSession::State::failed) over_ = "handshake failed: " + dtls_.failure();
  if (after == DtlsSession::State::closed) over_ = "closed by the peer";
  if (before == DtlsSession::State::handshaking && after == DtlsSession::State::connected) handshake_done();
}

void Session::handshake_done() {
  const auto& keys = dtls_.keys();
  auto sender = SrtpSender::create(keys.profile, keys.local);
  auto receiver = SrtpReceiver::create(keys.profile, keys.remote);
  if (!sender || !receiver) {
    over_ = sender ? receiver.error().message : sender.error().message;
    return;
  }
  sender_ = std::move(*sender);
  receiver_ = std::move(*receiver);
  if (user_) user_->connected();
}

void Session::media(std::span<std::uint8_t> packet, bool rtcp) {
  if (!receiver_ || !user_ || !over_.empty()) return;
  const auto plain = rtcp ? receiver_->unprotect_rtcp(packet) : receiver_->unprotect(packet);
  if (!plain) {
    ++undecryptable_;
  } else if (rtcp) {
    user_->rtcp(*plain);
  } else {
    user_->rtp(*plain);
  }
}

void Session::tick(base::Steady::time_point now) {
  if (!over_.empty()) return;
  if (now - ice_.heard() > kConsent) {
    over_ = "silent";
    return;
  }
  if (!connected()) {
    if (now - began_ > kHandshake) {
      over_ = "no handshake in time";
      return;
    }
    const auto timeout = dtls_.timeout();
    if (timeout && timeout->count() == 0 && selected()) {
      DtlsSession::Datagrams out;
      if (dtls_.tick(out) == DtlsSession::State::failed) over_ = dtls_.failure();
      send(out, *selected());
    }
  }
  if (user_) user_->tick(now);
}

void Session::send_rtcp(std::vector<std::uint8_t>& compound) {
  if (sender_ && selected() && sender_->protect_rtcp(compound)) port_.send(*selected(), compound);
}

void Session::close() {
  DtlsSession::Datagrams out;
  dtls_.close(out);
  if (selected()) send(out, *selected());
}

void Session::send(const DtlsSession::Datagrams& datagrams, const Peer& to) {
  for (const auto& datagram : datagrams) port_.send(to, datagram);
}

}  // namespace tongke::relay::webrtc
