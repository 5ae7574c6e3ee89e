#include "pipeline/worker/demo/publisher.hpp"

#include <algorithm>
#include <cstring>

#include "pipeline/worker/draw/frame.hpp"

namespace tongke::pipeline::worker::demo {
namespace {

using base::Errc;
using base::Error;

constexpr int kKeyframeSeconds = 2;
constexpr std::int64_t kVideoBitRate = 800'000;
constexpr std::int64_t kAudioBitRate = 64'000;
constexpr const char* kTimeoutMicroseconds = "5000000";

int interrupted(void* stop) noexcept { return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0; }

}  // namespace

base::Result<std::unique_ptr<Publisher>> Publisher::connect(const std::string& url, int width, int height,
                                                            const std::atomic<bool>& stop) {
  std::unique_ptr<Publisher> publisher(new Publisher(stop));
  if (auto ok = publisher->open(url, width, height); !ok) return std::move(ok).error();
  return publisher;
}

Publisher::~Publisher() {
  // libav warns of an audio encoder that is closed with frames inside.
  if (audio_ && avcodec_send_frame(audio_.get(), nullptr) >= 0) {
    while (avcodec_receive_packet(audio_.get(), packet_.get()) >= 0) av_packet_unref(packet_.get());
  }
  if (header_written_) av_write_trailer(output_.get());
  if (output_) avio_closep(&output_->pb);
}

base::Result<void> Publisher::open(const std::string& url, int width, int height) {
  AVFormatContext* context = nullptr;
  if (const int code = avformat_alloc_output_context2(&context, nullptr, "flv", url.c_str()); code < 0)
    return av::error(code, "flv");
  output_.reset(context);
  packet_.reset(av_packet_alloc());
  if (auto ok = open_video(width, height); !ok) return ok;
  if (auto ok = open_audio(); !ok) return ok;
  const AVIOInterruptCB interrupt{interrupted, const_cast<std::atomic<bool>*>(&stop_)};
  output_->interrupt_callback = interrupt;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "rw_timeout", kTimeoutMicroseconds, 0);
  int code = avio_open2(&output_->pb, url.c_str(), AVIO_FLAG_WRITE, &interrupt, &options);
  av_dict_free(&options);
  if (code < 0) return Error{Errc::unavailable, av::error(code, "connection").message};
  output_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  av_dict_set(&options, "flvflags", "no_duration_filesize", 0);
  code = avformat_write_header(output_.get(), &options);
  av_dict_free(&options);
  if (code < 0) return Error{Errc::unavailable, av::error(code, "publish").message};
  header_written_ = true;
  return {};
}

base::Result<AVStream*> Publisher::add_stream(const AVCodecContext& encoder) {
  AVStream* stream = avformat_new_stream(output_.get(), nullptr);
  if (!stream || avcodec_parameters_from_context(stream->codecpar, &encoder) < 0)
    return Error{Errc::internal, "out of memory"};
  stream->time_base = encoder.time_base;
  return stream;
}

base::Result<void> Publisher::open_video(int width, int height) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (!codec) return Error{Errc::unavailable, "no H.264 encoder"};
  video_.reset(avcodec_alloc_context3(codec));
  video_->width = width;
  video_->height = height;
  video_->pix_fmt = AV_PIX_FMT_YUV420P;
  video_->color_range = AVCOL_RANGE_MPEG;
  video_->colorspace = AVCOL_SPC_BT709;
  video_->color_primaries = AVCOL_PRI_BT709;
  video_->color_trc = AVCOL_TRC_BT709;
  video_->time_base = {1, kFramesPerSecond};
  video_->framerate = {kFramesPerSecond, 1};
  video_->gop_size = kKeyframeSeconds * kFramesPerSecond;
  video_->max_b_frames = 0;
  video_->thread_count = 1;
  video_->rc_max_rate = kVideoBitRate;
  video_->rc_buffer_size = static_cast<int>(kVideoBitRate);
  video_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "preset", "superfast", 0);
  av_dict_set(&options, "tune", "zerolatency", 0);
  av_dict_set(&options, "crf", "21", 0);
  av_dict_set(&options, "profile", "main", 0);
  av_dict_set(&options, "x264-params", "scenecut=0:force-cfr=1", 0);
  const int code = avcodec_open2(video_.get(), codec, &options);
  av_dict_free(&options);
  if (code < 0) return av::error(code, "H.264 encoder");
  auto stream = add_stream(*video_);
  if (!stream) return std::move(stream).error();
  video_stream_ = *stream;
  picture_.reset(av_frame_alloc());
  return {};
}

base::Result<void> Publisher::open_audio() {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (!codec) return Error{Errc::unavailable, "no AAC encoder"};
  audio_.reset(avcodec_alloc_context3(codec));
  audio_->sample_rate = kSampleRate;
  audio_->sample_fmt = AV_SAMPLE_FMT_FLTP;
  audio_->bit_rate = kAudioBitRate;
  audio_->time_base = {1, kSampleRate};
  audio_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&audio_->ch_layout, 1);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "aac_coder", "fast", 0);
  const int code = avcodec_open2(audio_.get(), codec, &options);
  av_dict_free(&options);
  if (code < 0) return av::error(code, "AAC encoder");
  auto stream = add_stream(*audio_);
  if (!stream) return std::move(stream).error();
  audio_stream_ = *stream;
  samples_.reset(av_frame_alloc());
  return {};
}

base::Result<void> Publisher::video(const Picture& picture, std::int64_t frame) {
  draw::lend(picture, *picture_);
  picture_->pts = frame;
  return send(*video_, picture_.get(), *video_stream_);
}

base::Result<void> Publisher::audio(std::span<const float> samples, std::int64_t position) {
  av_frame_unref(samples_.get());
  samples_->format = audio_->sample_fmt;
  samples_->sample_rate = kSampleRate;
  samples_->nb_samples = static_cast<int>(samples.size());
  av_channel_layout_copy(&samples_->ch_layout, &audio_->ch_layout);
  if (const int code = av_frame_get_buffer(samples_.get(), 0); code < 0) return av::error(code, "audio");
  std::memcpy(samples_->data[0], samples.data(), samples.size_bytes());
  samples_->pts = position;
  return send(*audio_, samples_.get(), *audio_stream_);
}

base::Result<void> Publisher::send(AVCodecContext& encoder, AVFrame* frame, const AVStream& stream) {
  int code = avcodec_send_frame(&encoder, frame);
  if (code < 0) return av::error(code, "encoder");
  while (avcodec_receive_packet(&encoder, packet_.get()) >= 0) {
    av_packet_rescale_ts(packet_.get(), encoder.time_base, stream.time_base);
    packet_->stream_index = stream.index;
    // The encoder's priming begins before time zero, which FLV cannot say.
    code = packet_->pts < 0 ? 0 : av_write_frame(output_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (code < 0) return Error{Errc::io, av::error(code, "connection").message};
  }
  return {};
}

}  // namespace tongke::pipeline::worker::demo
