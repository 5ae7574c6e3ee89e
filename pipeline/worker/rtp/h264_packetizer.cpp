#include "pipeline/worker/rtp/h264_packetizer.hpp"

#include <algorithm>

#include "pipeline/worker/rtp/framing.hpp"

namespace tongke::pipeline::worker::rtp {
namespace {

using base::ByteView;

constexpr unsigned kTypeBits = 0x1f;
constexpr unsigned kImportanceBits = 0x60;
constexpr unsigned kForbiddenBit = 0x80;
constexpr unsigned kSei = 6;
constexpr unsigned kSps = 7;
constexpr unsigned kAccessUnitDelimiter = 9;
constexpr unsigned kFiller = 12;
constexpr unsigned kLastSingle = 23;  // types 24 and up are RTP's own
constexpr unsigned kStapA = 24;
constexpr unsigned kFuA = 28;
constexpr unsigned kFuStart = 0x80;
constexpr unsigned kFuEnd = 0x40;
constexpr std::size_t kLengthBytes = 2;  // before each unit of a STAP-A
constexpr std::size_t kFuHeaderBytes = 2;

unsigned type_of(ByteView nal) { return nal[0] & kTypeBits; }

/// The RTP marker and timestamp say what a delimiter would; filler is for constant bit rates; what SEI says
/// (timing, the encoder's settings) no browser heeds, and a small unit before each frame would be a
/// datagram and a message to the kernel of its own.
bool worth_sending(ByteView nal) {
  const unsigned type = type_of(nal);
  return type != 0 && type <= kLastSingle && type != kSei && type != kAccessUnitDelimiter && type != kFiller;
}

/// @return nullopt when a length points past the end
std::optional<std::vector<ByteView>> split(ByteView avc) {
  std::vector<ByteView> nals;
  while (!avc.empty()) {
    if (avc.size() < 4) return std::nullopt;
    const std::size_t size = static_cast<std::size_t>(avc[0]) << 24U |
                             static_cast<std::size_t>(avc[1]) << 16U |
                             static_cast<std::size_t>(avc[2]) << 8U | avc[3];
    avc = avc.subspan(4);
    if (size > avc.size()) return std::nullopt;
    if (size > 0 && worth_sending(avc.first(size))) nals.push_back(avc.first(size));
    avc = avc.subspan(size);
  }
  return nals;
}

void append(std::vector<std::uint8_t>& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void fragment(std::vector<std::uint8_t>& out, ByteView nal) {
  const auto indicator = static_cast<std::uint8_t>((nal[0] & ~kTypeBits) | kFuA);
  const unsigned type = type_of(nal);
  ByteView rest = nal.subspan(1);
  const std::size_t room = kMaxPayloadBytes - kFuHeaderBytes;
  const std::size_t pieces = (rest.size() + room - 1) / room;
  const std::size_t piece = (rest.size() + pieces - 1) / pieces;
  unsigned flags = kFuStart;
  while (!rest.empty()) {
    const ByteView now = rest.first(std::min(piece, rest.size()));
    rest = rest.subspan(now.size());
    if (rest.empty()) flags |= kFuEnd;
    put_length(out, now.size() + kFuHeaderBytes);
    out.push_back(indicator);
    out.push_back(static_cast<std::uint8_t>(flags | type));
    append(out, now);
    flags = 0;
  }
}

void aggregate(std::vector<std::uint8_t>& out, const std::vector<ByteView>& nals, std::size_t size) {
  if (nals.size() == 1) {
    put_length(out, nals[0].size());
    return append(out, nals[0]);
  }
  unsigned importance = 0;
  unsigned forbidden = 0;
  for (const ByteView nal : nals) {
    importance = std::max(importance, nal[0] & kImportanceBits);
    forbidden |= nal[0] & kForbiddenBit;
  }
  put_length(out, size);
  out.push_back(static_cast<std::uint8_t>(forbidden | importance | kStapA));
  for (const ByteView nal : nals) {
    put_length(out, nal.size());
    append(out, nal);
  }
}

}  // namespace

std::vector<std::uint8_t> H264Packetizer::packetize(ByteView avc, bool key) const {
  auto nals = split(avc);
  if (!nals || nals->empty()) return {};
  const bool has_sps = std::ranges::any_of(*nals, [](ByteView nal) { return type_of(nal) == kSps; });
  if (key && !has_sps) nals->insert(nals->begin(), parameter_sets_.begin(), parameter_sets_.end());

  std::vector<std::uint8_t> out;
  out.reserve(avc.size() + avc.size() / 256 + 256);
  std::vector<ByteView> together;
  std::size_t size = 1;  // of the STAP-A they would make
  const auto close = [&] {
    if (!together.empty()) aggregate(out, together, size);
    together.clear();
    size = 1;
  };
  for (const ByteView nal : *nals) {
    if (size + kLengthBytes + nal.size() > kMaxPayloadBytes) close();
    if (nal.size() > kMaxPayloadBytes) {
      fragment(out, nal);
      continue;
    }
    together.push_back(nal);
    size += kLengthBytes + nal.size();
  }
  close();
  return out;
}

}  // namespace tongke::pipeline::worker::rtp
