#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <algorithm>

#include "pipeline/worker/rtp/framing.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"

// What WebRTC viewers get of a lesson, read by depayloaders and decoders nobody here wrote.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;

namespace {

/// Makes RTP of frames, as a relay does, and has GStreamer take it apart again into a file.
void depayload(const std::vector<Frame>& frames, const std::string& caps, const std::string& rest,
               std::uint8_t type, std::int64_t rate, const std::string& path) {
  gst_init(nullptr, nullptr);
  const std::string line = "appsrc name=in format=time max-bytes=0 caps=\"application/x-rtp," + caps +
                           "\" ! " + rest + " ! filesink location=" + path;
  GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
  REQUIRE(pipeline);
  GstElement* in = gst_bin_get_by_name(GST_BIN(pipeline), "in");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  std::uint16_t number = 0;
  for (const Frame& frame : frames) {
    const auto timestamp = static_cast<std::uint32_t>(frame.pts.count() * rate / 1'000'000);
    pipeline::worker::rtp::Deframer payloads(frame.bytes.view());
    while (const auto payload = payloads.next()) {
      const bool last = payloads.whole() && frame.kind == TrackKind::video;
      Bytes packet = {0x80, static_cast<std::uint8_t>(type | (last ? 0x80 : 0))};
      for (const int shift : {8, 0}) packet.push_back(static_cast<std::uint8_t>(number >> shift));
      for (const int shift : {24, 16, 8, 0}) packet.push_back(static_cast<std::uint8_t>(timestamp >> shift));
      packet.insert(packet.end(), {0, 0, 0, 1});
      packet.insert(packet.end(), payload->begin(), payload->end());
      ++number;
      GstBuffer* buffer = gst_buffer_new_memdup(packet.data(), packet.size());
      GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(frame.pts.count()) * 1000;
      gst_app_src_push_buffer(GST_APP_SRC(in), buffer);
    }
    CHECK(payloads.whole());
  }
  gst_app_src_end_of_stream(GST_APP_SRC(in));
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, 20 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  REQUIRE(end);
  CHECK(GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS);
  gst_message_unref(end);
  gst_object_unref(bus);
  gst_object_unref(in);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

/// Every picture's checksum, without times.
std::string pictures(const std::string& path) {
  return shell("ffmpeg -v error -i " + path +
               " -map 0:v -fps_mode passthrough -f framehash -hash md5 - | grep -v '^#' | cut -d, -f6");
}

Heard run_wanting_opus(const std::vector<Bytes>& chunks, const Open& open) {
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(open);
  worker.send(Want{.rendition = "opus", .on = true});
  for (const Bytes& chunk : chunks) worker.send(Input{base::SharedBytes(chunk)});
  worker.send(Close{});
  CHECK(worker.read_to_end(20s));
  return worker.heard();
}

}  // namespace

TEST_CASE("frames: a depayloader that is not ours finds every picture again") {
  const std::string size = GENERATE("160x90", "1280x720");
  const std::string name = "frames" + size + ".flv";
  const auto chunks = clip(name, "-f lavfi -i testsrc2=s=" + size + ":r=25 " + kX264 + "-bf 0 -t 4");
  const auto frames = run_through(chunks, {.start = 100s}).frames_of("src");
  REQUIRE(frames.size() == 100);
  CHECK(frames[0].key);
  CHECK(frames[0].pts == 100s);
  CHECK(std::ranges::count_if(frames, &Frame::key) == 2);
  for (std::size_t i = 1; i < frames.size(); ++i)
    CHECK(std::chrono::abs(frames[i].pts - frames[i - 1].pts - 40ms) <= 1ms);
  const std::string out = workspace() + "/frames.h264";
  depayload(frames, "media=video,clock-rate=90000,encoding-name=H264,payload=96",
            "rtph264depay ! h264parse ! video/x-h264,stream-format=byte-stream,alignment=au", 96, 90'000,
            out);
  CHECK(pictures(out) == pictures(workspace() + "/" + name));
}

TEST_CASE("frames: AAC becomes Opus while somebody wants it, on the picture's clock") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  CHECK(run_through(chunks, {}).frames_of("opus").empty());
  const Heard heard = run_wanting_opus(chunks, {});
  const auto frames = heard.frames_of("opus");
  REQUIRE(frames.size() > 340);
  CHECK(frames.size() <= 351);
  CHECK(frames.front().pts < 60ms);
  std::size_t bytes = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    bytes += frames[i].bytes.size();
    CHECK(frames[i].duration == 20ms);
    CHECK(frames[i].pts - frames[i - 1].pts == 20ms);
  }
  CHECK(bytes * 8 / 7 < 32'000);
  const std::string out = workspace() + "/frames.ogg";
  depayload(frames, "media=audio,clock-rate=48000,encoding-name=OPUS,payload=111",
            "rtpopusdepay ! opusparse ! oggmux", 111, 48'000, out);
  const std::string heard_volume =
      shell("ffmpeg -i " + out + " -af volumedetect -f null - | grep mean_volume");
  INFO(heard_volume);
  const auto at = heard_volume.find("mean_volume: ");
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(heard_volume.substr(at + 13)) > -30.0);
  CHECK(run_wanting_opus(chunks, {.passthrough_only = true}).frames_of("opus").empty());
}

TEST_CASE("frames: Opus passes as it is") {
  const auto chunks =
      clip("opus.ts", kPicture + "-f lavfi -i sine=440:r=48000 " + kX264 + "-c:a libopus -t 6");
  const auto frames = run_through(chunks, {.format = InputFormat::mpegts}).frames_of("opus");
  CHECK(frames.size() > 290);
  for (std::size_t i = 1; i < frames.size(); ++i) CHECK(frames[i].pts - frames[i - 1].pts == 20ms);
}

TEST_CASE("frames: whoever wants Opus no more gets none, and may want it again") {
  const auto chunks = clip("plain.flv", kPicture + kSound + kX264 + kAac + "-bf 0 -t 7");
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{});
  const auto third = chunks.size() / 3;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (i == 0 || i == 2 * third) worker.send(Want{.rendition = "opus", .on = true});
    if (i == third) worker.send(Want{.rendition = "opus", .on = false});
    worker.send(Input{base::SharedBytes(chunks[i])});
  }
  worker.send(Close{});
  CHECK(worker.read_to_end(20s));
  const auto frames = worker.heard().frames_of("opus");
  const auto gaps = std::ranges::count_if(
      frames, [&](const Frame& frame) { return &frame != &frames[0] && frame.pts - (&frame - 1)->pts > 1s; });
  CHECK(gaps == 1);
  CHECK(frames.size() > 150);
  CHECK(frames.size() < 300);
}
