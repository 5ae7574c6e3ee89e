#include "pipeline/worker/av/picture_encoder.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::av {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;

constexpr std::int64_t kClock = 90'000;
/// So far apart that only those asked for are made.
constexpr int kNoKeyframes = 100'000;
constexpr int kFastestWhenUnknown = 30;
/// Quality aimed at where the limit allows: text is read without effort.
constexpr const char* kQuality = "24";
constexpr unsigned kSps = 7;
constexpr unsigned kPps = 8;

// annexb: lengths instead of start codes, as in MP4. force-cfr: no waiting for the successor.
std::string parameters(bool knows_rate) {
  return std::string("annexb=0:scenecut=0:force-cfr=") + (knows_rate ? "1" : "0");
}

void append_sets(std::vector<std::uint8_t>& record, const std::vector<base::ByteView>& sets) {
  for (const base::ByteView set : sets) {
    record.push_back(static_cast<std::uint8_t>(set.size() >> 8U));
    record.push_back(static_cast<std::uint8_t>(set.size()));
    record.insert(record.end(), set.begin(), set.end());
  }
}

}  // namespace

std::vector<std::uint8_t> avc_record(base::ByteView parameter_sets) {
  std::vector<base::ByteView> sps;
  std::vector<base::ByteView> pps;
  while (parameter_sets.size() > 4) {
    const std::size_t size = std::size_t{parameter_sets[0]} << 24U | std::size_t{parameter_sets[1]} << 16U |
                             std::size_t{parameter_sets[2]} << 8U | parameter_sets[3];
    parameter_sets = parameter_sets.subspan(4);
    if (size == 0 || size > parameter_sets.size() || size > UINT16_MAX) break;
    const base::ByteView nal = parameter_sets.first(size);
    if ((nal[0] & 0x1fU) == kSps) sps.push_back(nal);
    if ((nal[0] & 0x1fU) == kPps) pps.push_back(nal);
    parameter_sets = parameter_sets.subspan(size);
  }
  if (sps.empty() || pps.empty() || sps.front().size() < 4) return {};
  std::vector<std::uint8_t> record = {1, sps.front()[1], sps.front()[2], sps.front()[3], 0xff};
  record.push_back(static_cast<std::uint8_t>(0xe0U | sps.size()));
  append_sets(record, sps);
  record.push_back(static_cast<std::uint8_t>(pps.size()));
  append_sets(record, pps);
  return record;
}

base::Result<std::unique_ptr<PictureEncoder>> PictureEncoder::create(const Settings& settings,
                                                                     Output output) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (!codec) return Error{Errc::unavailable, "no H.264 encoder"};
  std::unique_ptr<PictureEncoder> encoder(new PictureEncoder);
  encoder->output_ = std::move(output);
  encoder->packet_.reset(av_packet_alloc());
  encoder->frame_.reset(av_frame_alloc());
  auto& context = encoder->context_;
  context.reset(avcodec_alloc_context3(codec));
  const bool knows_rate = settings.frame_rate >= 1;
  context->width = static_cast<int>(settings.size.width);
  context->height = static_cast<int>(settings.size.height);
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->sample_aspect_ratio = settings.pixel_shape;
  context->time_base = {1, static_cast<int>(kClock)};
  context->framerate = knows_rate ? av_d2q(settings.frame_rate, 60'000) : AVRational{kFastestWhenUnknown, 1};
  context->gop_size = kNoKeyframes;
  context->max_b_frames = 0;
  context->thread_count = 1;
  context->level = static_cast<int>(settings.level);
  context->rc_max_rate = settings.bits_per_second;
  context->rc_buffer_size = static_cast<int>(settings.bits_per_second / 1000 * kBufferMilliseconds);
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "preset", "veryfast", 0);
  av_dict_set(&options, "tune", "zerolatency", 0);
  av_dict_set(&options, "crf", kQuality, 0);
  av_dict_set(&options, "forced-idr", "1", 0);
  av_dict_set(&options, "profile", settings.main_profile ? "main" : "baseline", 0);
  av_dict_set(&options, "x264-params", parameters(knows_rate).c_str(), 0);
  const int code = avcodec_open2(context.get(), codec, &options);
  av_dict_free(&options);
  if (code < 0) return Error{Errc::unavailable, av::error(code, "H.264 encoder").message};
  encoder->config_ = {
      .kind = TrackKind::video,
      .codec = "h264",
      .extradata = avc_record({context->extradata, static_cast<std::size_t>(context->extradata_size)}),
      .width = settings.size.width,
      .height = settings.size.height,
      .frame_rate = settings.frame_rate};
  if (encoder->config_.extradata.empty()) return Error{Errc::unavailable, "H.264 encoder: no parameter sets"};
  return encoder;
}

base::Result<void> PictureEncoder::encode(const AVFrame& picture, MediaTime pts, bool keyframe) {
  av_frame_unref(frame_.get());
  if (av_frame_ref(frame_.get(), &picture) < 0) return Error{Errc::internal, "out of memory"};
  frame_->pts = timing::to_units(pts, kClock);
  frame_->pict_type = keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  const int code = avcodec_send_frame(context_.get(), frame_.get());
  av_frame_unref(frame_.get());
  if (code < 0) return av::error(code, "H.264 encoder");
  deliver();
  return {};
}

void PictureEncoder::finish() {
  avcodec_send_frame(context_.get(), nullptr);
  deliver();
}

void PictureEncoder::deliver() {
  while (avcodec_receive_packet(context_.get(), packet_.get()) >= 0) {
    output_({packet_->data, static_cast<std::size_t>(packet_->size)},
            timing::from_units(packet_->pts, kClock), (packet_->flags & AV_PKT_FLAG_KEY) != 0);
    av_packet_unref(packet_.get());
  }
}

}  // namespace tongke::pipeline::worker::av
