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

base::Result<void> add_stream(AVFormatContext& output, Lane& lane) {
  lane.stream = avformat_new_stream(&output, nullptr);
  if (!lane.stream || avcodec_parameters_copy(lane.stream->codecpar, &lane.source.parameters()) < 0)
    return Error{Errc::internal, "out of memory"};
  lane.stream->codecpar->codec_tag = 0;
  lane.stream->time_base = {1, static_cast<int>(lane.source.time_scale())};
  return {};
}

}  // namespace tongke::pipeline::worker::remux
