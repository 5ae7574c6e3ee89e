#include "pipeline/worker/remux/lane.hpp"

#include <utility>

namespace tongke::pipeline::worker::remux {

using base::Errc;
using base::Error;

base::Result<void> Lane::advance() {
  auto next = source.next();
  if (!next) return std::move(next).error();
  unit = std::move(*next);
  return {};
}

base::Result<av::Output> make_output(const char* format, const std::string& path) {
  AVFormatContext* context = nullptr;
  const int code = avformat_alloc_output_context2(&context, nullptr, format, path.c_str());
  if (code < 0) return av::error(code, format);
  return av::Output(context);
}

base::Result<AVStream*> add_stream(AVFormatContext& output, const AVCodecParameters& parameters,
                                   std::int64_t time_scale) {
  AVStream* stream = avformat_new_stream(&output, nullptr);
  if (!stream || avcodec_parameters_copy(stream->codecpar, &parameters) < 0)
    return Error{Errc::internal, "out of memory"};
  stream->codecpar->codec_tag = 0;
  stream->time_base = {1, static_cast<int>(time_scale)};
  return stream;
}

}  // namespace tongke::pipeline::worker::remux
