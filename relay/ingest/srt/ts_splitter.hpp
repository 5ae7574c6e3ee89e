#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "relay/ingest/publisher.hpp"

namespace tongke::relay::ingest::srt {

/// Cuts a transport stream into chunks from which a new pipeline child can begin: PAT (slot 0)
/// and PMT (slot 1) as headers, and the packets between as runs, each beginning with an access
/// unit of the video or being part of one. A keyframe's run begins with its first packet,
/// whether or not the encoder sets the random access indicator. Only the first program
/// counts. Packets keep their order within a PID.
/// @source ISO/IEC 13818-1 section 2.4.3
class TsSplitter {
 public:
  static constexpr std::size_t kPacket = 188;
  /// So much of an access unit without a slice in it is no picture.
  static constexpr std::size_t kMaxHeld = 64U << 10U;

  /// The chunk's bytes are valid during the call only.
  using Emit = std::function<void(const Chunk&)>;
  explicit TsSplitter(Emit emit) : emit_(std::move(emit)) {}

  /// Takes bytes cut anywhere. What cannot be told yet is held: at most kMaxHeld and a packet.
  void receive(base::ByteView bytes);

  /// A PMT has been seen: this is a transport stream.
  [[nodiscard]] bool has_program() const noexcept { return has_program_; }
  /// Bytes thrown away in search of a packet's beginning.
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

 private:
  struct Packet {
    base::ByteView bytes;
    base::ByteView payload;
    std::uint16_t pid = 0;
    bool starts_unit = false;
  };
  [[nodiscard]] static Packet parse(base::ByteView bytes);

  void take(base::ByteView bytes);
  bool take_pat(const Packet& packet);
  bool take_pmt(const Packet& packet);
  void look_at_video(const Packet& packet);
  void begin_unit(const Packet& packet);
  void decide();
  void append(base::ByteView packet) { run_.insert(run_.end(), packet.begin(), packet.end()); }
  void flush();

  Emit emit_;
  std::vector<std::uint8_t> partial_;  ///< of a packet
  std::vector<std::uint8_t> run_;      ///< whole packets not yet handed on
  ChunkKind kind_ = ChunkKind::media;  ///< of run_
  bool undecided_ = false;             ///< run_ waits for more of its access unit
  std::vector<std::uint8_t> unit_;     ///< undecided: what is there of the access unit
  std::size_t skip_ = 0;               ///< bytes of the PES header still to come before it

  std::optional<std::uint16_t> pmt_pid_;
  std::optional<std::uint16_t> video_pid_;
  std::vector<std::uint8_t> pmt_packets_;
  std::vector<std::uint8_t> pmt_section_;
  bool has_program_ = false;
  bool marks_keyframes_ = false;
  std::uint64_t skipped_ = 0;
};

}  // namespace tongke::relay::ingest::srt
