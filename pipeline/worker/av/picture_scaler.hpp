#pragma once

#include "base/result.hpp"
#include "pipeline/wire/ladder.hpp"
#include "pipeline/worker/av/handle.hpp"

struct SwsContext;

namespace tongke::pipeline::worker::av {

/// Brings pictures of any size and format to one size, 4:2:0 of 8 bits.  @thread one at a time
class PictureScaler {
 public:
  explicit PictureScaler(wire::PictureSize size) : size_(size) {}
  ~PictureScaler();
  PictureScaler(const PictureScaler&) = delete;
  PictureScaler& operator=(const PictureScaler&) = delete;

  /// @return the scaled picture, good until the next call; `picture` itself where nothing is to do
  /// @errors internal: out of memory, or a format that nothing converts
  [[nodiscard]] base::Result<const AVFrame*> scale(const AVFrame& picture);

 private:
  const wire::PictureSize size_;
  SwsContext* context_ = nullptr;
  Handle<AVFrame> scaled_;
};

}  // namespace tongke::pipeline::worker::av
