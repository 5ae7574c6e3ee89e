#include <algorithm>
#include <deque>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"
#include "tests/unit/pipeline/rtp_sender.hpp"

// The real child, fed by GStreamer's rtpbin as a relay would hand it a WebRTC publisher.

using namespace tongke;
using namespace tongke::pipeline::wire;
using namespace tongke::tests;
using namespace std::chrono_literals;
using base::Steady;

namespace {

void frame_into(Bytes& framed, const Bytes& packet) {
  framed.push_back(static_cast<std::uint8_t>(packet.size() >> 8U));
  framed.push_back(static_cast<std::uint8_t>(packet.size()));
  framed.insert(framed.end(), packet.begin(), packet.end());
}

std::uint8_t payload_type(const Bytes& rtp) { return rtp[1] & 0x7fU; }

/// What the child's RTCP asks for, by packet type and feedback format (RFC 4585 section 6.1).
struct Feedback {
  std::size_t reports = 0;
  std::size_t nacks = 0;
  std::size_t transport_cc = 0;
  std::vector<Steady::time_point> picture_losses;

  void add(base::ByteView packet) {
    while (packet.size() >= 4) {
      const unsigned type = packet[1];
      const unsigned format = packet[0] & 0x1fU;
      if (type == 201) ++reports;
      if (type == 205 && format == 1) ++nacks;
      if (type == 205 && format == 15) ++transport_cc;
      if (type == 206 && format == 1) picture_losses.push_back(Steady::now());
      const std::size_t size = (static_cast<std::size_t>(packet[2]) << 8U | packet[3]) * 4 + 4;
      packet = packet.subspan(std::min(size, packet.size()));
    }
  }
};

/// A publisher, its child, and the network between them.
struct Call {
  /// What becomes of a packet: nothing, itself, several, now or later.
  using Network = std::function<void(SentPacket packet, std::deque<SentPacket>& arriving)>;

  explicit Call(const RtpSender::Tracks& tracks = {}, const Open& open = {}) : sender(tracks) {
    Open with_sdp = open;
    with_sdp.format = InputFormat::rtp;
    with_sdp.sdp = RtpSender::kSdp;
    worker.send(with_sdp);
  }

  void turn() {
    for (SentPacket& packet : sender.take()) {
      const bool ends_picture = !packet.rtcp && packet.video && packet.bytes[1] == (0x80 | 96);
      if (ends_picture) ++pictures_sent;
      network(std::move(packet), arriving);
    }
    Bytes framed;
    for (; !arriving.empty(); arriving.pop_front()) frame_into(framed, arriving.front().bytes);
    if (!framed.empty()) worker.send(Input{base::SharedBytes(std::move(framed))});
    worker.read_until([](const Heard&) { return false; }, 5ms);
    for (; heard_rtcp < worker.heard().rtcp.size(); ++heard_rtcp) {
      const auto packet = worker.heard().rtcp[heard_rtcp].bytes.view();
      feedback.add(packet);
      sender.hear(packet);
    }
  }
  bool until(const std::function<bool(const Heard&)>& enough, std::chrono::milliseconds deadline = 60s) {
    const auto end = Steady::now() + deadline;
    while (!enough(worker.heard())) {
      if (Steady::now() > end) return false;
      turn();
    }
    return true;
  }
  bool until_segments(std::uint32_t count) {
    return until([&](const Heard& heard) {
      const auto parts = heard.parts_of("src");
      return !parts.empty() && parts.back().msn >= count && !heard.parts_of("audio").empty();
    });
  }
  const Heard& finish() {
    worker.send(Close{});
    CHECK(worker.read_to_end(10s));
    CHECK(worker.wait(5s));
    return worker.heard();
  }

  WorkerProcess worker{TONGKE_PIPELINE};
  RtpSender sender;
  Network network = [](SentPacket packet, auto& to) { to.push_back(std::move(packet)); };
  std::deque<SentPacket> arriving;
  Feedback feedback;
  std::size_t heard_rtcp = 0;
  std::size_t pictures_sent = 0;
};

void check_decodes(const Heard& heard) {
  for (const auto& [rendition, files] : heard.files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string path = workspace() + "/rtp-" + rendition + std::to_string(i) + ".mp4";
      write_file(path, files[i]);
      INFO(rendition << " " << i);
      CHECK(shell("ffmpeg -v warning -i " + path +
                  " -fps_mode passthrough -enc_time_base 1:90000 -f null -") == "");
    }
  }
}

std::size_t pictures(const Heard& heard) { return heard.frames_of("src").size(); }

/// Most segments begin with a keyframe; on a machine that stalls, one comes too late.
void check_keyframes(const Heard& heard) {
  std::size_t segments = 0;
  std::size_t independent = 0;
  for (const Part& part : heard.parts_of("src")) {
    if (part.index != 0) continue;
    ++segments;
    if (part.independent) ++independent;
  }
  INFO(independent << " of " << segments);
  CHECK(independent * 3 >= segments * 2);
}

}  // namespace

