#include "pipeline/worker/slate/rest.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/av/picture_encoder.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/draw/frame.hpp"
#include "pipeline/worker/slate/picture.hpp"
#include "pipeline/worker/slate/sound.hpp"
#include "pipeline/worker/slate/ts_piece.hpp"

namespace tongke::pipeline::worker::slate {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;
using namespace std::chrono_literals;

constexpr std::uint32_t kWidth = 1280;
constexpr std::uint32_t kHeight = 720;
/// A still picture takes a small part of it, nearly all in its one keyframe.
constexpr std::uint32_t kBitRate = 1'000'000;
constexpr std::uint32_t kSampleRate = 48'000;
/// Each brings a clock reference with it, which must not be more than 100 ms apart.  @source ISO/IEC
/// 13818-1 2.7.2
constexpr MediaTime kFrame = 80ms;

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
      wish.from = value == "1" ? kPiece : MediaTime(0);
    } else {
      return Error{Errc::invalid, "unknown option " + option};
    }
  }
  if (wish.out.empty() || wish.slate.heading.empty())
    return Error{Errc::invalid, "--out and --heading are needed"};
  return wish;
}

base::Result<Track> pictures(const Wish& wish) {
  Track track{.time_scale = AV_TIME_BASE};
  auto encoder = av::PictureEncoder::create({.size = {.width = kWidth, .height = kHeight},
                                             .bits_per_second = kBitRate,
                                             .main_profile = true,
                                             .level = kTelevisionLevel,
                                             .frame_rate = 1e6 / static_cast<double>(kFrame.count())},
                                            [&](base::ByteView avc, MediaTime pts, bool keyframe) {
                                              track.add_picture(avc, pts, kFrame, keyframe);
                                            });
  if (!encoder) return std::move(encoder).error();
  const draw::Picture picture = picture_of(wish.slate);
  const av::Handle<AVFrame> frame(av_frame_alloc());
  for (MediaTime at = wish.from; at < wish.from + kPiece; at += kFrame) {
    draw::lend(picture, *frame);
    if (auto ok = (*encoder)->encode(*frame, at, at == wish.from); !ok) return std::move(ok).error();
  }
  (*encoder)->finish();
  track.config = (*encoder)->config();
  return track;
}

base::Result<Track> sounds() {
  Track track{.time_scale = kSampleRate};
  const auto samples = [](MediaTime time) {
    return static_cast<std::int64_t>(time.count()) * kSampleRate / 1'000'000;
  };
  auto voice = av::VoiceTranscoder::create(
      {.kind = TrackKind::audio, .codec = "pcm_mulaw", .sample_rate = kSampleRate, .channels = 1},
      av::VoiceTranscoder::Target::aac,
      [&](base::ByteView frame, std::int64_t position) { track.add_sound(frame, position); }, 2);
  if (!voice) return std::move(voice).error();
  Sound sound(kSampleRate);
  // All of it, whichever half is wanted: an encoder remembers what it heard before.
  for (MediaTime at{0}; at < 2 * kPiece + kFrame; at += kFrame) {
    const auto next = sound.next(static_cast<std::size_t>(samples(kFrame)));
    if (auto ok = (*voice)->push(next, at); !ok) return std::move(ok).error();
  }
  (*voice)->finish();
  track.config = (*voice)->output_config();
  return track;
}

base::Result<void> make(const Wish& wish) {
  auto shown = pictures(wish);
  if (!shown) return std::move(shown).error();
  auto heard = sounds();
  if (!heard) return std::move(heard).error();
  const std::vector<Track> tracks{std::move(*shown), std::move(*heard)};
  return write_piece(wish.out, tracks, wish.from, wish.from + kPiece);
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
