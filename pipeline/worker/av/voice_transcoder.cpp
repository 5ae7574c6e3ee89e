#include "pipeline/worker/av/voice_transcoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::av {
namespace {

using base::Errc;
using base::Error;

struct Kind {
  const char* name;
  const char* encoder;
  std::int64_t bit_rate;
  AVSampleFormat samples;
};
const Kind& kind_of(VoiceTranscoder::Target target) {
  static constexpr Kind kAac{"aac", "aac", 32'000, AV_SAMPLE_FMT_FLTP};
  static constexpr Kind kOpus{"opus", "libopus", 24'000, AV_SAMPLE_FMT_FLT};
  static constexpr Kind kLayer2{"mp2", "mp2", kLayer2BitRate, AV_SAMPLE_FMT_S16};
  return target == VoiceTranscoder::Target::aac    ? kAac
         : target == VoiceTranscoder::Target::opus ? kOpus
                                                   : kLayer2;
}
/// A hole up to this long is filled with silence; after a longer one time jumps.
constexpr std::int64_t kLongestFillSeconds = 2;

AVCodecID codec_id(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, AVCodecID>, 6> kKnown = {{
      {"aac", AV_CODEC_ID_AAC},
      {"mp2", AV_CODEC_ID_MP2},
      {"mp3", AV_CODEC_ID_MP3},
      {"opus", AV_CODEC_ID_OPUS},
      {"pcm_alaw", AV_CODEC_ID_PCM_ALAW},
      {"pcm_mulaw", AV_CODEC_ID_PCM_MULAW},
  }};
  const auto* known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const auto& each) { return each.first == name; });
  return known == kKnown.end() ? AV_CODEC_ID_NONE : known->second;
}

std::vector<std::uint8_t> copy(const std::uint8_t* bytes, int size) { return {bytes, bytes + size}; }

}  // namespace

base::Result<std::unique_ptr<VoiceTranscoder>> VoiceTranscoder::create(const StreamConfig& input,
                                                                       Target target, Output output,
                                                                       std::uint32_t channels) {
  std::unique_ptr<VoiceTranscoder> transcoder(new VoiceTranscoder);
  transcoder->output_ = std::move(output);
  transcoder->packet_.reset(av_packet_alloc());
  transcoder->decoded_.reset(av_frame_alloc());
  transcoder->frame_.reset(av_frame_alloc());
  if (auto ok = transcoder->open_encoder(target, input.sample_rate, channels); !ok)
    return std::move(ok).error();
  if (auto ok = transcoder->reconfigure(input); !ok) return std::move(ok).error();
  return transcoder;
}

