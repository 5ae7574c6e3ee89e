#include "pipeline/worker/fill/gap_fill.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "base/file_io.hpp"
#include "pipeline/worker/av/fragment_muxer.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/av/stream_parameters.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/remux/track_source.hpp"
#include "pipeline/worker/timing/sample_clock.hpp"

namespace tongke::pipeline::worker::fill {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;

constexpr std::int64_t kFrame = av::kAacFrameSamples;

/// Encoded frames by their place on the grid of whole frames from media time zero.
using Frames = std::map<std::int64_t, std::vector<std::uint8_t>>;

/// A file that grows by what is written to it; there already, since it lives in memory.
class Sink {
 public:
  explicit Sink(const std::string& path)
      : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}

  base::Result<void> write(base::ByteView bytes) {
    if (base::write_all(fd_.get(), bytes)) return {};
    return Error{Errc::io, path_ + ": " + std::strerror(errno)};
  }

 private:
  std::string path_;
  base::Fd fd_;
};

class GapFill {
 public:
  explicit GapFill(const FillRequest& request) : request_(request) {}

  base::Result<void> run() {
    auto like = remux::FragmentFile::open(request_.like);
    if (!like) return std::move(like).error();
    auto parameters = remux::read_parameters(*like);
    if (!parameters) return std::move(parameters).error();
    like_ = std::move(*parameters);
    for (const Sound& sound : request_.sounds) {
      if (auto ok = decode(sound); !ok) return ok;
    }
    if (!transcoder_) return Error{Errc::invalid, "no sound"};
    transcoder_->finish();
    if (auto ok = write_sound(); !ok) return ok;
    return request_.picture.empty() ? base::Result<void>() : write_picture();
  }

