#include "relay/hls/playlist.hpp"

#include "relay/hls/compat.hpp"
#include "relay/hls/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;
using test::add_segment;
using test::make_part;

namespace {

std::string media(live::Timeline& timeline, std::string_view id) {
  const auto snapshot = timeline.snapshot();
  return hls::media_playlist(*snapshot, *snapshot->find(id));
}

std::string delta(live::Timeline& timeline, std::string_view id) {
  const auto snapshot = timeline.snapshot();
  return hls::media_delta(*snapshot, *snapshot->find(id));
}

/// What a client makes of a delta update and the playlist it had before (section 6.3.7).
std::string merge(const std::string& old, const std::string& update) {
  const std::string tag = "#EXT-X-SKIP:SKIPPED-SEGMENTS=";
  const std::size_t at = update.find(tag);
  if (at == std::string::npos) return update;
  const std::size_t skipped = std::stoul(update.substr(at + tag.size()));
  const auto first_segment = [](const std::string& text) {
    return std::min(text.find("#EXT-X-DISCONTINUITY\n"), text.find("#EXT-X-MAP"));
  };
  std::size_t end = first_segment(old);
  for (std::size_t i = 0; i < skipped; ++i) end = old.find(".m4s\n", end) + 5;
  std::string lines;  // parts of segments that have grown old are no longer listed
  for (std::size_t from = first_segment(old); from < end;) {
    const std::size_t next = old.find('\n', from) + 1;
    if (old.compare(from, 11, "#EXT-X-PART") != 0) lines += old.substr(from, next - from);
    from = next;
  }
  return update.substr(0, at) + lines + update.substr(update.find('\n', at) + 1);
}

}  // namespace

TEST_CASE("playlist: numbers and dates") {
  const auto seconds = [](base::MediaTime t) {
    std::string text;
    hls::append_seconds(text, t);
    return text;
  };
  CHECK(seconds(0us) == "0.00000");
  CHECK(seconds(2s) == "2.00000");
  CHECK(seconds(33'366us) == "0.03337");
  CHECK(seconds(1'999'995us) == "2.00000");
  CHECK(seconds(3h) == "10800.00000");
  const auto date = [](std::int64_t ms) {
    std::string text;
    hls::append_date(text, base::WallTime(std::chrono::milliseconds(ms)));
    return text;
  };
  CHECK(date(1'772'409'600'000) == "2026-03-02T00:00:00.000Z");
  CHECK(date(1'709'251'199'007) == "2024-02-29T23:59:59.007Z");
}

TEST_CASE("playlist: the first seconds of a lesson") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "audio", 0, 0s, 2);
  add_segment(timeline, "src", 0, 0s, 2);
  timeline.part(make_part("src", 1, 0, 400ms, 200ms));
  CHECK(media(timeline, "src") ==
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-TARGETDURATION:2\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.00000,HOLD-BACK=6.00000,PART-HOLD-BACK="
        "0.67200\n"
        "#EXT-X-PART-INF:PART-TARGET=0.20000\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-MAP:URI=\"init-0.mp4\"\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.000Z\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"0.0.m4s\",INDEPENDENT=YES\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"0.1.m4s\"\n"
        "#EXTINF:0.40000,\n"
        "0.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.400Z\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"1.0.m4s\",INDEPENDENT=YES\n"
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1.1.m4s\"\n"
        "#EXT-X-RENDITION-REPORT:URI=\"../audio/media.m3u8\",LAST-MSN=0,LAST-PART=1\n");
  // Right after a segment's end, the next one's first part is hinted.
  CHECK(media(timeline, "audio") ==
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-TARGETDURATION:2\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.00000,HOLD-BACK=6.00000,PART-HOLD-BACK="
        "0.67200\n"
        "#EXT-X-PART-INF:PART-TARGET=0.22400\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-MAP:URI=\"init-0.mp4\"\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.000Z\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"0.0.m4s\",INDEPENDENT=YES\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"0.1.m4s\",INDEPENDENT=YES\n"
        "#EXTINF:0.40000,\n"
        "0.m4s\n"
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1.0.m4s\"\n"
        "#EXT-X-RENDITION-REPORT:URI=\"../src/media.m3u8\",LAST-MSN=1,LAST-PART=0\n");
}