TEST_CASE("rtp: a browser's picture and sound become parts and frames, a keyframe a segment") {
  Call call;
  REQUIRE(call.until_segments(4));
  const auto asked = call.feedback.picture_losses.size();
  const Heard& heard = call.finish();
  CHECK_FALSE(heard.failure);
  REQUIRE(heard.inits_of("src").size() == 1);
  CHECK(heard.inits_of("src")[0].width == 320);
  CHECK(heard.inits_of("audio").size() == 1);
  CHECK(heard.inits_of("src-audio").empty());
  check_keyframes(heard);
  CHECK(asked >= 3);
  CHECK(asked <= 10);
  CHECK(call.feedback.reports > 3);
  CHECK(call.feedback.transport_cc > 30);
  CHECK(pictures(heard) * 2 > call.pictures_sent);  // those before the first keyframe are nobody's

  const auto voice = heard.frames_of("opus");
  REQUIRE(voice.size() > 300);
  std::size_t seamless = 0;
  for (std::size_t i = 1; i < voice.size(); ++i) {
    CHECK(voice[i].duration == 20ms);
    CHECK(voice[i].pts > voice[i - 1].pts);
    if (voice[i].pts == voice[i - 1].pts + 20ms) ++seamless;
  }
  CHECK(seamless + 10 > voice.size());
  CHECK(std::chrono::abs(voice.back().pts - heard.frames_of("src").back().pts) < 500ms);
  check_decodes(heard);
}

TEST_CASE("rtp: what is lost comes again, what comes twice or late is put in order") {
  Call call;
  std::size_t count = 0;
  std::size_t lost = 0;
  std::optional<SentPacket> late;
  call.network = [&](SentPacket packet, auto& to) {
    if (packet.rtcp || payload_type(packet.bytes) == 97) return to.push_back(std::move(packet));
    ++count;
    if (packet.video && count % 20 == 0) {  // its retransmission will pass
      ++lost;
      return;
    }
    if (count % 11 == 0) to.push_back(packet);
    if (count % 13 == 0 && !late) {
      late = std::move(packet);
      return;
    }
    to.push_back(std::move(packet));
    if (late) to.push_back(*std::exchange(late, {}));
  };
  REQUIRE(call.until_segments(4));
  const Heard& heard = call.finish();
  // Of more than ten; a machine that stalls is late for some.
  CHECK(call.feedback.nacks > 3);
  CHECK(heard.stats->input_errors * 2 < lost);
  check_decodes(heard);
}

TEST_CASE("rtp: a picture lost for good stands still until the keyframe that is asked for") {
  Call call;
  std::size_t count = 0;
  std::size_t lost = 0;
  call.network = [&](SentPacket packet, auto& to) {
    if (packet.rtcp || !packet.video) return to.push_back(std::move(packet));
    if (payload_type(packet.bytes) == 97) return;
    if (++count % 150 == 100) {
      ++lost;
      return;
    }
    to.push_back(std::move(packet));
  };
  REQUIRE(call.until_segments(5));
  // A machine that stalls sends less in five segments, and hears of the loss a second later.
  REQUIRE(call.until([](const Heard& heard) { return heard.stats && heard.stats->input_errors > 0; }));
  const Heard& heard = call.finish();
  CHECK(pictures(heard) < call.pictures_sent);
  CHECK(call.feedback.picture_losses.size() > lost);
  check_decodes(heard);
}

TEST_CASE("rtp: lips and voice stay together although the picture's packets come later") {
  Call call;
  struct Held {
    SentPacket packet;
    Steady::time_point due;
  };
  std::deque<Held> held;
  std::map<Bytes, base::MediaTime> captured;  // by payload: both ends' are alike
  call.network = [&](SentPacket packet, auto& to) {
    if (packet.rtcp) return to.push_back(std::move(packet));
    const bool extended = (packet.bytes[0] & 0x10) != 0;
    const std::size_t header = 12 + (extended ? 4 + 4 * packet.bytes[15] : 0);
    captured[{packet.bytes.begin() + static_cast<std::ptrdiff_t>(header), packet.bytes.end()}] =
        packet.captured;
    if (!packet.video) return to.push_back(std::move(packet));
    held.push_back({std::move(packet), Steady::now() + 250ms});
  };
  const auto offset = [&](const Frame& frame) -> std::optional<base::MediaTime> {
    const auto view = frame.bytes.view();
    const std::size_t size = static_cast<std::size_t>(view[0]) << 8U | view[1];
    const auto found =
        captured.find({view.begin() + 2, view.begin() + 2 + static_cast<std::ptrdiff_t>(size)});
    if (found == captured.end()) return std::nullopt;
    return frame.pts - found->second;
  };
  const auto latest_offset = [&](const std::string& rendition) {
    std::optional<base::MediaTime> latest;
    for (const Frame& frame : call.worker.heard().frames_of(rendition)) {
      if (const auto now = offset(frame)) latest = now;
    }
    return latest;
  };
  const bool together = call.until([&](const Heard& heard) {
    while (!held.empty() && held.front().due <= Steady::now()) {
      call.arriving.push_back(std::move(held.front().packet));
      held.pop_front();
    }
    if (heard.frames_of("src").size() < 100) return false;
    const auto picture = latest_offset("src");
    const auto voice = latest_offset("opus");
    return picture && voice && std::chrono::abs(*picture - *voice) < 40ms;
  });
  INFO("picture " << latest_offset("src").value_or(0us).count() << " us, voice "
                  << latest_offset("opus").value_or(0us).count() << " us");
  CHECK(together);
  check_decodes(call.finish());
}

