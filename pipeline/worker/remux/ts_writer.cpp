#include "pipeline/worker/remux/ts_writer.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/worker/remux/lane.hpp"

namespace tongke::pipeline::worker::remux {
namespace {

using base::Errc;
using base::Error;

/// Decode times begin a little before media time zero where pictures are reordered.
constexpr std::int64_t kLeadSeconds = 1;
/// Bytes of sound in a packet: larger ones come late, smaller ones waste 188 bytes each.
constexpr const char* kSoundPacket = "700";

}  // namespace

TsWriter::~TsWriter() {
  if (output_ && output_->pb) avio_closep(&output_->pb);
}

base::Result<void> TsWriter::open(const std::string& out, const std::vector<Track>& tracks) {
  auto output = make_output("mpegts", out);
  if (!output) return std::move(output).error();
  output_ = std::move(*output);
  packet_.reset(av_packet_alloc());
  for (const Track& track : tracks) {
    if (auto added = add_stream(*output_, *track.parameters, track.time_scale); !added)
      return std::move(added).error();
    time_scales_.push_back(track.time_scale);
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

base::Result<void> TsWriter::write(std::size_t track, const Unit& unit) {
  const AVStream& stream = *output_->streams[track];
  const std::int64_t time_scale = time_scales_[track];
  if (av_new_packet(packet_.get(), static_cast<int>(unit.bytes.size())) < 0)
    return Error{Errc::internal, "out of memory"};
  std::copy(unit.bytes.begin(), unit.bytes.end(), packet_->data);
  const AVRational scale{1, static_cast<int>(time_scale)};
  const std::int64_t lead = kLeadSeconds * time_scale;
  packet_->pts = av_rescale_q(unit.pts + lead, scale, stream.time_base);
  packet_->dts = av_rescale_q(unit.dts + lead, scale, stream.time_base);
  packet_->duration = av_rescale_q(unit.duration, scale, stream.time_base);
  packet_->stream_index = stream.index;
  packet_->flags = unit.keyframe ? AV_PKT_FLAG_KEY : 0;
  // Takes the packet.
  if (const int code = av_interleaved_write_frame(output_.get(), packet_.get()); code < 0)
    return av::error(code, "TS packet");
  return {};
}

base::Result<void> TsWriter::close() {
  if (const int code = av_write_trailer(output_.get()); code < 0) return av::error(code, "TS");
  if (const int code = avio_closep(&output_->pb); code < 0) return av::error(code, "TS");
  return {};
}

}  // namespace tongke::pipeline::worker::remux
