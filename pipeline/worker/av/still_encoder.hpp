#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "pipeline/wire/ladder.hpp"
#include "pipeline/worker/av/handle.hpp"

namespace tongke::pipeline::worker::av {

/// Makes WebP stills of one size, tuned for text.  @thread one at a time
class StillEncoder {
 public:
  /// @errors unavailable: libav was built without WebP
  [[nodiscard]] static base::Result<std::unique_ptr<StillEncoder>> create(wire::PictureSize size);
  StillEncoder(const StillEncoder&) = delete;
  StillEncoder& operator=(const StillEncoder&) = delete;

  /// @param picture  4:2:0 of 8 bits, of the size given to create()
  [[nodiscard]] base::Result<std::vector<std::uint8_t>> encode(const AVFrame& picture);

  [[nodiscard]] wire::PictureSize size() const noexcept { return size_; }

 private:
  StillEncoder() = default;

  wire::PictureSize size_;
  Handle<AVCodecContext> context_;
  Handle<AVPacket> packet_;
  Handle<AVFrame> frame_;
};

}  // namespace tongke::pipeline::worker::av
