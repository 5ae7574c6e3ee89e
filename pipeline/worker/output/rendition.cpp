#include "pipeline/worker/output/rendition.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "pipeline/worker/remux/track_source.hpp"

namespace tongke::pipeline::worker::output {
namespace {

using base::Errc;
using base::Error;
using remux::FragmentFile;

base::Result<FragmentFile> file_of(const base::Fd& scratch, const base::SharedBytes& init,
                                   const base::SharedBytes& part) {
  if (ftruncate(scratch.get(), 0) != 0) return Error{Errc::io, "no memory file"};
  off_t at = 0;
  for (base::ByteView left : {init.view(), part.view()}) {
    while (!left.empty()) {
      const ssize_t written = pwrite(scratch.get(), left.data(), left.size(), at);
      if (written <= 0) return Error{Errc::io, "no memory file"};
      at += written;
      left = left.subspan(static_cast<std::size_t>(written));
    }
  }
  return FragmentFile::open("/proc/self/fd/" + std::to_string(scratch.get()));
}

}  // namespace

// Object type, sampling rate and channels are an AudioSpecificConfig's first two bytes.
// @source ISO/IEC 14496-3 section 1.6.2.1
bool sounds_alike(const AVCodecParameters& a, const AVCodecParameters& b) {
  return a.codec_id == b.codec_id && a.extradata_size >= 2 && b.extradata_size >= 2 &&
         std::equal(a.extradata, a.extradata + 2, b.extradata);
}

base::Result<bool> Rendition::begin(const base::SharedBytes& init) {
  if (!scratch_) scratch_ = base::Fd(memfd_create("tongke-output", MFD_CLOEXEC));
  if (!scratch_) return Error{Errc::io, "no memory file"};
  const auto file = file_of(scratch_, init, {});
  if (!file) return file.error();
  auto parameters = remux::read_parameters(*file);
  if (!parameters) return std::move(parameters).error();
  const bool changed =
      !parameters_ || !(kind_ == wire::TrackKind::audio ? sounds_alike(**parameters, *parameters_)
                                                        : remux::same_extradata(**parameters, *parameters_));
  if (changed) parameters_ = std::move(*parameters);
  init_ = init;
  return changed;
}

base::Result<std::vector<Unit>> Rendition::take(const base::SharedBytes& part) {
  if (init_.empty()) return Error{Errc::invalid, "a part before its init"};
  auto file = file_of(scratch_, init_, part);
  if (!file) return std::move(file).error();
  const AVRational scale{1, static_cast<int>(file->time_scale())};
  const auto media = [&](std::int64_t time) {
    return base::MediaTime(av_rescale_q(time, scale, {1, 1'000'000}));
  };
  std::vector<Unit> units;
  while (const auto sample = file->next()) {
    Unit unit{.track = kind_,
              .dts = media(sample->dts),
              .pts = media(sample->pts),
              .keyframe = sample->keyframe,
              .bytes = {},
              .parameters = parameters_};
    if (auto ok = file->read(*sample, unit.bytes); !ok) return std::move(ok).error();
    reorder_ = std::max(reorder_, unit.dts - unit.pts);
    units.push_back(std::move(unit));
  }
  for (Unit& unit : units) unit.dts -= reorder_;
  return units;
}

}  // namespace tongke::pipeline::worker::output