 private:
  base::Result<void> decode(const Sound& sound) {
    const AVInputFormat* format = av_find_input_format(request_.container == "webm" ? "matroska" : "mov");
    AVFormatContext* context = nullptr;
    if (const int code = avformat_open_input(&context, sound.path.c_str(), format, nullptr); code < 0)
      return Error{Errc::invalid, av::error(code, "sound").message};
    const av::Input input(context);
    if (const int code = avformat_find_stream_info(input.get(), nullptr); code < 0)
      return Error{Errc::invalid, av::error(code, "sound").message};
    const int index = av_find_best_stream(input.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (index < 0) return Error{Errc::invalid, "a file without sound"};
    const AVStream& stream = *input->streams[index];
    if (auto ok = understand(av::config_of(*stream.codecpar)); !ok) return ok;
    const av::Handle<AVPacket> packet(av_packet_alloc());
    std::optional<std::int64_t> first;
    while (av_read_frame(input.get(), packet.get()) >= 0) {
      if (packet->stream_index == index && packet->size > 0 && packet->pts != AV_NOPTS_VALUE) {
        if (!first) first = packet->pts;
        const MediaTime time =
            sound.at + MediaTime(av_rescale_q(packet->pts - *first, stream.time_base, {1, 1'000'000}));
        const bool within = time >= request_.cuts.front() - kMargin && time < request_.cuts.back() + kMargin;
        // A frame that is not whole is left out, as live.
        if (within) (void)transcoder_->push({packet->data, static_cast<std::size_t>(packet->size)}, time);
      }
      av_packet_unref(packet.get());
    }
    return {};
  }

  /// Pieces follow each other in one encoder, however many decoders they need.
  base::Result<void> understand(const StreamConfig& config) {
    if (config.codec != "opus" && config.codec != "aac") return Error{Errc::invalid, "neither Opus nor AAC"};
    if (!transcoder_) {
      StreamConfig first = config;
      first.sample_rate = static_cast<std::uint32_t>(like_->sample_rate);  // what comes out follows it
      auto made = av::VoiceTranscoder::create(
          first, av::VoiceTranscoder::Target::aac,
          [this](base::ByteView frame, std::int64_t position) {
            frames_.try_emplace(timing_cell(position), frame.begin(), frame.end());
          },
          static_cast<std::uint32_t>(like_->ch_layout.nb_channels));
      if (!made) return Error{Errc::invalid, made.error().message};
      transcoder_ = std::move(*made);
      const StreamConfig& made_config = transcoder_->output_config();
      const StreamConfig wanted = av::config_of(*like_);
      const bool same =
          made_config.sample_rate == wanted.sample_rate && made_config.extradata == wanted.extradata;
      if (!same) return Error{Errc::invalid, "the recording's sound has other parameters"};
    }
    auto ok = transcoder_->reconfigure(config);
    return ok ? ok : Error{Errc::invalid, ok.error().message};
  }

  static std::int64_t timing_cell(std::int64_t position) {
    return position >= 0 ? position / kFrame : -1;  // before the lesson began nothing is wanted
  }
  /// The first cell that begins at or after `time`.
  [[nodiscard]] std::int64_t cell_from(MediaTime time) const {
    return (timing::to_units(time, like_->sample_rate) + kFrame - 1) / kFrame;
  }

  base::Result<void> write_sound() {
    auto muxer = av::FragmentMuxer::create(transcoder_->output_config());
    if (!muxer) return std::move(muxer).error();
    const auto silence = av::silent_aac_frame(*like_);
    Sink out(request_.out);
    if (auto ok = out.write((*muxer)->init().view()); !ok) return ok;
    for (std::size_t i = 0; i + 1 < request_.cuts.size(); ++i) {
      const std::int64_t begin = cell_from(request_.cuts[i]);
      const std::int64_t end = cell_from(request_.cuts[i + 1]);
      const auto sounding = frames_.lower_bound(begin);
      has_sound_.push_back(sounding != frames_.end() && sounding->first < end);
      if (!has_sound_.back()) continue;
      for (std::int64_t cell = begin; cell < end; ++cell) {
        const auto frame = frames_.find(cell);
        const auto& bytes = frame == frames_.end() ? silence : frame->second;
        const std::int64_t at = cell * kFrame;
        if (auto ok = (*muxer)->write(bytes, at, at, kFrame, true); !ok) return ok;
      }
      auto fragment = (*muxer)->cut();
      if (!fragment) return std::move(fragment).error();
      if (auto ok = out.write(fragment->view()); !ok) return ok;
    }
    return {};
  }

  base::Result<void> write_picture() {
    auto file = remux::FragmentFile::open(request_.picture);
    if (!file) return std::move(file).error();
    std::optional<remux::Sample> last;
    const std::int64_t gap = timing::to_units(request_.cuts.front(), file->time_scale());
    while (const auto sample = file->next()) {
      if (sample->dts > gap) break;
      if (sample->keyframe) last = sample;
    }
    if (!last) return {};  // no picture was there yet
    std::vector<std::uint8_t> bytes;
    if (auto ok = file->read(*last, bytes); !ok) return ok;
    auto parameters = remux::read_parameters(*file);
    if (!parameters) return std::move(parameters).error();
    auto muxer = av::FragmentMuxer::create(av::config_of(**parameters));
    if (!muxer) return std::move(muxer).error();
    Sink out(request_.picture_out);
    if (auto ok = out.write((*muxer)->init().view()); !ok) return ok;
    const std::int64_t rate = (*muxer)->rate();
    for (std::size_t i = 0; i < has_sound_.size(); ++i) {
      if (!has_sound_[i]) continue;
      const std::int64_t at = timing::to_units(request_.cuts[i], rate);
      const std::int64_t duration = timing::to_units(request_.cuts[i + 1], rate) - at;
      if (auto ok = (*muxer)->write(bytes, at, at, duration, true); !ok) return ok;
      auto fragment = (*muxer)->cut();
      if (!fragment) return std::move(fragment).error();
      if (auto ok = out.write(fragment->view()); !ok) return ok;
    }
    return {};
  }

  /// What the encoder and its filters need around what is used.
  static constexpr MediaTime kMargin{200'000};

  const FillRequest& request_;
  av::Handle<AVCodecParameters> like_;
  std::unique_ptr<av::VoiceTranscoder> transcoder_;
  Frames frames_;
  std::vector<bool> has_sound_;  ///< by segment
};

}  // namespace

base::Result<void> fill_gap(const FillRequest& request) { return GapFill(request).run(); }

}  // namespace tongke::pipeline::worker::fill
