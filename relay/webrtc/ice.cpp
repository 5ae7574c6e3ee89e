#include "relay/webrtc/ice.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace tongke::relay::webrtc {
namespace {

/// A selected address not heard from for this long gives way to one that is.
constexpr std::chrono::seconds kStale{5};

std::string random_text(std::size_t length) {
  // RFC 8839 section 5.4: letters, digits, '+' and '/': six bits a character.
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text(length, 'A');
  std::vector<unsigned char> bytes(length);
  RAND_bytes(bytes.data(), static_cast<int>(length));
  for (std::size_t i = 0; i < length; ++i) text[i] = kCharacters[bytes[i] & 63U];
  return text;
}

}  // namespace

IceCredentials make_ice_credentials() { return {.ufrag = random_text(12), .password = random_text(24)}; }

IceLite::Outcome IceLite::receive(base::ByteView packet, const stun::Message& message, const Peer& from,
                                  base::Steady::time_point now) {
  Outcome outcome;
  const auto colon = message.username.find(':');
  if (!message.fingerprint || colon == std::string_view::npos ||
      message.username.substr(0, colon) != local_.ufrag ||
      message.username.substr(colon + 1) != remote_.ufrag ||
      !stun::check_integrity(packet, message, local_.password)) {
    return outcome;
  }
  outcome.authentic = true;
  if (message.type != stun::kBindingRequest) return outcome;
  if (message.unknown != 0) {
    outcome.response = stun::Writer(stun::kBindingError, message.transaction)
                           .error(420, "Unknown Attribute")
                           .unknown(message.unknown)
                           .finish(local_.password);
    return outcome;
  }
  if (message.controlled) {
    // A lite agent never controls: the peer has to.
    outcome.response = stun::Writer(stun::kBindingError, message.transaction)
                           .error(487, "Role Conflict")
                           .finish(local_.password);
    return outcome;
  }
  remember(from, now, outcome);
  select(from, message.use_candidate, now, outcome);
  heard_ = now;
  outcome.response =
      stun::Writer(stun::kBindingSuccess, message.transaction).mapped(from.endpoint).finish(local_.password);
  return outcome;
}

void IceLite::remember(const Peer& from, base::Steady::time_point now, Outcome& outcome) {
  const auto known = std::ranges::find(known_, from, &Known::peer);
  if (known != known_.end()) {
    known->heard = now;
    return;
  }
  if (known_.size() >= kMaxPeers) {
    const auto oldest = std::ranges::min_element(known_, [&](const Known& a, const Known& b) {
      if ((a.peer == selected_) != (b.peer == selected_)) return b.peer == selected_;
      return a.heard < b.heard;
    });
    outcome.forgotten = oldest->peer;
    known_.erase(oldest);
  }
  known_.push_back({from, now});
  outcome.added = from;
}

void IceLite::select(const Peer& from, bool nominated, base::Steady::time_point now, Outcome& outcome) {
  if (selected_ == from) {
    nominated_ = nominated_ || nominated;
    return;
  }
  const auto current =
      std::ranges::find_if(known_, [&](const Known& known) { return known.peer == selected_; });
  const bool stale = current == known_.end() || now - current->heard > kStale;
  if (!nominated && nominated_ && !stale) return;
  if (!nominated && selected_ && !stale) return;
  selected_ = from;
  nominated_ = nominated;
  outcome.moved = true;
}

void IceLite::restart(IceCredentials local, IceCredentials remote) {
  local_ = std::move(local);
  remote_ = std::move(remote);
  nominated_ = false;
}

void IceLite::forget(const Peer& peer) {
  std::erase_if(known_, [&](const Known& known) { return known.peer == peer; });
  if (selected_ != peer) return;
  selected_.reset();
  nominated_ = false;
  const auto newest = std::ranges::max_element(known_, {}, &Known::heard);
  if (newest != known_.end()) selected_ = newest->peer;
}

bool IceLite::knows(const Peer& peer) const {
  return std::ranges::any_of(known_, [&](const Known& known) { return known.peer == peer; });
}

std::vector<Peer> IceLite::peers() const {
  std::vector<Peer> peers;
  for (const auto& known : known_) peers.push_back(known.peer);
  return peers;
}

}  // namespace tongke::relay::webrtc
