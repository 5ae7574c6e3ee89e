#include "pipeline/worker/remux/exporter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>

#include "base/fd.hpp"
#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/remux/lane.hpp"

namespace tongke::pipeline::worker::remux {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;

/// A track, and the silence that fills its holes.
struct FilledLane : Lane {
  std::optional<std::int64_t> written_to = {};  ///< end of the last unit, track units
  std::vector<std::uint8_t> silence = {};       ///< one frame; empty for video and unknown sound
};

class Exporter {
 public:
  explicit Exporter(const ExportRequest& request) : request_(request), part_path_(request.out + ".part") {}
  ~Exporter() {
    if (!kept_) unlink(part_path_.c_str());
  }

  base::Result<MediaTime> run(const std::function<void(double)>& progress) {
    if (auto ok = open_tracks(); !ok) return std::move(ok).error();
    if (auto ok = open_output(); !ok) return std::move(ok).error();
    if (auto ok = copy(progress); !ok) return std::move(ok).error();
    if (auto ok = close_output(); !ok) return std::move(ok).error();
    return MediaTime(static_cast<std::int64_t>((end_ - begin_) * 1e6 + 0.5));
  }

 private:
  base::Result<void> open_tracks() {
    for (const auto& track : request_.tracks) {
      auto source = TrackSource::open(track.files, track.fills);
      if (!source) return std::move(source).error();
      FilledLane lane{{.source = std::move(*source)}};
      const double first = lane.seconds(lane.source.first_pts());
      begin_ = lanes_.empty() ? first : std::min(begin_, first);
      end_ = std::max(end_, lane.seconds(lane.source.end()));
      lanes_.push_back(std::move(lane));
    }
    if (lanes_.empty()) return Error{Errc::invalid, "nothing to export"};
    return {};
  }

  base::Result<void> open_output() {
    const bool m4a = request_.out.ends_with(".m4a");
    auto output = make_output(m4a ? "ipod" : "mp4", part_path_);
    if (!output) return std::move(output).error();
    output_ = std::move(*output);
    for (FilledLane& lane : lanes_) {
      auto stream = add_stream(*output_, lane.source.parameters(), lane.source.time_scale());
      if (!stream) return std::move(stream).error();
      lane.stream = *stream;
      if (lane.stream->codecpar->codec_id == AV_CODEC_ID_AAC)
        lane.stream->codecpar->frame_size = av::kAacFrameSamples;
      lane.silence = av::silent_aac_frame(lane.source.parameters());
    }
    const int opened = avio_open(&output_->pb, part_path_.c_str(), AVIO_FLAG_READ_WRITE);
    if (opened < 0) return Error{Errc::io, av::error(opened, part_path_).message};
    output_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;  // edit lists say what comes first
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set_int(&options, "video_track_timescale", 90'000, 0);
    const int code = avformat_write_header(output_.get(), &options);
    av_dict_free(&options);
    if (code < 0) return av::error(code, "header");
    packet_.reset(av_packet_alloc());
    return {};
  }

  base::Result<void> copy(const std::function<void(double)>& progress) {
    for (FilledLane& lane : lanes_) {
      if (auto ok = lane.advance(); !ok) return ok;
    }
    int reported = -1;
    while (FilledLane* lane = earliest(lanes_)) {
      if (auto ok = write(*lane); !ok) return ok;
      const double done = (lane->seconds(lane->unit->dts) - begin_) / (end_ - begin_);
      const int percent = std::clamp(static_cast<int>(done * 100), 0, 100);
      if (percent > reported) progress(std::clamp(done, 0.0, 1.0));
      reported = std::max(reported, percent);
      if (auto ok = lane->advance(); !ok) return ok;
    }
    return {};
  }

  base::Result<void> write(FilledLane& lane) {
    const Unit& unit = *lane.unit;
    // Players count AAC frames rather than read their times: a hole would shift what follows.
    while (!lane.silence.empty() && lane.written_to &&
           unit.dts - *lane.written_to >= av::kAacFrameSamples / 2) {
      const std::int64_t at = *lane.written_to;
      if (auto ok = put(lane, lane.silence, at, at, av::kAacFrameSamples, true); !ok) return ok;
      lane.written_to = at + av::kAacFrameSamples;
    }
    // Half a frame of overlap after filling a hole is rounding, not media.
    std::int64_t shift = 0;
    if (!lane.silence.empty() && lane.written_to && unit.dts < *lane.written_to)
      shift = *lane.written_to - unit.dts;
    if (shift > av::kAacFrameSamples / 2) return {};
    lane.written_to = unit.dts + shift + unit.duration;
    return put(lane, unit.bytes, unit.pts + shift, unit.dts + shift, unit.duration, unit.keyframe);
  }

  base::Result<void> put(Lane& lane, const std::vector<std::uint8_t>& bytes, std::int64_t pts,
                         std::int64_t dts, std::int64_t duration, bool keyframe) {
    const AVRational from{1, static_cast<int>(lane.source.time_scale())};
    const auto origin =
        static_cast<std::int64_t>(begin_ * static_cast<double>(lane.source.time_scale()) + 0.5);
    packet_->data = const_cast<std::uint8_t*>(bytes.data());
    packet_->size = static_cast<int>(bytes.size());
    packet_->pts = av_rescale_q(pts - origin, from, lane.stream->time_base);
    packet_->dts = av_rescale_q(dts - origin, from, lane.stream->time_base);
    packet_->duration = av_rescale_q(duration, from, lane.stream->time_base);
    packet_->stream_index = lane.stream->index;
    packet_->flags = keyframe ? AV_PKT_FLAG_KEY : 0;
    const int code = av_write_frame(output_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (code < 0) return Error{Errc::io, av::error(code, "write").message};
    return {};
  }

  base::Result<void> close_output() {
    int code = av_write_trailer(output_.get());
    const int closed = avio_closep(&output_->pb);
    if (code >= 0) code = closed;
    if (code < 0) return Error{Errc::io, av::error(code, "write").message};
    const base::Fd file(open(part_path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || fdatasync(file.get()) != 0 || std::rename(part_path_.c_str(), request_.out.c_str()) != 0)
      return Error{Errc::io, request_.out + ": " + std::strerror(errno)};
    kept_ = true;
    return {};
  }

  const ExportRequest& request_;
  std::string part_path_;
  std::vector<FilledLane> lanes_;
  double begin_ = 0;
  double end_ = 0;
  av::Output output_;
  av::Handle<AVPacket> packet_;
  bool kept_ = false;
};

}  // namespace

base::Result<MediaTime> export_recording(const ExportRequest& request,
                                         const std::function<void(double)>& progress) {
  return Exporter(request).run(progress);
}

}  // namespace tongke::pipeline::worker::remux
