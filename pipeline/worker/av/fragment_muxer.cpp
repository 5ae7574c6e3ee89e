#include "pipeline/worker/av/fragment_muxer.hpp"

#include <utility>

#include "pipeline/worker/av/stream_parameters.hpp"

namespace tongke::pipeline::worker::av {
namespace {

/// libav wants dts <= pts of every packet. The mov muxer adds the first packet's difference
/// to all decode times, so any constant that is longer than a reordering delay will do.
constexpr std::int64_t kDelaySeconds = 10;
constexpr int kIoBufferBytes = 4096;
// frag_custom: a fragment ends when we say. frag_discont: decode times stay absolute.
constexpr const char* kFlags = "+frag_custom+empty_moov+default_base_moof+cmaf+frag_discont+skip_trailer";

}  // namespace

base::Result<std::unique_ptr<FragmentMuxer>> FragmentMuxer::create(const StreamConfig& config) {
  std::unique_ptr<FragmentMuxer> muxer(new FragmentMuxer);
  if (auto ok = muxer->open(config); !ok) return std::move(ok).error().in("packager");
  return muxer;
}

base::Result<void> FragmentMuxer::open(const StreamConfig& config) {
  video_ = config.kind == TrackKind::video;
  if (!video_) rate_ = config.sample_rate;
  if (rate_ == 0 || config.extradata.empty())
    return base::Error{base::Errc::invalid, "incomplete parameters"};
  AVFormatContext* context = nullptr;
  if (const int code = avformat_alloc_output_context2(&context, nullptr, "mp4", nullptr); code < 0)
    return av::error(code, "mp4");
  context_.reset(context);
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBufferBytes));
  io_.reset(avio_alloc_context(buffer, kIoBufferBytes, 1, this, nullptr, on_bytes, nullptr));
  packet_.reset(av_packet_alloc());
  AVStream* stream = avformat_new_stream(context_.get(), nullptr);
  if (!io_ || !packet_ || !stream) return base::Error{base::Errc::internal, "out of memory"};
  context_->pb = io_.get();
  context_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  if (auto ok = set_parameters(*stream->codecpar, config); !ok) return ok;
  stream->time_base = {1, static_cast<int>(rate_)};
  AVDictionary* options = nullptr;
  av_dict_set(&options, "movflags", kFlags, 0);
  av_dict_set_int(&options, "video_track_timescale", rate_, 0);
  const int code = avformat_write_header(context_.get(), &options);
  av_dict_free(&options);
  if (code < 0) return base::Error{base::Errc::invalid, av::error(code, "header").message};
  avio_flush(io_.get());
  init_ = base::SharedBytes(std::exchange(written_, {}));
  return {};
}

base::Result<void> FragmentMuxer::write(base::ByteView sample, std::int64_t pts, std::int64_t time,
                                        std::int64_t duration, bool keyframe) {
  // Not reference-counted: the muxer copies what it keeps.
  packet_->data = const_cast<std::uint8_t*>(sample.data());
  packet_->size = static_cast<int>(sample.size());
  packet_->pts = pts;
  packet_->dts = time - (video_ ? kDelaySeconds * rate_ : 0);
  packet_->duration = duration;
  packet_->stream_index = 0;
  packet_->flags = keyframe ? AV_PKT_FLAG_KEY : 0;
  const int code = av_write_frame(context_.get(), packet_.get());
  av_packet_unref(packet_.get());
  if (code < 0) return av::error(code, "packager");
  return {};
}

base::Result<base::SharedBytes> FragmentMuxer::cut() {
  if (const int code = av_write_frame(context_.get(), nullptr); code < 0) return av::error(code, "packager");
  avio_flush(io_.get());
  written_.shrink_to_fit();
  return base::SharedBytes(std::exchange(written_, {}));
}

int FragmentMuxer::on_bytes(void* self, std::uint8_t* bytes, int size) noexcept {
  auto& written = static_cast<FragmentMuxer*>(self)->written_;
  written.insert(written.end(), bytes, bytes + size);
  return size;
}

}  // namespace tongke::pipeline::worker::av
