#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::av {

/// Packages one track as CMAF on libav's mov muxer. Decode times are absolute on the
/// lesson's media clock, so that separate renditions line up without edit lists.
class FragmentMuxer {
 public:
  /// @param config  h264 (avcC) or aac (AudioSpecificConfig)
  /// @errors invalid: libav refuses the parameters
  [[nodiscard]] static base::Result<std::unique_ptr<FragmentMuxer>> create(const StreamConfig& config);

  /// ftyp and moov.
  [[nodiscard]] const base::SharedBytes& init() const noexcept { return init_; }

  /// Adds a sample to the open fragment; times in `rate()` units.
  /// @param time  decode time; the muxer's first sample is presented at its decode time,
  ///              later ones may be presented before theirs (version 1 trun)
  [[nodiscard]] base::Result<void> write(base::ByteView sample, std::int64_t pts, std::int64_t time,
                                         std::int64_t duration, bool keyframe);

  /// Ends the fragment: moof and mdat of the samples since the last call.
  [[nodiscard]] base::Result<base::SharedBytes> cut();

  /// Units a second: 90000 for video, the sample rate for audio.
  [[nodiscard]] std::int64_t rate() const noexcept { return rate_; }

 private:
  FragmentMuxer() = default;
  base::Result<void> open(const StreamConfig& config);
  static int on_bytes(void* self, std::uint8_t* bytes, int size) noexcept;

  std::vector<std::uint8_t> written_;
  Handle<AVIOContext> io_;
  Output context_;
  Handle<AVPacket> packet_;
  bool video_ = true;
  std::int64_t rate_ = 90'000;
  base::SharedBytes init_;
};

}  // namespace tongke::pipeline::worker::av
