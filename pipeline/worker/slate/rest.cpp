#include "pipeline/worker/slate/rest.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/picture_encoder.hpp"
#include "pipeline/worker/av/silence.hpp"
#include "pipeline/worker/av/stream_parameters.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/draw/frame.hpp"
#include "pipeline/worker/remux/ts_writer.hpp"
#include "pipeline/worker/slate/picture.hpp"
#include "pipeline/worker/slate/sound.hpp"

namespace tongke::pipeline::worker::slate {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;
using namespace std::chrono_literals;
using remux::Unit;

constexpr std::uint32_t kWidth = 1280;
constexpr std::uint32_t kHeight = 720;
/// A still picture takes a small part of it, nearly all in its one keyframe.
constexpr std::uint32_t kBitRate = 1'000'000;
/// Old televisions play no more.
constexpr std::uint32_t kLevel = 31;
constexpr std::uint32_t kSampleRate = 48'000;
/// Each brings a clock reference with it, which must not be more than 100 ms apart.  @source ISO/IEC
/// 13818-1 2.7.2
constexpr MediaTime kFrame = 80ms;
constexpr MediaTime kHalf = 4s;

struct Wish {
  std::string out;
  wire::Slate slate = {.width = kWidth, .height = kHeight, .sound = "aac", .sample_rate = kSampleRate};
  MediaTime from{0};  ///< of the eight seconds
};

base::Result<Wish> wish_of(const std::vector<std::string>& arguments) {
  Wish wish;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string& option = arguments[i];
    if (i + 1 == arguments.size()) return Error{Errc::invalid, option + " needs a value"};
    const std::string& value = arguments[i + 1];
    if (option == "--out") {
      wish.out = value;
    } else if (option == "--heading") {
      wish.slate.heading = value;
    } else if (option == "--text") {
      wish.slate.text = value;
    } else if (option == "--half" && (value == "0" || value == "1")) {
      wish.from = value == "1" ? kHalf : MediaTime(0);
    } else {
      return Error{Errc::invalid, "unknown option " + option};
    }
  }
  if (wish.out.empty() || wish.slate.heading.empty())
    return Error{Errc::invalid, "--out and --heading are needed"};
  return wish;
}

/// Encoded, of one kind, in the order of their times.
struct Track {
  StreamConfig config;
  std::int64_t time_scale = 0;
  std::vector<Unit> units;
};

base::Result<Track> pictures(const Wish& wish) {
  Track track{.config = {}, .time_scale = 1'000'000, .units = {}};
  auto encoder = av::PictureEncoder::create({.size = {.width = kWidth, .height = kHeight},
                                             .bits_per_second = kBitRate,
                                             .main_profile = true,
                                             .level = kLevel,
                                             .frame_rate = 1e6 / static_cast<double>(kFrame.count())},
                                            [&](base::ByteView avc, MediaTime pts, bool keyframe) {
                                              track.units.push_back({.pts = pts.count(),
                                                                     .dts = pts.count(),
                                                                     .duration = kFrame.count(),
                                                                     .keyframe = keyframe,
                                                                     .bytes = {avc.begin(), avc.end()}});
                                            });
  if (!encoder) return std::move(encoder).error();
  const draw::Picture picture = picture_of(wish.slate);
  const av::Handle<AVFrame> frame(av_frame_alloc());
  for (MediaTime at = wish.from; at < wish.from + kHalf; at += kFrame) {
    draw::lend(picture, *frame);
    if (auto ok = (*encoder)->encode(*frame, at, at == wish.from); !ok) return std::move(ok).error();
  }
  (*encoder)->finish();
  track.config = (*encoder)->config();
  return track;
}

base::Result<Track> sounds(const Wish& wish) {
  Track track{.config = {}, .time_scale = kSampleRate, .units = {}};
  const auto samples = [](MediaTime time) {
    return static_cast<std::int64_t>(time.count()) * kSampleRate / 1'000'000;
  };
  const std::int64_t from = samples(wish.from);
  const std::int64_t end = samples(wish.from + kHalf);
  auto voice = av::VoiceTranscoder::create(
      {.kind = TrackKind::audio, .codec = "pcm_mulaw", .sample_rate = kSampleRate, .channels = 1},
      av::VoiceTranscoder::Target::aac,
      [&](base::ByteView frame, std::int64_t position) {
        if (position < from || position >= end) return;
        track.units.push_back({.pts = position,
                               .dts = position,
                               .duration = av::kAacFrameSamples,
                               .keyframe = true,
                               .bytes = {frame.begin(), frame.end()}});
      },
      2);
  if (!voice) return std::move(voice).error();
  Sound sound(kSampleRate);
  // All of it, whichever half is wanted: an encoder remembers what it heard before.
  for (MediaTime at{0}; at < 2 * kHalf + kFrame; at += kFrame) {
    const auto next = sound.next(static_cast<std::size_t>(samples(kFrame)));
    if (auto ok = (*voice)->push(next, at); !ok) return std::move(ok).error();
  }
  (*voice)->finish();
  track.config = (*voice)->output_config();
  return track;
}

base::Result<void> make(const Wish& wish) {
  std::vector<Track> tracks;
  for (const auto encode : {pictures, sounds}) {
    auto track = encode(wish);
    if (!track) return std::move(track).error();
    tracks.push_back(std::move(*track));
  }
  std::vector<av::Handle<AVCodecParameters>> parameters;
  std::vector<remux::TsWriter::Track> opened;
  for (const Track& track : tracks) {
    parameters.emplace_back(avcodec_parameters_alloc());
    if (auto ok = av::set_parameters(*parameters.back(), track.config); !ok) return ok;
    opened.push_back({parameters.back().get(), track.time_scale});
  }
  remux::TsWriter writer;
  if (auto ok = writer.open(wish.out, opened); !ok) return ok;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    // The muxer puts them between each other.
    for (const Unit& unit : tracks[i].units) {
      if (auto ok = writer.write(i, unit); !ok) return ok;
    }
  }
  return writer.close();
}

}  // namespace

int run_rest(const std::vector<std::string>& arguments) {
  av::route_log();
  const auto wish = wish_of(arguments);
  const auto made = wish ? make(*wish) : base::Result<void>(wish.error());
  if (made) return 0;
  std::fprintf(stderr, "tongke-pipeline rest: %s\n", made.error().message.c_str());
  return 1;
}

}  // namespace tongke::pipeline::worker::slate