TEST_CASE("playlist: another publisher, lost segments, and a segment cut without a keyframe") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "src", 0, 0s, 1);
  add_segment(timeline, "audio", 1, 0s, 1);
  timeline.discontinuity();
  timeline.init(test::video_init("src", 640));
  timeline.part(make_part("src", 2, 0, 62'200ms, 200ms, {.independent = false}));
  CHECK(media(timeline, "src") ==
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-TARGETDURATION:2\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.00000,HOLD-BACK=6.00000,PART-HOLD-BACK="
        "0.67200\n"
        "#EXT-X-PART-INF:PART-TARGET=0.20000\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-MAP:URI=\"init-0.mp4\"\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.000Z\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"0.0.m4s\",INDEPENDENT=YES\n"
        "#EXTINF:0.20000,\n"
        "0.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.200Z\n"
        "#EXT-X-GAP\n"
        "#EXTINF:2.00000,\n"
        "1.m4s\n"
        "#EXT-X-DISCONTINUITY\n"
        "#EXT-X-MAP:URI=\"init-1.mp4\"\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:01:02.200Z\n"
        "#EXT-X-PART:DURATION=0.20000,URI=\"2.0.m4s\"\n"
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"2.1.m4s\"\n"
        "#EXT-X-RENDITION-REPORT:URI=\"../audio/media.m3u8\",LAST-MSN=1,LAST-PART=0\n");
}

TEST_CASE("playlist: after the lesson it is a recording") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  add_segment(timeline, "src", 3, 0s, 2);
  timeline.part(make_part("src", 4, 0, 400ms, 200ms));
  timeline.end();
  const std::string ended =
      "#EXTM3U\n"
      "#EXT-X-VERSION:6\n"
      "#EXT-X-TARGETDURATION:2\n"
      "#EXT-X-PLAYLIST-TYPE:VOD\n"
      "#EXT-X-MEDIA-SEQUENCE:3\n"
      "#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-MAP:URI=\"init-0.mp4\"\n"
      "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.000Z\n"
      "#EXTINF:0.40000,\n"
      "3.m4s\n"
      "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T00:00:00.400Z\n"
      "#EXTINF:0.20000,\n"
      "4.m4s\n"
      "#EXT-X-ENDLIST\n";
  CHECK(media(timeline, "src") == ended);
  CHECK(delta(timeline, "src") == ended);
}

TEST_CASE("playlist: parts are listed for three target durations, segments for ever") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  for (std::uint32_t msn = 0; msn < 100; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  const std::string text = media(timeline, "src");
  CHECK(text.find("URI=\"96.9.m4s\"") == std::string::npos);
  CHECK(text.find("URI=\"97.0.m4s\"") != std::string::npos);
  CHECK(text.find("\n0.m4s\n") != std::string::npos);
  // Pieces are the whole.
  const auto snapshot = timeline.snapshot();
  const auto& src = *snapshot->find("src");
  CHECK(hls::media_head(*snapshot, src) + hls::media_block(*snapshot, src, *src.history->at(0)) +
            hls::media_tail(*snapshot, src) ==
        text);
}

TEST_CASE("playlist: a delta update with the playlist before it is the whole, whatever happened between") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "audio", 0, 0s);
  std::string before;
  std::size_t shortened = 0;
  for (std::uint32_t msn = 0; msn < 150; ++msn) {
    if (msn == 40) timeline.discontinuity();
    if (msn == 90) timeline.init(test::video_init("src", 640));
    for (std::uint32_t i = 0; i < 4; ++i) {
      timeline.part(make_part("src", msn, i, msn * 2s + i * 500ms, 500ms, {.ends = i == 3 && msn % 3 != 0}));
      const std::string full = media(timeline, "src");
      const std::string update = delta(timeline, "src");
      if (update != full) {
        ++shortened;
        REQUIRE(update.size() < 3000);
      }
      if (!before.empty()) REQUIRE(merge(before, update) == full);
      before = full;
    }
  }
  CHECK(shortened > 550);
}

TEST_CASE("playlist: how far ahead a request may reach") {
  live::RenditionSnapshot rendition;
  for (const auto& [target, limit] :
       {std::pair{200ms, 15U}, {224ms, 14U}, {500ms, 6U}, {1000ms, 3U}, {2000ms, 3U}}) {
    rendition.part_target = target;
    CHECK(hls::advance_part_limit(rendition) == limit);
  }
}

