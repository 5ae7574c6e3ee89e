#include "relay/ingest/rtmp/handshake.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "relay/ingest/rtmp/big_endian.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

using base::ByteView;

constexpr std::uint8_t kVersion = 3;
constexpr std::size_t kDigestSize = 32;
using Digest = std::array<std::uint8_t, kDigestSize>;

// Well-known constants of the signed handshake: the readable half signs the peer's C1 or
// S1, the whole server key derives the key of S2.
constexpr std::array<std::uint8_t, 62> kPlayerKey = {
    'G',  'e',  'n',  'u',  'i',  'n',  'e',  ' ',  'A',  'd',  'o',  'b',  'e',  ' ',  'F',  'l',
    'a',  's',  'h',  ' ',  'P',  'l',  'a',  'y',  'e',  'r',  ' ',  '0',  '0',  '1',  0xF0, 0xEE,
    0xC2, 0x4A, 0x80, 0x68, 0xBE, 0xE8, 0x2E, 0x00, 0xD0, 0xD1, 0x02, 0x9E, 0x7E, 0x57, 0x6E, 0xEC,
    0x5D, 0x2D, 0x29, 0x80, 0x6F, 0xAB, 0x93, 0xB8, 0xE6, 0x36, 0xCF, 0xEB, 0x31, 0xAE};
constexpr std::array<std::uint8_t, 68> kServerKey = {
    'G',  'e',  'n',  'u',  'i',  'n',  'e',  ' ',  'A',  'd',  'o',  'b',  'e',  ' ',  'F',  'l',  'a',
    's',  'h',  ' ',  'M',  'e',  'd',  'i',  'a',  ' ',  'S',  'e',  'r',  'v',  'e',  'r',  ' ',  '0',
    '0',  '1',  0xF0, 0xEE, 0xC2, 0x4A, 0x80, 0x68, 0xBE, 0xE8, 0x2E, 0x00, 0xD0, 0xD1, 0x02, 0x9E, 0x7E,
    0x57, 0x6E, 0xEC, 0x5D, 0x2D, 0x29, 0x80, 0x6F, 0xAB, 0x93, 0xB8, 0xE6, 0x36, 0xCF, 0xEB, 0x31, 0xAE};
const ByteView kPlayerText = ByteView(kPlayerKey).first(30);
const ByteView kServerText = ByteView(kServerKey).first(36);

// Where a scheme keeps the four bytes that say where the digest lies.
enum class Scheme : std::size_t { digest_first = 8, key_first = 772 };

Digest hmac(ByteView key, ByteView data) {
  Digest out{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &size);
  return out;
}

std::size_t digest_offset(ByteView packet, Scheme scheme) {
  const auto at = static_cast<std::size_t>(scheme);
  const std::size_t sum = std::size_t{packet[at]} + packet[at + 1] + packet[at + 2] + packet[at + 3];
  return at + 4 + sum % 728;
}

// The digest signs everything around itself.
Digest sign(ByteView packet, std::size_t offset, ByteView key) {
  std::vector<std::uint8_t> rest;
  rest.reserve(packet.size() - kDigestSize);
  append(rest, packet.first(offset));
  append(rest, packet.subspan(offset + kDigestSize));
  return hmac(key, rest);
}

std::optional<Scheme> signed_scheme(ByteView c1) {
  for (const auto scheme : {Scheme::digest_first, Scheme::key_first}) {
    const auto offset = digest_offset(c1, scheme);
    const auto expected = sign(c1, offset, kPlayerText);
    if (std::equal(expected.begin(), expected.end(), c1.data() + offset)) return scheme;
  }
  return std::nullopt;
}

void answer(ByteView c1, std::vector<std::uint8_t>& output) {
  std::array<std::uint8_t, Handshake::kPacketSize> s1{};
  // Random bytes only keep a replayed handshake from matching; nothing secret hangs on them.
  RAND_bytes(s1.data() + 8, static_cast<int>(s1.size() - 8));
  const auto scheme = signed_scheme(c1);
  if (scheme) {
    constexpr std::array<std::uint8_t, 4> kServerVersion = {4, 5, 0, 1};  // non-zero: "I sign too"
    std::copy(kServerVersion.begin(), kServerVersion.end(), s1.begin() + 4);
    const auto offset = digest_offset(s1, *scheme);
    const auto digest = sign(s1, offset, kServerText);
    std::copy(digest.begin(), digest.end(), s1.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  output.push_back(kVersion);
  append(output, s1);
  if (!scheme) {
    append(output, c1);  // S2 echoes C1
    return;
  }
  std::array<std::uint8_t, Handshake::kPacketSize> s2{};
  RAND_bytes(s2.data(), static_cast<int>(s2.size() - kDigestSize));
  const auto key = hmac(kServerKey, c1.subspan(digest_offset(c1, *scheme), kDigestSize));
  const auto digest = hmac(key, ByteView(s2).first(s2.size() - kDigestSize));
  std::copy(digest.begin(), digest.end(), s2.end() - kDigestSize);
  append(output, s2);
}

}  // namespace

base::Result<void> Handshake::receive(ByteView& input, std::vector<std::uint8_t>& output) {
  while (!done() && !input.empty()) {
    if (step_ == Step::c0_c1 && collected_.empty() && input[0] != kVersion) {
      return base::Error{base::Errc::protocol,
                         "handshake version " + std::to_string(input[0]) + " is not RTMP's 3"};
    }
    const std::size_t wanted = step_ == Step::c0_c1 ? 1 + kPacketSize : kPacketSize;
    const std::size_t taken = std::min(wanted - collected_.size(), input.size());
    append(collected_, input.first(taken));
    input = input.subspan(taken);
    if (collected_.size() < wanted) break;
    if (step_ == Step::c0_c1) {
      answer(ByteView(collected_).subspan(1), output);
      step_ = Step::c2;
    } else {
      // What C2 echoes is not checked: several encoders send something else there.
      step_ = Step::done;
    }
    collected_.clear();
  }
  if (done()) collected_ = {};
  return {};
}

}  // namespace tongke::relay::ingest::rtmp
