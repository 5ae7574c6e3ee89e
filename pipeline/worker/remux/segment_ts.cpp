#include "pipeline/worker/remux/segment_ts.hpp"

#include <utility>
#include <vector>

#include "pipeline/worker/remux/lane.hpp"

namespace tongke::pipeline::worker::remux {
namespace {

using base::Errc;
using base::Error;

/// Decode times begin a little before media time zero where pictures are reordered.
constexpr std::int64_t kLeadSeconds = 1;
/// Bytes of sound in a packet: larger ones come late, smaller ones waste 188 bytes each.
constexpr const char* kSoundPacket = "700";

class Muxer {
 public:
  base::Result<void> run(const TsRequest& request) {
    for (const auto& paths : {request.video, request.audio}) {
      if (paths.empty()) continue;
      auto source = TrackSource::open(paths);
      if (!source) return std::move(source).error();
      lanes_.push_back({.source = std::move(*source)});
    }
    if (lanes_.empty()) return Error{Errc::invalid, "nothing to remux"};
    if (auto ok = open(request.out); !ok) return ok;
    while (Lane* lane = earliest(lanes_)) {
      if (auto ok = write(*lane); !ok) return ok;
      if (auto ok = lane->advance(); !ok) return ok;
    }
    if (const int code = av_write_trailer(output_.get()); code < 0) return av::error(code, "TS");
    if (const int code = avio_closep(&output_->pb); code < 0) return av::error(code, "TS");
    return {};
  }

  Muxer() = default;
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;
  ~Muxer() {
    if (output_ && output_->pb) avio_closep(&output_->pb);
  }

 private:
  base::Result<void> open(const std::string& out) {
    auto output = make_output("mpegts", out);
    if (!output) return std::move(output).error();
    output_ = std::move(*output);
    packet_.reset(av_packet_alloc());
    for (Lane& lane : lanes_) {
      if (auto ok = add_stream(*output_, lane); !ok) return ok;
      if (auto ok = lane.advance(); !ok) return ok;
    }
    output_->max_delay = 0;
    output_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    if (const int code = avio_open(&output_->pb, out.c_str(), AVIO_FLAG_WRITE); code < 0)
      return Error{Errc::io, av::error(code, out).message};
    AVDictionary* options = nullptr;
    av_dict_set(&options, "mpegts_flags", "initial_discontinuity", 0);
    av_dict_set(&options, "mpegts_copyts", "1", 0);
    av_dict_set(&options, "pes_payload_size", kSoundPacket, 0);
    const int code = avformat_write_header(output_.get(), &options);
    av_dict_free(&options);
    if (code < 0) return av::error(code, "TS header");
    return {};
  }

  base::Result<void> write(Lane& lane) {
    const Unit& unit = *lane.unit;
    if (av_new_packet(packet_.get(), static_cast<int>(unit.bytes.size())) < 0)
      return Error{Errc::internal, "out of memory"};
    std::copy(unit.bytes.begin(), unit.bytes.end(), packet_->data);
    const AVRational scale{1, static_cast<int>(lane.source.time_scale())};
    const std::int64_t lead = kLeadSeconds * lane.source.time_scale();
    packet_->pts = av_rescale_q(unit.pts + lead, scale, lane.stream->time_base);
    packet_->dts = av_rescale_q(unit.dts + lead, scale, lane.stream->time_base);
    packet_->duration = av_rescale_q(unit.duration, scale, lane.stream->time_base);
    packet_->stream_index = lane.stream->index;
    packet_->flags = unit.keyframe ? AV_PKT_FLAG_KEY : 0;
    // Takes the packet.
    if (const int code = av_interleaved_write_frame(output_.get(), packet_.get()); code < 0)
      return av::error(code, "TS packet");
    return {};
  }

  std::vector<Lane> lanes_;
  av::Output output_;
  av::Handle<AVPacket> packet_;
};

}  // namespace

base::Result<void> make_ts(const TsRequest& request) { return Muxer().run(request); }

}  // namespace tongke::pipeline::worker::remux
