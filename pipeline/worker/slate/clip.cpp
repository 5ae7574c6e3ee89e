#include "pipeline/worker/slate/clip.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "pipeline/worker/av/picture_encoder.hpp"
#include "pipeline/worker/av/picture_scaler.hpp"
#include "pipeline/worker/av/stream_parameters.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/slate/ts_piece.hpp"

namespace tongke::pipeline::worker::slate {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;
using namespace std::chrono_literals;

constexpr std::uint32_t kWidest = 1280;
constexpr std::uint32_t kHighest = 720;
constexpr std::uint32_t kBitRate = 1'500'000;
constexpr MediaTime kFrame = 40ms;
/// All of it is in memory while it is made, a hundred megabytes at most. A break is shorter, too.
constexpr MediaTime kLongest = 10min;

wire::PictureSize fitting(std::uint32_t width, std::uint32_t height) {
  const double share =
      std::min({1.0, static_cast<double>(kWidest) / width, static_cast<double>(kHighest) / height});
  const auto even = [&](std::uint32_t side) {
    return std::max(2U, static_cast<std::uint32_t>(side * share) & ~1U);
  };
  return {even(width), even(height)};
}

Error too_long() { return {Errc::invalid, "the clip is longer than ten minutes"}; }

/// What comes in, taken apart and made anew.
class Clip {
 public:
  /// @errors not_found, invalid: nothing that can be shown
  base::Result<void> open(const std::string& path);
  base::Result<void> read();
  /// Once, when all is read.  @errors io
  base::Result<void> write(const std::string& folder);

 private:
  base::Result<void> open_picture();
  base::Result<void> open_sound();
  base::Result<void> take_picture(const AVPacket* packet);
  base::Result<void> show_until(MediaTime end);
  [[nodiscard]] MediaTime time_of(const AVStream& stream, std::int64_t pts) const;
  [[nodiscard]] const AVStream& stream(int index) const { return *input_->streams[index]; }