TEST_CASE("rtp: a browser that has found more bandwidth sends a larger picture") {
  Call call;
  REQUIRE(call.until_segments(1));
  call.sender.set("size", "caps", "video/x-raw,width=960,height=540");
  REQUIRE(call.until([](const Heard& heard) { return heard.inits_of("src").size() == 2; }));
  const auto msn = call.worker.heard().parts_of("src").back().msn;
  REQUIRE(call.until_segments(msn + 1));
  const Heard& heard = call.finish();
  CHECK(heard.inits_of("src")[1].width == 960);
  check_decodes(heard);
}

TEST_CASE("rtp: VP8 becomes H.264") {
  Call call({.video = RtpSender::kVp8});
  REQUIRE(call.until_segments(2));
  const Heard& heard = call.finish();
  CHECK(heard.inits_of("src")[0].codecs.starts_with("avc1.42"));
  CHECK(heard.frames_of("src").size() > 50);
  check_keyframes(heard);
  check_decodes(heard);
}

TEST_CASE("rtp: viewers' wishes for a keyframe are one question") {
  Call call;
  REQUIRE(call.until_segments(1));
  const auto asked = call.feedback.picture_losses.size();
  const auto keyframes = [](const Heard& heard) {
    return std::ranges::count_if(heard.frames,
                                 [](const Frame& frame) { return frame.key && frame.rendition == "src"; });
  };
  const auto before = keyframes(call.worker.heard());
  const auto until = Steady::now() + 1400ms;
  while (Steady::now() < until) {
    call.worker.send(KeyframeRequest{});
    call.turn();
  }
  CHECK(keyframes(call.worker.heard()) > before);
  CHECK(call.feedback.picture_losses.size() > asked);
  CHECK(call.feedback.picture_losses.size() <= asked + 4);
}

TEST_CASE("rtp: malformed packets are counted and never more than that") {
  Call call;
  const unsigned seed = GENERATE(1U, 2U, 3U);
  std::uint32_t state = seed * 2654435761U;
  const auto random = [&] { return state = state * 1664525U + 1013904223U, state >> 8U; };
  call.network = [&](SentPacket packet, auto& to) {
    if (random() % 8 == 0) {
      SentPacket broken = packet;
      for (unsigned i = 0; i < 3; ++i)
        broken.bytes[random() % broken.bytes.size()] ^= static_cast<std::uint8_t>(random());
      if (random() % 4 == 0) broken.bytes.resize(random() % broken.bytes.size());
      to.push_back(std::move(broken));
      if (random() % 2 == 0) return;
    }
    to.push_back(std::move(packet));
  };
  CHECK(call.until([](const Heard& heard) {
    return heard.stats && heard.stats->input_errors > 5 && heard.stats->audio_frames > 20;
  }));
  call.worker.send(Input{base::SharedBytes({0xff, 0xff, 1, 2, 3})});
  call.finish();
}

TEST_CASE("rtp: a codec nobody can play, and no SDP at all, are said to be so") {
  WorkerProcess worker(TONGKE_PIPELINE);
  worker.send(Open{.format = InputFormat::rtp,
                   .sdp = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 100\r\na=rtpmap:100 H265/90000\r\n"});
  for (std::uint8_t i = 0; i < 5; ++i) {
    Bytes framed;
    frame_into(framed, {0x80, 100, 0, i, 0, 0, 0, 0, 0, 0, 0, 7, 0x40, 1, 1, 1});
    worker.send(Input{base::SharedBytes(framed)});
  }
  REQUIRE(worker.read_until([](const Heard& heard) { return heard.failure.has_value(); }, 10s));
  CHECK(worker.heard().failure->code == "unsupported_codec");
  CHECK(worker.heard().failure->text == "H265");

  WorkerProcess second(TONGKE_PIPELINE);
  second.send(Open{.format = InputFormat::rtp, .sdp = "hello"});
  REQUIRE(second.read_until([](const Heard& heard) { return heard.failure.has_value(); }, 10s));
}
