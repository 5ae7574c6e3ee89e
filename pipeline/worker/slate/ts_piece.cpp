#include "pipeline/worker/slate/ts_piece.hpp"

#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/av/stream_parameters.hpp"
#include "pipeline/worker/remux/ts_writer.hpp"

namespace tongke::pipeline::worker::slate {

using base::MediaTime;

void Track::add_picture(base::ByteView avc, MediaTime pts, MediaTime duration, bool keyframe) {
  units.push_back({.pts = pts.count(),
                   .dts = pts.count(),
                   .duration = duration.count(),
                   .keyframe = keyframe,
                   .bytes = {avc.begin(), avc.end()}});
}

void Track::add_sound(base::ByteView aac_frame, std::int64_t position) {
  units.push_back({.pts = position,
                   .dts = position,
                   .duration = av::kAacFrameSamples,
                   .keyframe = true,
                   .bytes = {aac_frame.begin(), aac_frame.end()}});
}

base::Result<void> write_piece(const std::string& path, std::span<const Track> tracks, MediaTime from,
                               MediaTime to) {
  std::vector<av::Handle<AVCodecParameters>> parameters;
  std::vector<remux::TsWriter::Track> opened;
  for (const Track& track : tracks) {
    parameters.emplace_back(avcodec_parameters_alloc());
    if (auto ok = av::set_parameters(*parameters.back(), track.config); !ok) return ok;
    opened.push_back({parameters.back().get(), track.time_scale});
  }
  remux::TsWriter writer;
  if (auto ok = writer.open(path, opened); !ok) return ok;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto at = [&](MediaTime time) {
      return av_rescale(time.count(), tracks[i].time_scale, AV_TIME_BASE);
    };
    // The muxer puts them between each other.
    for (const remux::Unit& unit : tracks[i].units) {
      if (unit.pts < at(from) || unit.pts >= at(to)) continue;
      if (auto ok = writer.write(i, unit); !ok) return ok;
    }
  }
  return writer.close();
}

}  // namespace tongke::pipeline::worker::slate
