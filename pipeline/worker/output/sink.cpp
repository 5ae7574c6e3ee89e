#include "pipeline/worker/output/sink.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/worker/av/silence.hpp"

namespace tongke::pipeline::worker::output {
namespace {

using base::Errc;
using base::Error;
using wire::TrackKind;

constexpr const char* kProtocols = "udp,srt,rtmp,rtmps,tcp,tls,crypto";
constexpr const char* kLineTimeout = "5000000";  // µs without progress
constexpr const char* kConnectTimeout = "3000";  // ms; SRT
constexpr const char* kSrtLatency = "1000000";   // µs for lost packets to be sent again; the delay has it
constexpr int kMuxBytes = 64 * 188;
constexpr AVRational kMicroseconds{1, 1'000'000};

/// Options for libav, freed.
class Options {
 public:
  Options(std::initializer_list<std::pair<const char*, const char*>> pairs) {
    for (const auto& pair : pairs) set(pair.first, pair.second);
  }
  ~Options() { av_dict_free(&options_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  void set(const char* name, const std::string& value) { av_dict_set(&options_, name, value.c_str(), 0); }
  AVDictionary** out() { return &options_; }

 private:
  AVDictionary* options_ = nullptr;
};

int to_pacer(void* pacer, std::uint8_t* bytes, int count) noexcept {
  static_cast<Pacer*>(pacer)->push({bytes, static_cast<std::size_t>(count)});
  return count;
}

Error gone(int code, const char* what) { return {Errc::unavailable, av::error(code, what).message}; }

av::Handle<AVCodecParameters> layer2_sound() {
  av::Handle<AVCodecParameters> parameters(avcodec_parameters_alloc());
  parameters->codec_type = AVMEDIA_TYPE_AUDIO;
  parameters->codec_id = AV_CODEC_ID_MP2;
  parameters->sample_rate = static_cast<int>(av::kLayer2Rate);
  parameters->bit_rate = av::kLayer2BitRate;
  parameters->frame_size = static_cast<int>(av::kLayer2FrameSamples);
  av_channel_layout_default(&parameters->ch_layout, 2);
  return parameters;
}

/// AAC-LC, 48 kHz, stereo: for a channel whose lesson has no sound.
av::Handle<AVCodecParameters> plain_sound() {
  av::Handle<AVCodecParameters> parameters(avcodec_parameters_alloc());
  parameters->codec_type = AVMEDIA_TYPE_AUDIO;
  parameters->codec_id = AV_CODEC_ID_AAC;
  parameters->sample_rate = 48'000;
  av_channel_layout_default(&parameters->ch_layout, 2);
  // AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1.
  parameters->extradata = static_cast<std::uint8_t*>(av_mallocz(2 + AV_INPUT_BUFFER_PADDING_SIZE));
  parameters->extradata[0] = 0x11;
  parameters->extradata[1] = 0x90;
  parameters->extradata_size = 2;
  return parameters;
}

}  // namespace

base::Result<std::unique_ptr<Sink>> Sink::open(const wire::OutputOpen& open, const Tracks& tracks) {
  std::unique_ptr<Sink> sink(new Sink(open));
  AVFormatContext* context = nullptr;
  const char* format = sink->is_ts() ? "mpegts" : "flv";
  if (const int code = avformat_alloc_output_context2(&context, nullptr, format, nullptr); code < 0)
    return av::error(code, format);
  sink->output_.reset(context);
  sink->packet_.reset(av_packet_alloc());
  if (tracks.video != nullptr) {
    if (auto ok = sink->add(TrackKind::video, *tracks.video); !ok) return std::move(ok).error();
  }
  const bool layer2 = open.layer2 && sink->is_ts();
  const auto plain = layer2                                     ? layer2_sound()
                     : tracks.audio == nullptr && sink->is_ts() ? plain_sound()
                                                                : nullptr;
  if (const auto* sound = plain ? plain.get() : tracks.audio; sound != nullptr) {
    if (auto ok = sink->add(TrackKind::audio, *sound); !ok) return std::move(ok).error();
  }
  if (auto ok = sink->connect(); !ok) return std::move(ok).error();
  if (auto ok = sink->begin(); !ok) return std::move(ok).error();
  return sink;
}

Sink::~Sink() {
  if (begun_ && !is_ts()) av_write_trailer(output_.get());
  pacer_.reset();
  if (line_ != nullptr) avio_closep(&line_);
}

base::Result<void> Sink::add(TrackKind kind, const AVCodecParameters& parameters) {
  const bool layer2 = parameters.codec_id == AV_CODEC_ID_MP2;
  const AVCodecID wanted = kind == TrackKind::video ? AV_CODEC_ID_H264 : AV_CODEC_ID_AAC;
  if (parameters.codec_id != wanted && !(layer2 && open_.layer2))
    return Error{Errc::invalid, "only H.264 and AAC can be sent to others"};
  AVStream* stream = avformat_new_stream(output_.get(), nullptr);
  if (stream == nullptr) return Error{Errc::internal, "out of memory"};
  const AVCodecParameters* sent = &parameters;
  if (kind == TrackKind::video) {
    video_ = stream;
    if (is_ts()) {
      if (auto ok = filter(parameters); !ok) return ok;
      sent = annex_b_->par_out;
    }
  } else {
    audio_ = stream;
    silence_ = layer2 ? av::silent_layer2_frame() : av::silent_aac_frame(parameters);
    const std::int64_t samples = layer2 ? av::kLayer2FrameSamples : av::kAacFrameSamples;
    if (!silence_.empty()) sound_frame_ = base::MediaTime(samples * 1'000'000 / parameters.sample_rate);
  }
  if (avcodec_parameters_copy(stream->codecpar, sent) < 0) return Error{Errc::internal, "out of memory"};
  stream->codecpar->codec_tag = 0;
  stream->time_base = is_ts() ? AVRational{1, 90'000} : AVRational{1, 1'000};
  stream->id = kind == TrackKind::video ? kVideoPid : kAudioPid;
  return {};
}

// Parameter sets travel before each keyframe, those that belong to it.
base::Result<void> Sink::filter(const AVCodecParameters& parameters) {
  AVBSFContext* context = nullptr;
  if (av_bsf_alloc(av_bsf_get_by_name("h264_mp4toannexb"), &context) < 0)
    return Error{Errc::internal, "no h264_mp4toannexb"};
  annex_b_.reset(context);
  if (avcodec_parameters_copy(annex_b_->par_in, &parameters) < 0)
    return Error{Errc::internal, "out of memory"};
  annex_b_->time_base_in = {1, 90'000};
  if (const int code = av_bsf_init(annex_b_.get()); code < 0) return av::error(code, "H.264");
  return {};
}

base::Result<void> Sink::connect() {
  Options options({{"protocol_whitelist", kProtocols}, {"rw_timeout", kLineTimeout}});
  if (open_.url.starts_with("udp:")) options.set("pkt_size", std::to_string(Pacer::kDatagram));
  if (open_.url.starts_with("srt:")) {
    options.set("mode", "caller");
    options.set("connect_timeout", kConnectTimeout);
    options.set("latency", kSrtLatency);
    if (!open_.secret.empty()) options.set("passphrase", open_.secret);
    options.set("payload_size", std::to_string(Pacer::kDatagram));
  }
  if (open_.url.starts_with("rtmps:")) options.set("tls_verify", "1");
  const int direct = is_ts() ? AVIO_FLAG_DIRECT : 0;
  const int code = avio_open2(&line_, open_.url.c_str(), AVIO_FLAG_WRITE | direct, nullptr, options.out());
  if (code < 0) return gone(code, "connection");
  if (!is_ts()) {
    output_->pb = line_;
    return {};
  }
  pacer_ = std::make_unique<Pacer>(open_.rate_bps, [line = line_](base::ByteView datagram) {
    avio_write(line, datagram.data(), static_cast<int>(datagram.size()));
    avio_flush(line);
    return line->error;
  });
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kMuxBytes));
  made_.reset(avio_alloc_context(buffer, kMuxBytes, 1, pacer_.get(), nullptr, to_pacer, nullptr));
  if (!made_) return Error{Errc::internal, "out of memory"};
  made_->seekable = 0;
  output_->pb = made_.get();
  output_->flags |= AVFMT_FLAG_CUSTOM_IO;
  return {};
}

base::Result<void> Sink::begin() {
  output_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  output_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  Options options({});
  if (is_ts()) {
    output_->max_delay = static_cast<int>(kMuxDelay.count());
    av_dict_set(&output_->metadata, "service_name", open_.service_name.c_str(), 0);
    av_dict_set(&output_->metadata, "service_provider", "Tongke", 0);
    options.set("muxrate", std::to_string(open_.rate_bps));
    options.set("mpegts_pmt_start_pid", std::to_string(kPmtPid));
    options.set("mpegts_start_pid", std::to_string(kVideoPid));
    // DVB asks for a PCR every 40 ms and tables every 100 ms, seen at the receiver: a little oftener.
    options.set("pcr_period", "20");
    options.set("pat_period", "0.08");
    options.set("sdt_period", "1");
    options.set("mpegts_flags", "initial_discontinuity+system_b");
  } else {
    options.set("flvflags", "no_duration_filesize");
  }
  const int code = avformat_write_header(output_.get(), options.out());
  if (code < 0) return gone(code, "publish");
  begun_ = true;
  return {};
}

base::Result<void> Sink::video_changed(const AVCodecParameters& parameters) {
  if (parameters.codec_id != AV_CODEC_ID_H264 || video_ == nullptr)
    return Error{Errc::invalid, "only H.264 can be sent to others"};
  if (is_ts()) return filter(parameters);
  news_.assign(parameters.extradata, parameters.extradata + parameters.extradata_size);
  return {};
}

// The muxer's PCR is what it has written, at the rate, from kMuxDelay before the first frame on.
base::MediaTime Sink::lead(base::MediaTime dts) const {
  if (!is_ts() || !first_) return kMuxDelay;
  const base::MediaTime written(avio_tell(output_->pb) * 8 * 1'000'000 / open_.rate_bps);
  return dts - *first_ + kMuxDelay - written;
}

base::Result<void> Sink::write(const Unit& unit) {
  if (pacer_ && pacer_->failure() != 0) return gone(pacer_->failure(), "connection");
  const bool video = unit.track == TrackKind::video;
  AVStream* stream = video ? video_ : audio_;
  if (stream == nullptr) return {};
  const auto& bytes = unit.bytes.empty() ? silence_ : unit.bytes;
  if (av_new_packet(packet_.get(), static_cast<int>(bytes.size())) < 0)
    return Error{Errc::internal, "out of memory"};
  std::copy(bytes.begin(), bytes.end(), packet_->data);
  if (video && !news_.empty()) {
    auto* news = av_packet_new_side_data(packet_.get(), AV_PKT_DATA_NEW_EXTRADATA, news_.size());
    if (news != nullptr) std::copy(news_.begin(), news_.end(), news);
    news_.clear();
  }
  packet_->flags = unit.keyframe ? AV_PKT_FLAG_KEY : 0;
  if (video && annex_b_) {
    int code = av_bsf_send_packet(annex_b_.get(), packet_.get());
    if (code >= 0) code = av_bsf_receive_packet(annex_b_.get(), packet_.get());
    if (code < 0) {
      av_packet_unref(packet_.get());
      return Error{Errc::invalid, av::error(code, "H.264").message};
    }
  }
  packet_->stream_index = stream->index;
  packet_->pts = av_rescale_q(unit.pts.count(), kMicroseconds, stream->time_base);
  packet_->dts = av_rescale_q(unit.dts.count(), kMicroseconds, stream->time_base);
  const std::size_t size = bytes.size();
  if (!first_) first_ = unit.dts;
  int code = av_write_frame(output_.get(), packet_.get());
  // It would wait for more sound to go with it, and silence is small.
  if (code >= 0 && is_ts() && !video) code = av_write_frame(output_.get(), nullptr);
  av_packet_unref(packet_.get());
  if (code < 0) return gone(code, "connection");
  written_ += size;
  return {};
}

}  // namespace tongke::pipeline::worker::output
