#include <memory>
#include <string>
#include <vector>

#include "relay/webrtc/dtls.hpp"
#include "relay/webrtc/rtcp.hpp"
#include "relay/webrtc/rtp.hpp"
#include "relay/webrtc/srtp.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

namespace {

using Bytes = std::vector<std::uint8_t>;
using State = DtlsSession::State;

std::shared_ptr<const DtlsContext> context() {
  auto made = DtlsContext::create();
  REQUIRE(made);
  return *made;
}

/// Carries flights between two ends until neither has anything to say.
void shake(DtlsSession& client, DtlsSession& server) {
  DtlsSession::Datagrams to_server, to_client;
  client.start(to_server);
  for (int i = 0; i < 20 && (!to_server.empty() || !to_client.empty()); ++i) {
    for (const auto& datagram : std::exchange(to_server, {})) server.receive(datagram, to_client);
    for (const auto& datagram : std::exchange(to_client, {})) client.receive(datagram, to_server);
  }
}

SrtpMaster master(SrtpProfile profile) {
  return {.key = Bytes(16, 7), .salt = Bytes(profile == SrtpProfile::aead_aes_128_gcm ? 12 : 14, 9)};
}

Bytes packet(SrtpSender& sender, std::uint16_t sequence, std::uint32_t rollover, const Bytes& payload,
             std::uint8_t padding = 0) {
  Bytes out(12 + payload.size() + padding + kSrtpOverhead);
  rtp::write_header(out.data(), 96, false, sequence, 1, 2, false, padding > 0);
  out.resize(sender.protect(out.data(), 12, {}, payload, padding, rollover));
  return out;
}

}  // namespace

TEST_CASE("two ends agree on keys, GCM first", "[dtls]") {
  const auto ours = context();
  const auto theirs = context();
  CHECK(ours->fingerprint() != theirs->fingerprint());
  DtlsSession server(ours, DtlsSession::Role::server, theirs->fingerprint());
  DtlsSession client(theirs, DtlsSession::Role::client, ours->fingerprint());
  shake(client, server);
  REQUIRE(server.state() == State::connected);
  REQUIRE(client.state() == State::connected);
  CHECK(server.keys().profile == SrtpProfile::aead_aes_128_gcm);
  CHECK(server.keys().local.key == client.keys().remote.key);
  CHECK(server.keys().remote.salt == client.keys().local.salt);
  CHECK(server.keys().local.key != server.keys().remote.key);
  DtlsSession::Datagrams out, ignored;
  client.close(out);
  REQUIRE_FALSE(out.empty());
  CHECK(server.receive(out.front(), ignored) == State::closed);
}

TEST_CASE("a certificate the SDP does not name is refused", "[dtls]") {
  const auto ours = context();
  const auto theirs = context();
  DtlsSession server(ours, DtlsSession::Role::server, context()->fingerprint());
  DtlsSession client(theirs, DtlsSession::Role::client, ours->fingerprint());
  shake(client, server);
  CHECK(server.state() == State::failed);
  DtlsSession weak(ours, DtlsSession::Role::server, "sha-1 AA:BB");
  DtlsSession again(theirs, DtlsSession::Role::client, ours->fingerprint());
  shake(again, weak);
  CHECK(weak.state() == State::failed);
}

TEST_CASE("SRTP of both profiles is what libsrtp reads", "[srtp]") {
  for (const auto profile : {SrtpProfile::aead_aes_128_gcm, SrtpProfile::aes128_cm_sha1_80}) {
    auto sender = SrtpSender::create(profile, master(profile));
    auto receiver = SrtpReceiver::create(profile, master(profile));
    REQUIRE((sender && receiver));
    std::uint32_t extended = 65530;
    for (std::uint8_t i = 0; i < 20; ++i, ++extended) {
      const Bytes payload(100 + i, i);
      auto sent = packet(**sender, static_cast<std::uint16_t>(extended), extended >> 16U, payload, i % 3);
      CHECK(sent.size() == 12 + payload.size() + i % 3 + (*sender)->rtp_overhead());
      const auto plain = (*receiver)->unprotect(sent);
      REQUIRE(plain);
      const auto read = rtp::parse(*plain);
      REQUIRE(read);
      CHECK(Bytes(read->payload.begin(), read->payload.end()) == payload);
      CHECK(read->padding == i % 3);
    }
    Bytes report;
    rtcp::write_pli(report, 1, 2);
    const Bytes original = report;
    REQUIRE((*sender)->protect_rtcp(report));
    CHECK(report != original);
    const auto plain = (*receiver)->unprotect_rtcp(report);
    REQUIRE(plain);
    CHECK(Bytes(plain->begin(), plain->end()) == original);
  }
}

TEST_CASE("a packet sent again is the same packet, and refused as a replay", "[srtp]") {
  for (const auto profile : {SrtpProfile::aead_aes_128_gcm, SrtpProfile::aes128_cm_sha1_80}) {
    auto sender = SrtpSender::create(profile, master(profile));
    auto receiver = SrtpReceiver::create(profile, master(profile));
    const Bytes payload(50, 3);
    auto first = packet(**sender, 10, 0, payload);
    (void)packet(**sender, 11, 0, payload);
    auto again = packet(**sender, 10, 0, payload);
    CHECK(first == again);
    CHECK((*receiver)->unprotect(first));
    CHECK_FALSE((*receiver)->unprotect(again));
    auto tampered = packet(**sender, 12, 0, payload);
    tampered[20] ^= 1U;
    CHECK_FALSE((*receiver)->unprotect(tampered));
  }
}