base::Result<void> VoiceTranscoder::reconfigure(const StreamConfig& input) {
  const AVCodec* codec = avcodec_find_decoder(codec_id(input.codec));
  if (!codec) return Error{Errc::unavailable, "no decoder for " + input.codec};
  Handle<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  decoder->thread_count = 1;
  decoder->sample_rate = static_cast<int>(input.sample_rate);
  av_channel_layout_default(&decoder->ch_layout, static_cast<int>(input.channels));
  if (!input.extradata.empty()) {
    decoder->extradata =
        static_cast<std::uint8_t*>(av_mallocz(input.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    std::memcpy(decoder->extradata, input.extradata.data(), input.extradata.size());
    decoder->extradata_size = static_cast<int>(input.extradata.size());
  }
  if (const int code = avcodec_open2(decoder.get(), codec, nullptr); code < 0)
    return Error{Errc::unavailable, av::error(code, input.codec).message};
  decoder_ = std::move(decoder);
  return {};
}

base::Result<void> VoiceTranscoder::open_encoder(Target target, std::uint32_t source_rate,
                                                 std::uint32_t channels) {
  const Kind& kind = kind_of(target);
  const AVCodec* codec = avcodec_find_encoder_by_name(kind.encoder);
  if (!codec) return Error{Errc::unavailable, std::string("no encoder: ") + kind.encoder};
  mixed_ = target == Target::layer2 ? 2 : 1;
  encoder_.reset(avcodec_alloc_context3(codec));
  encoder_->sample_rate = target == Target::aac && source_rate % 11'025 == 0 ? 44'100 : 48'000;
  encoder_->sample_fmt = kind.samples;
  encoder_->bit_rate = kind.bit_rate;
  encoder_->time_base = {1, encoder_->sample_rate};
  encoder_->thread_count = 1;
  encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&encoder_->ch_layout,
                            target == Target::aac ? static_cast<int>(channels) : static_cast<int>(mixed_));
  AVDictionary* options = nullptr;
  if (target == Target::opus) {
    av_dict_set(&options, "application", "voip", 0);
    av_dict_set(&options, "frame_duration", "20", 0);
    av_dict_set(&options, "vbr", "constrained", 0);
  } else if (target == Target::aac) {
    av_dict_set(&options, "aac_coder", "fast", 0);
  }
  const int code = avcodec_open2(encoder_.get(), codec, &options);
  av_dict_free(&options);
  if (code < 0) return av::error(code, codec->name);
  output_config_ = {.kind = TrackKind::audio,
                    .codec = kind.name,
                    .extradata = copy(encoder_->extradata, encoder_->extradata_size),
                    .sample_rate = static_cast<std::uint32_t>(encoder_->sample_rate),
                    .channels = static_cast<std::uint32_t>(encoder_->ch_layout.nb_channels)};
  return {};
}

base::Result<void> VoiceTranscoder::open_resampler(const AVFrame& decoded) {
  if (resampler_ && resampler_rate_ == decoded.sample_rate && resampler_format_ == decoded.format &&
      resampler_channels_ == decoded.ch_layout.nb_channels)
    return {};
  SwrContext* context = nullptr;
  AVChannelLayout layout = decoded.ch_layout;  // libav's signature lacks the const
  AVChannelLayout mixed{};
  av_channel_layout_default(&mixed, static_cast<int>(mixed_));
  int code =
      swr_alloc_set_opts2(&context, &mixed, AV_SAMPLE_FMT_FLT, encoder_->sample_rate, &layout,
                          static_cast<AVSampleFormat>(decoded.format), decoded.sample_rate, 0, nullptr);
  resampler_.reset(context);
  if (code >= 0) code = swr_init(resampler_.get());
  if (code < 0) {
    resampler_.reset();
    return av::error(code, "resampler");
  }
  resampler_rate_ = decoded.sample_rate;
  resampler_format_ = decoded.format;
  resampler_channels_ = decoded.ch_layout.nb_channels;
  return {};
}

base::Result<void> VoiceTranscoder::push(base::ByteView frame, base::MediaTime at) {
  padded_.assign(frame.begin(), frame.end());
  padded_.resize(frame.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  packet_->data = padded_.data();
  packet_->size = static_cast<int>(frame.size());
  packet_->pts = at.count();
  const int sent = avcodec_send_packet(decoder_.get(), packet_.get());
  av_packet_unref(packet_.get());
  if (sent < 0) return Error{Errc::invalid, av::error(sent, "audio").message};
  while (avcodec_receive_frame(decoder_.get(), decoded_.get()) >= 0) {
    if (auto ok = open_resampler(*decoded_); !ok) return ok;
    take(base::MediaTime(decoded_->pts == AV_NOPTS_VALUE ? at.count() : decoded_->pts));
    av_frame_unref(decoded_.get());
  }
  return {};
}

void VoiceTranscoder::take(base::MediaTime at) {
  const std::int64_t delay = swr_get_delay(resampler_.get(), encoder_->sample_rate);
  const int room = swr_get_out_samples(resampler_.get(), decoded_->nb_samples);
  fresh_.resize(static_cast<std::size_t>(std::max(room, 0)) * mixed_);
  auto* out = reinterpret_cast<std::uint8_t*>(fresh_.data());
  const int count =
      swr_convert(resampler_.get(), &out, room, const_cast<const std::uint8_t**>(decoded_->extended_data),
                  decoded_->nb_samples);
  fresh_.resize(static_cast<std::size_t>(std::max(count, 0)) * mixed_);
  append(timing::to_units(at, encoder_->sample_rate) - delay);
  encode_whole_frames();
}

void VoiceTranscoder::append(std::int64_t position) {
  const std::int64_t rate = encoder_->sample_rate;
  const auto held = static_cast<std::int64_t>(pending_.size() / mixed_);
  std::int64_t hole = pending_position_ ? position - (*pending_position_ + held) : 0;
  if (!pending_position_ || hole > kLongestFillSeconds * rate) {
    pending_.clear();
    const std::int64_t frame = frame_samples();
    const std::int64_t cell = (position + (position < 0 ? 0 : frame - 1)) / frame;
    pending_position_ = cell * frame;
    hole = position - *pending_position_;  // negative: up to the next cell is left out
  } else if (std::abs(hole) <= rate * 60 / 1000) {
    // Rounded timestamps, or a slow drift that one sample a frame follows.
    hole = std::abs(hole) <= rate * 5 / 1000 ? 0 : (hole > 0 ? 1 : -1);
  }
  if (hole > 0) pending_.insert(pending_.end(), static_cast<std::size_t>(hole) * mixed_, 0.0F);
  const auto left_out =
      std::min<std::size_t>(hole < 0 ? static_cast<std::size_t>(-hole) * mixed_ : 0, fresh_.size());
  pending_.insert(pending_.end(), fresh_.begin() + static_cast<std::ptrdiff_t>(left_out), fresh_.end());
}

void VoiceTranscoder::encode_whole_frames() {
  const auto samples = static_cast<std::size_t>(frame_samples()) * mixed_;
  std::size_t used = 0;
  while (pending_.size() - used >= samples) {
    av_frame_unref(frame_.get());
    frame_->nb_samples = encoder_->frame_size;
    frame_->format = encoder_->sample_fmt;
    frame_->sample_rate = encoder_->sample_rate;
    av_channel_layout_copy(&frame_->ch_layout, &encoder_->ch_layout);
    if (av_frame_get_buffer(frame_.get(), 0) < 0) break;
    fill_frame({pending_.data() + used, samples});
    frame_->pts = *pending_position_;
    used += samples;
    *pending_position_ += encoder_->frame_size;
    if (avcodec_send_frame(encoder_.get(), frame_.get()) < 0) break;
    deliver();
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(used));
}

void VoiceTranscoder::fill_frame(std::span<const float> samples) {
  if (encoder_->sample_fmt == AV_SAMPLE_FMT_S16) {
    auto* out = reinterpret_cast<std::int16_t*>(frame_->data[0]);
    for (const float sample : samples)
      *out++ = static_cast<std::int16_t>(std::lrint(std::clamp(sample, -1.0F, 1.0F) * 32'767.0F));
    return;
  }
  // Of one channel packed and planar are the same bytes.
  for (int channel = 0; channel < encoder_->ch_layout.nb_channels; ++channel)
    std::memcpy(frame_->data[channel], samples.data(), samples.size_bytes());
}

// libav warns of an encoder that is closed with frames inside.
VoiceTranscoder::~VoiceTranscoder() {
  output_ = [](base::ByteView, std::int64_t) {};
  if (encoder_) finish();
}

void VoiceTranscoder::deliver() {
  while (avcodec_receive_packet(encoder_.get(), packet_.get()) >= 0) {
    output_({packet_->data, static_cast<std::size_t>(packet_->size)}, packet_->pts);
    av_packet_unref(packet_.get());
  }
}

void VoiceTranscoder::finish() {
  if (std::exchange(finished_, true)) return;
  if (avcodec_send_frame(encoder_.get(), nullptr) >= 0) deliver();
}

}  // namespace tongke::pipeline::worker::av
