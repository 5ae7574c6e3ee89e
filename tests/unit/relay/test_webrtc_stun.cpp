#include <string>
#include <vector>

#include "relay/webrtc/demux.hpp"
#include "relay/webrtc/stun.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

// RFC 5769 sections 2.1 and 2.2.
const char* const kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
const Bytes kRequest = from_hex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008"
    "93"
    "2ff9b151263b3600060009"
    "6576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");
const Bytes kResponse = from_hex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a64300080014"
    "2b"
    "91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

}  // namespace

TEST_CASE("the sample request of RFC 5769 is read and its integrity checked", "[stun]") {
  const auto message = stun::parse(kRequest);
  REQUIRE(message);
  CHECK(message->type == stun::kBindingRequest);
  CHECK(message->username == "evtj:h6vY");
  CHECK(message->priority == 0x6e0001ffU);
  CHECK(message->controlled == 0x932ff9b151263b36U);
  CHECK_FALSE(message->controlling);
  CHECK(message->fingerprint);
  CHECK(stun::check_integrity(kRequest, *message, kPassword));
  CHECK_FALSE(stun::check_integrity(kRequest, *message, "another password entirely"));
}

TEST_CASE("the sample response of RFC 5769 gives the mapped address", "[stun]") {
  const auto message = stun::parse(kResponse);
  REQUIRE(message);
  REQUIRE(message->mapped);
  CHECK(message->mapped->text() == "192.0.2.1");
  CHECK(message->mapped->port == 32853);
  CHECK(stun::check_integrity(kResponse, *message, kPassword));
}

TEST_CASE("any changed bit and any cut of a STUN message is refused", "[stun]") {
  for (std::size_t i = 0; i < kRequest.size(); ++i) {
    Bytes changed = kRequest;
    changed[i] ^= 0x10U;
    const auto message = stun::parse(changed);
    CHECK_FALSE((message && message->fingerprint && stun::check_integrity(changed, *message, kPassword)));
    CHECK_FALSE(stun::parse(base::ByteView(kRequest).first(i)));
  }
}

TEST_CASE("what we write, we read", "[stun]") {
  const stun::Transaction transaction{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (const char* ip : {"198.51.100.7", "2001:db8::1"}) {
    const auto peer = Endpoint::parse(ip, 40000);
    REQUIRE(peer);
    const auto bytes = stun::Writer(stun::kBindingSuccess, transaction).mapped(*peer).finish(kPassword);
    const auto message = stun::parse(bytes);
    REQUIRE(message);
    CHECK(message->mapped == peer);
    CHECK(message->transaction == transaction);
    CHECK(stun::check_integrity(bytes, *message, kPassword));
  }
  const auto check = stun::Writer(stun::kBindingRequest, transaction)
                         .username("abcd:ef")
                         .priority(7)
                         .controlling(0x0102030405060708U)
                         .use_candidate()
                         .finish(kPassword);
  const auto message = stun::parse(check);
  REQUIRE(message);
  CHECK(message->use_candidate);
  CHECK(message->controlling == 0x0102030405060708U);
  CHECK(message->username == "abcd:ef");
  const auto refusal =
      stun::Writer(stun::kBindingError, transaction).error(487, "Role Conflict").finish(kPassword);
  REQUIRE(stun::parse(refusal));
  CHECK(stun::parse(refusal)->error == 487);
}

TEST_CASE("attributes that must be understood are named", "[stun]") {
  // CHANGE-REQUEST, of classic STUN.
  const auto message = stun::parse(from_hex("000100082112a442b7e7a701bc34d686fa87dfae0003000400000000"));
  REQUIRE(message);
  CHECK(message->unknown == 3);
}

TEST_CASE("what shares a port is told apart by its first bytes", "[demux]") {
  CHECK(classify(kRequest) == PacketKind::stun);
  CHECK(classify(Bytes{22, 254, 253}) == PacketKind::dtls);
  CHECK(classify(Bytes{0x80, 96}) == PacketKind::rtp);
  CHECK(classify(Bytes{0x90, 0xE0}) == PacketKind::rtp);
  CHECK(classify(Bytes{0x81, 201}) == PacketKind::rtcp);
  CHECK(classify(Bytes{0x8F, 206}) == PacketKind::rtcp);
  CHECK(classify(Bytes{64, 0}) == PacketKind::unknown);
  CHECK(classify(Bytes{0xFF, 0}) == PacketKind::unknown);
  CHECK(classify(Bytes{}) == PacketKind::unknown);
}

TEST_CASE("addresses keep family and text", "[endpoint]") {
  for (const char* ip : {"127.0.0.1", "192.0.2.1", "::1", "fd00::2"}) {
    const auto endpoint = Endpoint::parse(ip, 9);
    REQUIRE(endpoint);
    CHECK(endpoint->text() == ip);
    CHECK(Endpoint::from(endpoint->as_sockaddr6()) == *endpoint);
    CHECK(endpoint->is_loopback() == (std::string(ip) == "127.0.0.1" || std::string(ip) == "::1"));
  }
  CHECK_FALSE(Endpoint::parse("3c2b8a5e-7e0f-4a39-9d39-0f3c1c9a4a57.local", 9));
}
