#pragma once

#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/draw/board.hpp"

namespace tongke::pipeline::worker::draw {

/// Shows the picture to libav without a copy: encoders copy a frame that owns no buffers. The
/// picture must outlive the call that the frame goes into.
inline void lend(const Picture& picture, AVFrame& frame) {
  av_frame_unref(&frame);
  frame.format = AV_PIX_FMT_YUV420P;
  frame.width = picture.width;
  frame.height = picture.height;
  frame.data[0] = const_cast<std::uint8_t*>(picture.y.data());
  frame.data[1] = const_cast<std::uint8_t*>(picture.u.data());
  frame.data[2] = const_cast<std::uint8_t*>(picture.v.data());
  frame.linesize[0] = picture.width;
  frame.linesize[1] = frame.linesize[2] = picture.width / 2;
}

}  // namespace tongke::pipeline::worker::draw