  av::Input input_;
  int picture_ = -1;
  int sound_ = -1;
  av::Handle<AVCodecContext> decoder_;
  std::unique_ptr<av::PictureScaler> scaler_;
  std::unique_ptr<av::PictureEncoder> encoder_;
  std::unique_ptr<av::VoiceTranscoder> voice_;
  av::Handle<AVFrame> decoded_{av_frame_alloc()};
  av::Handle<AVFrame> shown_{av_frame_alloc()};  ///< until the next comes
  MediaTime made_{0};
  Track pictures_{.time_scale = AV_TIME_BASE};
  Track sounds_;
};

base::Result<void> Clip::open(const std::string& path) {
  AVFormatContext* context = nullptr;
  if (const int code = avformat_open_input(&context, path.c_str(), nullptr, nullptr); code < 0)
    return Error{Errc::not_found, av::error(code, path).message};
  input_.reset(context);
  if (const int code = avformat_find_stream_info(context, nullptr); code < 0)
    return Error{Errc::invalid, av::error(code, path).message};
  picture_ = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  sound_ = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  if (picture_ < 0) return Error{Errc::invalid, path + ": no picture"};
  if (auto ok = open_picture(); !ok) return ok;
  return sound_ < 0 ? base::Result<void>() : open_sound();
}

base::Result<void> Clip::open_picture() {
  const AVCodecParameters& parameters = *stream(picture_).codecpar;
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (!codec || parameters.width < 2 || parameters.height < 2)
    return Error{Errc::invalid, std::string("no decoder for ") + avcodec_get_name(parameters.codec_id)};
  decoder_.reset(avcodec_alloc_context3(codec));
  avcodec_parameters_to_context(decoder_.get(), &parameters);
  decoder_->thread_count = 1;
  if (const int code = avcodec_open2(decoder_.get(), codec, nullptr); code < 0)
    return Error{Errc::invalid, av::error(code, codec->name).message};
  const auto size =
      fitting(static_cast<std::uint32_t>(parameters.width), static_cast<std::uint32_t>(parameters.height));
  scaler_ = std::make_unique<av::PictureScaler>(size);
  const AVRational shape = parameters.sample_aspect_ratio;
  auto encoder = av::PictureEncoder::create({.size = size,
                                             .bits_per_second = kBitRate,
                                             .main_profile = true,
                                             .level = kTelevisionLevel,
                                             .frame_rate = 1e6 / static_cast<double>(kFrame.count()),
                                             .pixel_shape = shape.num > 0 ? shape : AVRational{1, 1}},
                                            [this](base::ByteView avc, MediaTime pts, bool keyframe) {
                                              pictures_.add_picture(avc, pts, kFrame, keyframe);
                                            });
  if (!encoder) return std::move(encoder).error();
  encoder_ = std::move(*encoder);
  return {};
}

base::Result<void> Clip::open_sound() {
  auto voice = av::VoiceTranscoder::create(
      av::config_of(*stream(sound_).codecpar), av::VoiceTranscoder::Target::aac,
      [this](base::ByteView frame, std::int64_t position) {
        if (position >= 0) sounds_.add_sound(frame, position);
      },
      2);
  if (!voice) return std::move(voice).error();
  voice_ = std::move(*voice);
  sounds_.time_scale = voice_->output_config().sample_rate;
  return {};
}

MediaTime Clip::time_of(const AVStream& stream, std::int64_t pts) const {
  const std::int64_t start = input_->start_time == AV_NOPTS_VALUE ? 0 : input_->start_time;
  return MediaTime(av_rescale_q(pts, stream.time_base, AVRational{1, AV_TIME_BASE}) - start);
}

base::Result<void> Clip::read() {
  const av::Handle<AVPacket> packet(av_packet_alloc());
  while (av_read_frame(input_.get(), packet.get()) >= 0) {
    base::Result<void> taken;
    if (packet->stream_index == picture_) {
      taken = take_picture(packet.get());
    } else if (packet->stream_index == sound_ && packet->pts != AV_NOPTS_VALUE) {
      // What cannot be decoded is a hole of a moment.
      (void)voice_->push({packet->data, static_cast<std::size_t>(packet->size)},
                         time_of(stream(sound_), packet->pts));
    }
    av_packet_unref(packet.get());
    if (!taken) return taken;
  }
  if (auto ok = take_picture(nullptr); !ok) return ok;
  if (!shown_->buf[0]) return Error{Errc::invalid, "no picture can be decoded"};
  if (voice_) voice_->finish();
  MediaTime end = std::max(made_, kFrame);
  if (!sounds_.units.empty())
    end = std::max(end, MediaTime(av_rescale(sounds_.units.back().pts, AV_TIME_BASE, sounds_.time_scale)));
  if (end > kLongest) return too_long();
  if (auto ok = show_until((end + kPiece - MediaTime(1)) / kPiece * kPiece); !ok) return ok;
  encoder_->finish();
  return {};
}

base::Result<void> Clip::take_picture(const AVPacket* packet) {
  // A damaged one is left out.
  (void)avcodec_send_packet(decoder_.get(), packet);
  while (avcodec_receive_frame(decoder_.get(), decoded_.get()) >= 0) {
    if (decoded_->best_effort_timestamp != AV_NOPTS_VALUE) {
      const MediaTime at = time_of(stream(picture_), decoded_->best_effort_timestamp);
      if (at >= kLongest) return too_long();
      if (auto ok = show_until(at); !ok) return ok;
    }
    av_frame_unref(shown_.get());
    av_frame_move_ref(shown_.get(), decoded_.get());
  }
  return {};
}

/// Shows the newest picture until the next begins.
base::Result<void> Clip::show_until(MediaTime end) {
  if (!shown_->buf[0]) return {};
  const auto picture = scaler_->scale(*shown_);
  if (!picture) return picture.error();
  for (; made_ < end; made_ += kFrame) {
    if (auto ok = encoder_->encode(**picture, made_, made_ % kPiece == MediaTime(0)); !ok) return ok;
  }
  return {};
}

base::Result<void> Clip::write(const std::string& folder) {
  pictures_.config = encoder_->config();
  std::vector<Track> tracks;
  tracks.push_back(std::move(pictures_));
  if (voice_) {
    sounds_.config = voice_->output_config();
    tracks.push_back(std::move(sounds_));
  }
  int number = 0;
  for (MediaTime from{0}; from < made_; from += kPiece) {
    const std::string path = folder + "/" + std::to_string(number++) + ".ts";
    if (auto ok = write_piece(path, tracks, from, from + kPiece); !ok) return ok;
  }
  return {};
}

base::Result<void> make(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4 || arguments[0] != "--in" || arguments[2] != "--out")
    return Error{Errc::invalid, "--in and --out are needed"};
  Clip clip;
  if (auto ok = clip.open(arguments[1]); !ok) return ok;
  if (auto ok = clip.read(); !ok) return ok;
  return clip.write(arguments[3]);
}

}  // namespace

int run_clip(const std::vector<std::string>& arguments) {
  av::route_log();
  const auto made = make(arguments);
  if (made) return 0;
  std::fprintf(stderr, "tongke-pipeline clip: %s\n", made.error().message.c_str());
  return 1;
}

}  // namespace tongke::pipeline::worker::slate
