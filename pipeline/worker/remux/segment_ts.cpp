#include "pipeline/worker/remux/segment_ts.hpp"

#include <utility>
#include <vector>

#include "pipeline/worker/remux/lane.hpp"
#include "pipeline/worker/remux/ts_writer.hpp"

namespace tongke::pipeline::worker::remux {

base::Result<void> make_ts(const TsRequest& request) {
  std::vector<Lane> lanes;
  for (const auto& paths : {request.video, request.audio}) {
    if (paths.empty()) continue;
    auto source = TrackSource::open(paths);
    if (!source) return std::move(source).error();
    lanes.push_back({.source = std::move(*source)});
  }
  if (lanes.empty()) return base::Error{base::Errc::invalid, "nothing to remux"};
  std::vector<TsWriter::Track> tracks;
  for (Lane& lane : lanes) {
    if (auto ok = lane.advance(); !ok) return ok;
    tracks.push_back({&lane.source.parameters(), lane.source.time_scale()});
  }
  TsWriter writer;
  if (auto ok = writer.open(request.out, tracks); !ok) return ok;
  while (Lane* lane = earliest(lanes)) {
    if (auto ok = writer.write(static_cast<std::size_t>(lane - lanes.data()), *lane->unit); !ok) return ok;
    if (auto ok = lane->advance(); !ok) return ok;
  }
  return writer.close();
}

}  // namespace tongke::pipeline::worker::remux
