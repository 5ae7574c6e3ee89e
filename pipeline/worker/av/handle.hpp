#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
}

#include <memory>
#include <string>

#include "base/result.hpp"

namespace tongke::pipeline::worker::av {

/// One overloaded deleter for the libav border. Format contexts are told apart by Input
/// and Output below, since they are freed differently.
struct Release {
  void operator()(AVCodecContext* p) const noexcept { avcodec_free_context(&p); }
  void operator()(AVBSFContext* p) const noexcept { av_bsf_free(&p); }
  void operator()(AVCodecParameters* p) const noexcept { avcodec_parameters_free(&p); }
  void operator()(AVFrame* p) const noexcept { av_frame_free(&p); }
  void operator()(AVPacket* p) const noexcept { av_packet_free(&p); }
  void operator()(SwrContext* p) const noexcept { swr_free(&p); }
  void operator()(AVIOContext* p) const noexcept {
    av_freep(&p->buffer);
    avio_context_free(&p);
  }
};
template <class T>
using Handle = std::unique_ptr<T, Release>;

struct ReleaseInput {
  void operator()(AVFormatContext* p) const noexcept { avformat_close_input(&p); }
};
struct ReleaseOutput {
  void operator()(AVFormatContext* p) const noexcept { avformat_free_context(p); }
};
using Input = std::unique_ptr<AVFormatContext, ReleaseInput>;
using Output = std::unique_ptr<AVFormatContext, ReleaseOutput>;

/// libav's error number as ours.
[[nodiscard]] inline base::Error error(int code, const std::string& what) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return base::Error{base::Errc::internal, what + ": " + text};
}

/// Sends libav's warnings to our log.
/// @param secret  never shown; empty = there is none
void route_log(const std::string& secret = {});

}  // namespace tongke::pipeline::worker::av
