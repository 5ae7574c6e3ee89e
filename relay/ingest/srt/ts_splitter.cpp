#include "relay/ingest/srt/ts_splitter.hpp"

#include <algorithm>

#include "relay/ingest/srt/access_unit.hpp"
#include "relay/ingest/srt/psi.hpp"

namespace tongke::relay::ingest::srt {
namespace {

using base::ByteView;

constexpr std::uint8_t kSync = 0x47;
constexpr std::uint8_t kPatSlot = 0;
constexpr std::uint8_t kPmtSlot = 1;
constexpr std::size_t kMaxSection = 1024;

/// What a pointer field at the payload's front leads to.
ByteView section_in(ByteView payload) {
  if (payload.empty() || std::size_t{payload[0]} + 1 > payload.size()) return {};
  return payload.subspan(std::size_t{payload[0]} + 1);
}

}  // namespace

void TsSplitter::receive(ByteView bytes) {
  while (!bytes.empty()) {
    if (partial_.empty()) {
      const auto sync = static_cast<std::size_t>(std::ranges::find(bytes, kSync) - bytes.begin());
      skipped_ += sync;
      bytes = bytes.subspan(sync);
      if (bytes.size() >= kPacket) {
        take(bytes.first(kPacket));
        bytes = bytes.subspan(kPacket);
        continue;
      }
    }
    const auto part = bytes.first(std::min(bytes.size(), kPacket - partial_.size()));
    partial_.insert(partial_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
    if (partial_.size() == kPacket) {
      take(partial_);
      partial_.clear();
    }
  }
  if (!undecided_) flush();
}

TsSplitter::Packet TsSplitter::parse(ByteView bytes) {
  Packet packet{.bytes = bytes,
                .payload = {},
                .pid = static_cast<std::uint16_t>((bytes[1] & 0x1fU) << 8U | bytes[2]),
                .starts_unit = (bytes[1] & 0x40U) != 0};
  const bool has_adaptation = (bytes[3] & 0x20U) != 0;
  const bool has_payload = (bytes[3] & 0x10U) != 0;
  const std::size_t at = 4 + (has_adaptation ? std::size_t{bytes[4]} + 1 : 0);
  if (has_payload && at < bytes.size()) packet.payload = bytes.subspan(at);
  return packet;
}

void TsSplitter::take(ByteView bytes) {
  const Packet packet = parse(bytes);
  constexpr std::uint16_t kPatPid = 0;
  if (packet.pid == kPatPid && take_pat(packet)) return;
  if (packet.pid == pmt_pid_ && take_pmt(packet)) return;
  if (packet.pid == video_pid_) {
    look_at_video(packet);
  } else {
    append(packet.bytes);
  }
  if (undecided_ && run_.size() > kMaxHeld) undecided_ = false;
}

// Headers overtake a run that waits: no order between PIDs is needed there.
bool TsSplitter::take_pat(const Packet& packet) {
  if (!packet.starts_unit) return false;
  const auto pid = program_map_pid(section_in(packet.payload));
  if (!pid) return false;
  pmt_pid_ = pid;
  emit_({.bytes = packet.bytes, .kind = ChunkKind::header, .slot = kPatSlot});
  return true;
}

bool TsSplitter::take_pmt(const Packet& packet) {
  if (packet.starts_unit) {
    const auto section = section_in(packet.payload);
    pmt_section_.assign(section.begin(), section.end());
    pmt_packets_.clear();
  } else if (pmt_packets_.empty()) {
    return false;
  } else {
    pmt_section_.insert(pmt_section_.end(), packet.payload.begin(), packet.payload.end());
  }
  pmt_packets_.insert(pmt_packets_.end(), packet.bytes.begin(), packet.bytes.end());
  const auto size = section_size(pmt_section_);
  const bool more_to_come =
      pmt_section_.size() < size.value_or(kMaxSection) && pmt_section_.size() < kMaxSection;
  if (more_to_come) return true;
  if (const auto map = program_map(pmt_section_)) {
    has_program_ = true;
    video_pid_ = map->h264;
    emit_({.bytes = pmt_packets_, .kind = ChunkKind::header, .slot = kPmtSlot});
  } else {
    append(pmt_packets_);
  }
  pmt_packets_.clear();
  return true;
}

void TsSplitter::look_at_video(const Packet& packet) {
  if (packet.starts_unit) {
    flush();
    append(packet.bytes);
    begin_unit(packet);
    return;
  }
  append(packet.bytes);
  if (!undecided_) return;
  const auto skip = std::min(skip_, packet.payload.size());
  skip_ -= skip;
  unit_.insert(unit_.end(), packet.payload.begin() + static_cast<std::ptrdiff_t>(skip), packet.payload.end());
  decide();
}

void TsSplitter::begin_unit(const Packet& packet) {
  constexpr std::size_t kPesHead = 9;  // to PES_header_data_length, ISO/IEC 13818-1 section 2.4.3.6
  const auto pes = packet.payload;
  unit_.clear();
  undecided_ = pes.size() >= kPesHead && pes[0] == 0 && pes[1] == 0 && pes[2] == 1;
  if (!undecided_) return;
  const std::size_t header = kPesHead + pes[kPesHead - 1];
  const auto here = std::min(header, pes.size());
  skip_ = header - here;
  unit_.assign(pes.begin() + static_cast<std::ptrdiff_t>(here), pes.end());
  decide();
}

void TsSplitter::decide() {
  const Access access = access_of(unit_);
  if (access == Access::unknown) return;
  undecided_ = false;
  marks_keyframes_ = marks_keyframes_ || access == Access::marked;
  const bool keyframe = access == Access::marked || (access == Access::intra && !marks_keyframes_);
  if (keyframe) kind_ = ChunkKind::keyframe;
}

void TsSplitter::flush() {
  if (!run_.empty()) emit_({.bytes = run_, .kind = kind_});
  run_.clear();
  kind_ = ChunkKind::media;
  undecided_ = false;
}

}  // namespace tongke::relay::ingest::srt
