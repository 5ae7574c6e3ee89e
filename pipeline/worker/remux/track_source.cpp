#include "pipeline/worker/remux/track_source.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pipeline/worker/av/parameter_sets.hpp"

namespace tongke::pipeline::worker::remux {
namespace {

using base::Errc;
using base::Error;

std::vector<std::uint8_t> parameter_sets(const AVCodecParameters& parameters) {
  return av::in_band({parameters.extradata, static_cast<std::size_t>(parameters.extradata_size)});
}

}  // namespace

base::Result<av::Handle<AVCodecParameters>> read_parameters(const FragmentFile& file) {
  const std::string url = "subfile,,start,0,end," + std::to_string(file.init_bytes()) + ",,:" + file.path();
  AVFormatContext* context = nullptr;
  if (const int code = avformat_open_input(&context, url.c_str(), nullptr, nullptr); code < 0)
    return Error{Errc::invalid, file.path() + ": " + av::error(code, "header").message};
  const av::Input input(context);
  if (input->nb_streams != 1) return Error{Errc::invalid, file.path() + ": holds more than one track"};
  av::Handle<AVCodecParameters> parameters(avcodec_parameters_alloc());
  if (!parameters || avcodec_parameters_copy(parameters.get(), input->streams[0]->codecpar) < 0)
    return Error{Errc::internal, "out of memory"};
  return parameters;
}

bool same_extradata(const AVCodecParameters& a, const AVCodecParameters& b) {
  return a.extradata_size == b.extradata_size &&
         std::equal(a.extradata, a.extradata + a.extradata_size, b.extradata, b.extradata + b.extradata_size);
}

base::Result<TrackSource> TrackSource::open(const std::vector<std::string>& paths,
                                            const std::vector<std::string>& fills) {
  TrackSource source;
  for (const std::string& path : paths) {
    if (auto ok = source.add(path); !ok) return std::move(ok).error();
  }
  if (source.parts_.empty()) return Error{Errc::invalid, "a track without files"};
  for (const std::string& path : fills) source.add_fill(path);
  source.survey();
  if (source.end_ == source.first_pts_) return Error{Errc::invalid, paths.front() + ": holds no media"};
  return source;
}

base::Result<void> TrackSource::add(const std::string& path) {
  auto file = FragmentFile::open(path);
  if (!file) return std::move(file).error();
  auto parameters = read_parameters(*file);
  if (!parameters) return std::move(parameters).error();
  Part part{.file = std::move(*file), .parameter_sets = {}};
  if (!parameters_) {
    time_scale_ = part.file.time_scale();
    parameters_ = std::move(*parameters);
  } else if (!same_extradata(**parameters, *parameters_)) {
    if (parameters_->codec_id != AV_CODEC_ID_H264 || (*parameters)->codec_id != AV_CODEC_ID_H264)
      return Error{
          Errc::invalid,
          path + ": its sound has other parameters than the track's beginning; export the audio rendition"};
    if (parts_.front().parameter_sets.empty()) parts_.front().parameter_sets = parameter_sets(*parameters_);
    part.parameter_sets = parameter_sets(**parameters);
  } else if (!parts_.front().parameter_sets.empty()) {
    part.parameter_sets = parameter_sets(*parameters_);
  }
  if (part.file.time_scale() != static_cast<std::uint32_t>(time_scale_))
    return Error{Errc::invalid, path + ": another time scale than the track's beginning"};
  parts_.push_back(std::move(part));
  return {};
}

void TrackSource::add_fill(const std::string& path) {
  auto file = FragmentFile::open(path);
  if (!file || file->time_scale() != static_cast<std::uint32_t>(time_scale_)) return;
  const auto parameters = read_parameters(*file);
  if (!parameters || !same_extradata(**parameters, *parameters_)) return;
  fills_.push_back({.file = std::move(*file), .parameter_sets = {}});
  while (const auto sample = fills_.back().file.next()) fill_samples_.push_back({fills_.size() - 1, *sample});
  std::ranges::stable_sort(fill_samples_, {}, [](const FillSample& each) { return each.sample.dts; });
}

void TrackSource::survey() {
  bool any = false;
  for (Part& part : parts_) {
    while (const auto sample = part.file.next()) {
      first_pts_ = any ? std::min(first_pts_, sample->pts) : sample->pts;
      if (!any) end_ = sample->pts;
      end_ = std::max(end_, sample->pts + sample->duration);
      delay_ = std::max(delay_, sample->dts - sample->pts);
      any = true;
    }
    part.file.rewind();
  }
}

base::Result<std::optional<Unit>> TrackSource::next() {
  while (true) {
    if (!ahead_) ahead_ = next_recorded();
    const bool fills = !fill_samples_.empty() && ahead_ && fill_samples_.front().sample.dts < ahead_->dts;
    if (!fills && !ahead_) return std::optional<Unit>();
    Part& part = fills ? fills_[fill_samples_.front().part] : parts_[current_];
    const Sample sample = fills ? fill_samples_.front().sample : *ahead_;
    if (fills) {
      fill_samples_.pop_front();
    } else {
      ahead_.reset();
    }
    // A recording resumed after a crash may repeat a little of what it holds.
    if (sample.dts - delay_ <= last_dts_) continue;
    last_dts_ = sample.dts - delay_;
    auto unit = load(part, sample);
    if (!unit) return std::move(unit).error();
    return std::optional<Unit>(std::move(*unit));
  }
}

std::optional<Sample> TrackSource::next_recorded() {
  for (; current_ < parts_.size(); ++current_) {
    if (auto sample = parts_[current_].file.next()) return sample;
  }
  return std::nullopt;
}

base::Result<Unit> TrackSource::load(Part& part, const Sample& sample) const {
  Unit unit{.pts = sample.pts,
            .dts = sample.dts - delay_,
            .duration = sample.duration,
            .keyframe = sample.keyframe,
            .bytes = {}};
  if (auto ok = part.file.read(sample, unit.bytes); !ok) return std::move(ok).error();
  if (sample.keyframe)
    unit.bytes.insert(unit.bytes.begin(), part.parameter_sets.begin(), part.parameter_sets.end());
  return unit;
}

}  // namespace tongke::pipeline::worker::remux
