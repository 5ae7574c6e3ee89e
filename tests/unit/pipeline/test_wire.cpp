#include <algorithm>

#include "pipeline/wire/codec.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace std::chrono_literals;

namespace {

std::vector<std::uint8_t> flat(const Encoded& encoded) {
  std::vector<std::uint8_t> bytes = encoded.head;
  bytes.insert(bytes.end(), encoded.tail.view().begin(), encoded.tail.view().end());
  return bytes;
}

}  // namespace

TEST_CASE("wire: what goes in comes out, however the stream is cut") {
  const base::SharedBytes media({1, 2, 3, 4, 5});
  std::vector<std::uint8_t> stream;
  const std::vector<Message> sent = {
      Open{.format = InputFormat::rtsp_url,
           .url = "rtsp://cam/1",
           .sdp = "v=0\r\n",
           .start = 12345678us,
           .first_msn = 7,
           .passthrough_only = true},
      Input{media},
      Close{},
      Track{.kind = TrackKind::audio, .codec = "aac", .sample_rate = 44100, .channels = 2},
      Init{.rendition = "src",
           .codecs = "avc1.42c01f",
           .width = 1280,
           .height = 720,
           .frame_rate = 29.97,
           .bytes = media},
      Part{.rendition = "audio",
           .msn = 9,
           .index = 3,
           .independent = true,
           .ends_segment = true,
           .keyframe = 12,
           .start = 2s,
           .duration = 200ms,
           .bytes = media},
      Stats{.video_frames = 1, .audio_frames = 2, .dropped_frames = 3, .input_errors = 4},
      Failure{.code = "unsupported_codec", .text = "hevc"},
      KeyframeRequest{},
      Want{.rendition = "240p", .on = true},
      Frame{.rendition = "src", .codec = "h264", .key = true, .pts = 5s, .duration = 33ms, .bytes = media},
      Rtcp{media},
      Still{.pts = 7s, .webp = media},
      OutputOpen{.format = OutputFormat::rtmp,
                 .url = "rtmp://h/live/key",
                 .secret = "key",
                 .rate_bps = 5'000'000,
                 .service_name = "三年级",
                 .layer2 = true,
                 .position = -3s,
                 .audio = false},
      OutputStats{
          .connected = true, .bytes = 1, .late = 2, .dropped_frames = 3, .silent_frames = 4, .underruns = 5},
      Open{.format = InputFormat::slate,
           .slate = {.heading = "老师正在重连",
                     .text = "a\nb",
                     .width = 1280,
                     .height = 720,
                     .sound = "aac",
                     .sample_rate = 44'100,
                     .channels = 2,
                     .owed = 800ms}},
      Cut{.on = true, .heading = "请稍候", .text = "a\nb"},
  };
  for (const auto& message : sent) {
    const auto bytes = flat(encode(message));
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, stream.size()}) {
    INFO("step " << step);
    Decoder decoder;
    std::vector<Message> got;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      REQUIRE(decoder.push(base::ByteView(stream).subspan(at, std::min(step, stream.size() - at))));
      while (auto message = decoder.next()) got.push_back(std::move(*message));
    }
    REQUIRE(got.size() == sent.size());
    CHECK(std::get<Open>(got[0]) == std::get<Open>(sent[0]));
    CHECK(std::ranges::equal(std::get<Input>(got[1]).bytes.view(), media.view()));
    CHECK(std::get<Track>(got[3]) == std::get<Track>(sent[3]));
    CHECK(std::get<Init>(got[4]).frame_rate == 29.97);
    const auto& part = std::get<Part>(got[5]);
    CHECK((part.rendition == "audio" && part.msn == 9 && part.index == 3 && part.independent &&
           part.ends_segment && part.keyframe == 12));
    CHECK((part.start == 2s && part.duration == 200ms));
    CHECK(std::ranges::equal(part.bytes.view(), media.view()));
    CHECK(std::get<Stats>(got[6]) == std::get<Stats>(sent[6]));
    CHECK(std::get<Failure>(got[7]) == std::get<Failure>(sent[7]));
    CHECK(std::get<Want>(got[9]) == std::get<Want>(sent[9]));
    CHECK(std::get<OutputOpen>(got[13]) == std::get<OutputOpen>(sent[13]));
    CHECK(std::get<OutputStats>(got[14]) == std::get<OutputStats>(sent[14]));
    const auto& frame = std::get<Frame>(got[10]);
    CHECK((frame.rendition == "src" && frame.codec == "h264" && frame.key));
    CHECK((frame.pts == 5s && frame.duration == 33ms));
    CHECK(std::ranges::equal(frame.bytes.view(), media.view()));
    CHECK(std::ranges::equal(std::get<Rtcp>(got[11]).bytes.view(), media.view()));
    CHECK(std::get<Still>(got[12]).pts == 7s);
    CHECK(std::ranges::equal(std::get<Still>(got[12]).webp.view(), media.view()));
    CHECK(std::get<Open>(got[15]) == std::get<Open>(sent[15]));
    CHECK(std::get<Cut>(got[16]) == std::get<Cut>(sent[16]));
  }
}

TEST_CASE("wire: a broken peer is an error, never a guess") {
  const auto broken = [](std::vector<std::uint8_t> bytes) { return Decoder().push(bytes).has_value(); };
  CHECK(broken({0, 0, 0, 0, kVersion, 2}));                  // Close
  CHECK_FALSE(broken({0, 0, 0, 0, kVersion - 1, 2}));        // version
  CHECK_FALSE(broken({0, 0, 0, 0, kVersion, 99}));           // type
  CHECK_FALSE(broken({0, 0, 0, 2, kVersion, 1}));            // 32 MiB body
  CHECK_FALSE(broken({1, 0, 0, 0, kVersion, 2, 0}));         // Close with a body
  CHECK_FALSE(broken({2, 0, 0, 0, kVersion, 7, 255, 255}));  // string longer than the body
  CHECK_FALSE(broken({1, 0, 0, 0, kVersion, 3, 9}));         // enum out of range
}
