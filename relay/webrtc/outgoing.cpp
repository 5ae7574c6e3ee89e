#include "relay/webrtc/outgoing.hpp"

#include <openssl/rand.h>

#include <chrono>
#include <cstring>

#include "relay/webrtc/big_endian.hpp"
#include "relay/webrtc/rtp.hpp"

namespace tongke::relay::webrtc {
namespace {

/// Sequence numbers begin below the middle, so that the first rollover is far away whatever a
/// receiver assumes.  @source RFC 3711 section 3.3.1
std::uint32_t first_sequence() {
  std::uint16_t number = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof(number));
  return number & 0x7FFFU;
}

/// Playout delay: show at once, wait at most 400 ms for what is late (units of 10 ms).
/// @source http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
constexpr std::array<std::uint8_t, 3> kPlayoutDelay{0, 0, 40};

}  // namespace

OutgoingStream::Moment OutgoingStream::moment() {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
  const auto wrapped = static_cast<std::uint64_t>(us) % 64'000'000U;
  return {.abs_send_time = static_cast<std::uint32_t>((wrapped << 18U) / 1'000'000U),
          .us = static_cast<std::uint32_t>(us)};
}

OutgoingStream::OutgoingStream(const Track& track, std::uint32_t ssrc, std::uint8_t payload_type,
                               SendLog* log, std::size_t kept)
    : ssrc_(ssrc),
      payload_type_(payload_type),
      header_(rtp::kFixedHeader),
      log_(log),
      next_(first_sequence()),
      kept_(kept) {
  const auto& ids = track.extensions;
  rtp::ExtensionWriter extensions;
  if (ids.mid != 0 && !track.mid.empty() && track.mid.size() <= 16)
    extensions.add(ids.mid, base::as_bytes(track.mid));
  const std::array<std::uint8_t, 3> zeros{};
  if (ids.abs_send_time != 0)
    abs_send_time_at_ = rtp::kFixedHeader + extensions.add(ids.abs_send_time, zeros);
  if (log && ids.transport_cc != 0)
    transport_at_ = rtp::kFixedHeader + extensions.add(ids.transport_cc, base::ByteView(zeros).first(2));
  if (ids.playout_delay != 0) extensions.add(ids.playout_delay, kPlayoutDelay);
  const auto block = extensions.bytes();
  header_.insert(header_.end(), block.begin(), block.end());
}

void OutgoingStream::write_header(std::uint8_t* out, bool marker, std::uint32_t sequence,
                                  std::uint32_t timestamp, bool padded, std::uint32_t abs_send_time,
                                  std::uint16_t transport) const {
  std::memcpy(out, header_.data(), header_.size());
  rtp::write_header(out, payload_type_, marker, static_cast<std::uint16_t>(sequence), timestamp, ssrc_,
                    header_.size() > rtp::kFixedHeader, padded);
  if (abs_send_time_at_ != 0) store24(out + abs_send_time_at_, abs_send_time);
  if (transport_at_ != 0) store16(out + transport_at_, transport);
}

std::size_t OutgoingStream::write(std::uint8_t* out, SrtpSender& srtp, const MediaFrame& frame,
                                  std::size_t packet, const Moment& moment, std::uint8_t extra) {
  const auto& part = frame.packets[packet];
  const auto padding = static_cast<std::uint8_t>(part.padding + extra);
  const std::uint16_t transport =
      transport_number(header_.size() + part.size + padding + srtp.rtp_overhead(), moment);
  const Kept kept{.sequence = static_cast<std::uint16_t>(next_),
                  .packet = static_cast<std::uint16_t>(packet),
                  .frame = frame.number,
                  .abs_send_time = moment.abs_send_time,
                  .transport = transport,
                  .rendition = frame.rendition,
                  .used = true};
  if (!kept_.empty()) kept_[kept.sequence % kept_.size()] = kept;
  const bool marker = frame.kind == pipeline::wire::TrackKind::video && packet + 1 == frame.packets.size();
  write_header(out, marker, next_, frame.rtp_time, padding > 0, moment.abs_send_time, transport);
  count(part.size);
  const std::uint32_t rollover = next_++ >> 16U;
  return srtp.protect(out, header_.size(), {}, frame.payload(packet), padding, rollover);
}

std::size_t OutgoingStream::repeat(std::uint8_t* out, SrtpSender& srtp, const MediaFrame& frame,
                                   const Kept& kept) {
  const auto& part = frame.packets[kept.packet];
  const auto behind = static_cast<std::uint16_t>(next_ - kept.sequence);
  const std::uint32_t sequence = next_ - behind;
  const bool marker =
      frame.kind == pipeline::wire::TrackKind::video && kept.packet + 1U == frame.packets.size();
  write_header(out, marker, sequence, frame.rtp_time, part.padding > 0, kept.abs_send_time, kept.transport);
  return srtp.protect(out, header_.size(), {}, frame.payload(kept.packet), part.padding, sequence >> 16U);
}

std::size_t OutgoingStream::wrap(std::uint8_t* out, SrtpSender& srtp, const MediaFrame& frame,
                                 const Kept& original, const Moment& moment) {
  const auto payload = frame.payload(original.packet);
  const std::uint16_t transport =
      transport_number(header_.size() + 2 + payload.size() + srtp.rtp_overhead(), moment);
  const bool marker =
      frame.kind == pipeline::wire::TrackKind::video && original.packet + 1U == frame.packets.size();
  write_header(out, marker, next_, frame.rtp_time, false, moment.abs_send_time, transport);
  std::array<std::uint8_t, 2> number{};
  store16(number.data(), original.sequence);
  count(payload.size() + 2);
  const std::uint32_t rollover = next_++ >> 16U;
  return srtp.protect(out, header_.size(), number, payload, 0, rollover);
}

std::size_t OutgoingStream::pad(std::uint8_t* out, SrtpSender& srtp, std::uint8_t padding,
                                std::uint32_t timestamp, const Moment& moment) {
  const std::uint16_t transport = transport_number(header_.size() + padding + srtp.rtp_overhead(), moment);
  write_header(out, false, next_, timestamp, true, moment.abs_send_time, transport);
  count(0);
  const std::uint32_t rollover = next_++ >> 16U;
  return srtp.protect(out, header_.size(), {}, {}, padding, rollover);
}

const OutgoingStream::Kept* OutgoingStream::find(std::uint16_t sequence) const noexcept {
  if (kept_.empty()) return nullptr;
  const auto& kept = kept_[sequence % kept_.size()];
  return kept.used && kept.sequence == sequence ? &kept : nullptr;
}

const OutgoingStream::Kept* OutgoingStream::recent(std::size_t back) const noexcept {
  if (back >= kept_.size()) return nullptr;
  return find(static_cast<std::uint16_t>(next_ - 1 - back));
}

}  // namespace tongke::relay::webrtc