TEST_CASE("playlist: master") {
  live::Timeline timeline("l1", test::kLessonStart);
  const auto master = [&] { return hls::master_playlist(*timeline.snapshot()); };
  CHECK(master().empty());
  timeline.init(test::audio_init("audio"));
  CHECK(master().empty());
  timeline.part(make_part("audio", 0, 0, 0s, 200ms));
  CHECK(master() ==
        "#EXTM3U\n#EXT-X-VERSION:6\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=40000,CODECS=\"mp4a.40.2\"\naudio/media.m3u8\n");

  timeline.init(test::video_init());
  add_segment(timeline, "src", 0, 0s, 10, 25'000);  // 1 Mbit/s
  CHECK(master() ==
        "#EXTM3U\n#EXT-X-VERSION:6\n"
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"lo\",NAME=\"lesson\",DEFAULT=YES,AUTOSELECT=YES,URI=\"audio/"
        "media.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1144000,AVERAGE-BANDWIDTH=1000000,CODECS=\"avc1.42c01f,mp4a.40.2\","
        "RESOLUTION=1280x720,"
        "FRAME-RATE=30.000,AUDIO=\"lo\"\nsrc/media.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=40000,CODECS=\"mp4a.40.2\"\naudio/media.m3u8\n");

  timeline.init(test::audio_init("src-audio"));
  add_segment(timeline, "src-audio", 0, 0s, 10, 3'200);  // 128 kbit/s
  // A step of the ladder is listed before it is made; not if it takes more than the source.
  const auto offer = [](const char* name, pipeline::wire::PictureSize size) {
    return live::Offer{.step = pipeline::wire::find_step(name), .size = size, .frame_rate = 30};
  };
  timeline.offer({offer("360p", {640, 360})});
  CHECK(master() ==
        "#EXTM3U\n#EXT-X-VERSION:6\n"
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"hi\",NAME=\"lesson\",DEFAULT=YES,AUTOSELECT=YES,URI=\"src-audio/"
        "media.m3u8\"\n"
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"lo\",NAME=\"lesson\",DEFAULT=YES,AUTOSELECT=YES,URI=\"audio/"
        "media.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1248000,AVERAGE-BANDWIDTH=1128000,CODECS=\"avc1.42c01f,mp4a.40.2\","
        "RESOLUTION=1280x720,"
        "FRAME-RATE=30.000,AUDIO=\"hi\"\nsrc/media.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=430000,CODECS=\"avc1.42c01e,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE="
        "30.000,"
        "AUDIO=\"lo\"\n360p/media.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=40000,CODECS=\"mp4a.40.2\"\naudio/media.m3u8\n");

  CHECK(hls::master_playlist(*timeline.snapshot(), hls::Reader::vlc) ==
        "#EXTM3U\n#EXT-X-VERSION:6\n"
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"hi\",NAME=\"lesson\",DEFAULT=YES,AUTOSELECT=YES,URI=\"src-audio/"
        "media.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1248000,AVERAGE-BANDWIDTH=1128000,CODECS=\"avc1.42c01f,mp4a.40.2\","
        "RESOLUTION=1280x720,"
        "FRAME-RATE=30.000,AUDIO=\"hi\"\nsrc/media.m3u8\n");
  CHECK(hls::reader_of("VLC/3.0.24 LibVLC/3.0.24") == hls::Reader::vlc);
  CHECK(hls::reader_of("Mozilla/5.0 (X11; Linux x86_64)") == hls::Reader::any);
  CHECK(hls::reader_of("") == hls::Reader::any);

  live::Timeline silent("l2", test::kLessonStart);
  silent.init(test::video_init());
  add_segment(silent, "src", 0, 0s, 10, 25'000);
  CHECK(hls::master_playlist(*silent.snapshot()) ==
        "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-STREAM-INF:BANDWIDTH=1104000,AVERAGE-BANDWIDTH=1000000,CODECS="
        "\"avc1.42c01f\","
        "RESOLUTION=1280x720,FRAME-RATE=30.000\nsrc/media.m3u8\n");

  live::Timeline source_sound("l3", test::kLessonStart);
  source_sound.init(test::audio_init("src-audio"));
  add_segment(source_sound, "src-audio", 0, 0s);
  CHECK(hls::master_playlist(*source_sound.snapshot()).find("src-audio/media.m3u8\n") != std::string::npos);
}

TEST_CASE("playlist: steps of the ladder, made or only to be had") {
  live::Timeline timeline("l1", test::kLessonStart);
  const auto master = [&] { return hls::master_playlist(*timeline.snapshot()); };
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "src", 0, 0s, 10, 14'000);  // 560 kbit/s
  add_segment(timeline, "audio", 0, 0s, 10, 1'000);
  std::vector<live::Offer> offers;
  for (const auto& step : pipeline::wire::kLadder)
    offers.push_back({.step = &step, .size = size_of(step, {1280, 720}), .frame_rate = 30});
  timeline.offer(offers);
  CHECK(master().find("480p") == std::string::npos);  // more than the source
  CHECK(master().find("BANDWIDTH=430000,CODECS=\"avc1.42c01e,mp4a.40.2\",RESOLUTION=640x360,") !=
        std::string::npos);
  CHECK(master().find("BANDWIDTH=180000,CODECS=\"avc1.42c015,mp4a.40.2\",RESOLUTION=426x240,") !=
        std::string::npos);

  // Made: it keeps within what is declared, and the average is known.
  timeline.init(test::video_init("240p", 426));
  add_segment(timeline, "240p", 0, 0s, 10, 2'500);  // 100 kbit/s
  CHECK(master().find("BANDWIDTH=180000,AVERAGE-BANDWIDTH=144000,") != std::string::npos);
  CHECK(media(timeline, "src").find("../240p/media.m3u8") != std::string::npos);
  // No longer made: not a word of where it was.
  for (std::uint32_t msn = 1; msn < 4; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  CHECK(media(timeline, "src").find("../240p/media.m3u8") == std::string::npos);

  // A replay has what is whole.
  timeline.end();
  CHECK(master().find("240p") == std::string::npos);
  live::Timeline recorded("l2", test::kLessonStart);
  for (const char* id : {"src", "240p"}) {
    recorded.init(test::video_init(id));
    add_segment(recorded, id, 0, 0s);
    add_segment(recorded, id, 1, 2s);
  }
  recorded.end();
  CHECK(hls::master_playlist(*recorded.snapshot()).find("240p/media.m3u8") != std::string::npos);
}

TEST_CASE("compat: stretches of two segments for players that know nothing but MPEG-TS") {
  live::Timeline timeline("l1", test::kLessonStart);
  const auto text = [&] { return hls::compat_playlist(*timeline.snapshot()); };
  CHECK(text().empty());
  timeline.init(test::video_init());
  timeline.init(test::audio_init());
  add_segment(timeline, "src", 0, 0s);
  add_segment(timeline, "audio", 0, 0s);
  CHECK(text().empty());
  timeline.part(make_part("src", 1, 0, 2s, 200ms));
  CHECK(text().empty());  // the second half is still growing
  for (std::uint32_t i = 1; i < 10; ++i)
    timeline.part(make_part("src", 1, i, 2s + i * 200ms, 200ms, {.ends = i == 9, .independent = false}));
  CHECK(text() ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXTINF:4.00000,\ncompat/0.ts\n");
  for (std::uint32_t msn = 2; msn < 30; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  timeline.discontinuity();
  for (std::uint32_t msn = 30; msn < 33; ++msn) add_segment(timeline, "src", msn, 10s + msn * 2s);
  CHECK(text().find("#EXT-X-MEDIA-SEQUENCE:9\n#EXTINF") != std::string::npos);
  CHECK(text().find("#EXT-X-DISCONTINUITY\n#EXTINF:4.00000,\ncompat/15.ts\n") != std::string::npos);
  CHECK(text().find("16.ts") == std::string::npos);
  live::Timeline longer("l3", test::kLessonStart);
  longer.init(test::video_init());
  for (std::uint32_t msn = 0; msn < 40; ++msn) {
    if (msn == 4) longer.discontinuity();
    add_segment(longer, "src", msn, msn * 2s);
  }
  CHECK(hls::compat_playlist(*longer.snapshot())
            .find("#EXT-X-MEDIA-SEQUENCE:13\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n#EXTINF") != std::string::npos);
  timeline.end();
  CHECK(text().find("#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n") != std::string::npos);
  CHECK(text().ends_with("#EXTINF:2.00000,\ncompat/16.ts\n#EXT-X-ENDLIST\n"));  // half a stretch at the end
  CHECK(hls::stretches(*timeline.snapshot()).size() == 17);
  CHECK(hls::stretches(*timeline.snapshot())[15].start == 70s);

  CHECK(hls::parse_stretch_name("12.ts") == 12U);
  for (const char* bad : {"", ".ts", "01.ts", "1.m4s", "x.ts", "-1.ts", "4000000000.ts", "1.ts.ts"}) {
    INFO(bad);
    CHECK_FALSE(hls::parse_stretch_name(bad));
  }
  live::Timeline sound("l2", test::kLessonStart);
  sound.init(test::audio_init());
  add_segment(sound, "audio", 0, 0s);
  add_segment(sound, "audio", 1, 2s);
  CHECK(hls::compat_playlist(*sound.snapshot()).ends_with("compat/0.ts\n"));
}
