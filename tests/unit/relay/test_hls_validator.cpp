#include <random>
#include <thread>

#include "base/glib/main_loop.hpp"
#include "relay/hls/origin.hpp"
#include "relay/hls/playlist.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"
#include "tests/support/hls/rules.hpp"
#include "tests/support/hls/session.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/tiny_mp4.hpp"

using namespace tongke;
using namespace std::chrono_literals;
namespace judge = tongke::test::hls;
using test::add_segment;
using test::make_part;

namespace {

const std::string kGood =
    "#EXTM3U\n"
    "#EXT-X-VERSION:9\n"
    "#EXT-X-TARGETDURATION:2\n"
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,HOLD-BACK=6,PART-HOLD-BACK=3\n"
    "#EXT-X-PART-INF:PART-TARGET=1\n"
    "#EXT-X-MEDIA-SEQUENCE:7\n"
    "#EXT-X-INDEPENDENT-SEGMENTS\n"
    "#EXT-X-MAP:URI=\"i.mp4\"\n"
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T08:00:00.000Z\n"
    "#EXTINF:2.0,\n"
    "7.m4s\n"
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T08:00:02.000Z\n"
    "#EXT-X-PART:DURATION=1.0,URI=\"8.0.m4s\",INDEPENDENT=YES\n"
    "#EXT-X-PART:DURATION=1.0,URI=\"8.1.m4s\"\n"
    "#EXTINF:2.0,\n"
    "8.m4s\n"
    "#EXT-X-DISCONTINUITY\n"
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T08:01:00.000Z\n"
    "#EXT-X-PART:DURATION=1.0,URI=\"9.0.m4s\",INDEPENDENT=YES\n"
    "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"9.1.m4s\"\n"
    "#EXT-X-RENDITION-REPORT:URI=\"../a/media.m3u8\",LAST-MSN=9,LAST-PART=0\n";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

judge::Findings judged(const std::string& text) {
  judge::Findings findings;
  const auto playlist = judge::parse_media(text, findings);
  for (auto& finding : judge::check_media(playlist)) findings.push_back(finding);
  return findings;
}

judge::MediaPlaylist parsed(const std::string& text) {
  judge::Findings findings;
  return judge::parse_media(text, findings);
}

bool says(const judge::Findings& findings, const std::string& what) {
  return std::ranges::any_of(
      findings, [&](const std::string& finding) { return finding.find(what) != std::string::npos; });
}

}  // namespace

TEST_CASE("hls validator: a good playlist is read as what it says") {
  CHECK(judged(kGood).empty());
  const auto playlist = parsed(kGood);
  CHECK(playlist.last_msn() == 8);
  CHECK(playlist.next_part() == std::pair<std::uint64_t, std::uint64_t>{9, 1});
  REQUIRE(playlist.segments.size() == 3);
  CHECK(playlist.segments[2].discontinuity_sequence == 1);
  CHECK(playlist.segments[1].parts.size() == 2);
  CHECK(playlist.segments[2].map == "i.mp4");
  CHECK(playlist.reports.at(0).last_msn == 9);
  CHECK(*playlist.segments[1].date_ms - *playlist.segments[0].date_ms == 2000);
}

TEST_CASE("hls validator: every rule finds its breach") {
  struct Case {
    const char* what;
    const char* with;
    const char* finding;
  };
  const std::vector<Case> cases = {
      {"#EXTM3U", "#EXTM3U8", "4.4.1.1"},
      {"#EXT-X-TARGETDURATION:2\n", "", "no EXT-X-TARGETDURATION"},
      {"#EXT-X-TARGETDURATION:2", "#EXT-X-TARGETDURATION:2.5", "decimal integer"},
      {"#EXT-X-TARGETDURATION:2", "#EXT-X-TARGETDURATION:1", "exceeds EXT-X-TARGETDURATION"},
      {"#EXT-X-VERSION:9", "#EXT-X-VERSION:5", "needs version 6"},
      {"#EXT-X-VERSION:9", "#EXT-X-VERSION:9\n#EXT-X-VERSION:9", "twice"},
      {"CAN-SKIP-UNTIL=12", "CAN-SKIP-UNTIL=11.9", "CAN-SKIP-UNTIL"},
      {"HOLD-BACK=6", "HOLD-BACK=5", "HOLD-BACK"},
      {"PART-HOLD-BACK=3", "PART-HOLD-BACK=2.9", "PART-HOLD-BACK"},
      {",PART-HOLD-BACK=3", "", "parts without PART-HOLD-BACK"},
      {"CAN-BLOCK-RELOAD=YES", "CAN-BLOCK-RELOAD=NO", "CAN-BLOCK-RELOAD"},
      {"#EXT-X-PART-INF:PART-TARGET=1\n", "", "without EXT-X-PART-INF"},
      {"DURATION=1.0,URI=\"8.0.m4s\"", "DURATION=1.1,URI=\"8.0.m4s\"", "exceeds PART-TARGET"},
      {"URI=\"8.0.m4s\",INDEPENDENT=YES", "URI=\"8.0.m4s\"", "not independent"},
      {"#EXT-X-PART:DURATION=1.0,URI=\"8.1.m4s\"\n", "", "do not add up"},
      {"DURATION=1.0,URI=\"8.1", "DURATION=1.0 ,URI=\"8.1", "malformed attribute list"},
      {"URI=\"8.1.m4s\"", "URI=8.1.m4s", "URI is missing or malformed"},
      {"#EXT-X-MAP:URI=\"i.mp4\"\n", "", "without EXT-X-MAP"},
      {"8.m4s\n#EXT-X-DISC", "7.m4s\n#EXT-X-DISC", "same URI twice"},
      {"08:00:02.000Z", "08:00:02.100Z", "off EXTINF"},
      {"08:01:00.000Z", "08:00:03.000Z", "overlap"},
      {"2026-03-02T08:00:00.000Z", "2026-13-02T08:00:00.000Z", "ISO 8601"},
      {"#EXT-X-PROGRAM-DATE-TIME:2026-03-02T08:01:00.000Z\n", "", "discontinuity without"},
      {"#EXTINF:2.0,\n7.m4s", "#EXTINF:2.0\n7.m4s", "malformed EXTINF"},
      {"#EXTINF:2.0,\n7.m4s", "7.m4s", "a URI without EXTINF"},
      {"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"9.1.m4s\"\n", "", "no EXT-X-PRELOAD-HINT"},
      {"URI=\"9.1.m4s\"", "URI=\"9.0.m4s\"", "already listed"},
      {"#EXT-X-PRELOAD-HINT", "#EXT-X-PRELOAD-HINTS", "unknown tag"},
      {"#EXT-X-RENDITION-REPORT:URI=\"../a", "#EXT-X-RENDITION-REPORT:URI=\"http://x/a", "relative"},
      {"#EXT-X-RENDITION-REPORT", "#EXT-X-ENDLIST\n#EXT-X-RENDITION-REPORT", "ended playlist"},
      {"#EXT-X-MEDIA-SEQUENCE:7\n", "#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-PLAYLIST-TYPE:VOD\n", "VOD without"},
      {"#EXT-X-MEDIA-SEQUENCE:7\n", "#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-SKIP:SKIPPED-SEGMENTS=0\n",
       "SKIP of nothing"},
  };
  for (const auto& c : cases) {
    INFO(c.what << " -> " << c.with);
    CHECK(says(judged(replaced(kGood, c.what, c.with)), c.finding));
  }
  // 85 % holds for all parts but the last of a segment and those around a keyframe.
  std::string three =
      replaced(kGood, "#EXT-X-PART:DURATION=1.0,URI=\"8.1.m4s\"\n",
               "#EXT-X-PART:DURATION=0.5,URI=\"8.1.m4s\"\n#EXT-X-PART:DURATION=0.5,URI=\"8.2.m4s\"\n");
  CHECK(says(judged(three), "under 85 %"));
  CHECK(judged(replaced(three, "URI=\"8.2.m4s\"", "URI=\"8.2.m4s\",INDEPENDENT=YES")).empty());
}

TEST_CASE("hls validator: what may not change between two readings") {
  struct Case {
    const char* what;
    const char* with;
    const char* finding;
  };
  const std::vector<Case> cases = {
      {"#EXT-X-TARGETDURATION:2", "#EXT-X-TARGETDURATION:3", "TARGETDURATION changed"},
      {"#EXT-X-MEDIA-SEQUENCE:7", "#EXT-X-MEDIA-SEQUENCE:6", "SEQUENCE decreased"},
      {"#EXTINF:2.0,\n7.m4s", "#EXTINF:1.9,\n7.m4s", "listed segment changed"},
      {"\n7.m4s", "\n7b.m4s", "listed segment changed"},
      {"i.mp4", "j.mp4", "EXT-X-MAP changed"},
      {"#EXT-X-DISCONTINUITY\n", "", "discontinuity sequence number changed"},
      {"08:01:00.000Z", "08:01:01.000Z", "program date changed"},
      {"URI=\"9.0.m4s\"", "URI=\"9.0b.m4s\"", "listed parts changed"},
  };
  for (const auto& c : cases) {
    INFO(c.what << " -> " << c.with);
    CHECK(says(judge::check_update(parsed(kGood), parsed(replaced(kGood, c.what, c.with))), c.finding));
  }
  CHECK(judge::check_update(parsed(kGood), parsed(kGood)).empty());
  // Moving on: a segment leaves in front, its number stays.
  std::string later = replaced(kGood, "#EXT-X-MEDIA-SEQUENCE:7", "#EXT-X-MEDIA-SEQUENCE:8");
  later = replaced(later, "#EXT-X-PROGRAM-DATE-TIME:2026-03-02T08:00:00.000Z\n#EXTINF:2.0,\n7.m4s\n", "");
  CHECK(judge::check_update(parsed(kGood), parsed(later)).empty());
  CHECK(says(judge::check_update(parsed(later), parsed(kGood)), "decreased"));
}

TEST_CASE("hls validator: masters") {
  const std::string good =
      "#EXTM3U\n#EXT-X-VERSION:6\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"n\",DEFAULT=YES,AUTOSELECT=YES,URI=\"a/media.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=100,AVERAGE-BANDWIDTH=90,CODECS=\"avc1.42c01f,mp4a.40.2\",RESOLUTION=1x1,"
      "FRAME-RATE=30.000,AUDIO=\"a\"\n"
      "v/media.m3u8\n";
  const auto judge_master = [](const std::string& text) {
    judge::Findings findings;
    const auto master = judge::parse_master(text, findings);
    for (auto& finding : judge::check_master(master)) findings.push_back(finding);
    return findings;
  };
  CHECK(judge_master(good).empty());
  CHECK(says(judge_master(replaced(good, "BANDWIDTH=100,", "")), "no BANDWIDTH"));
  CHECK(says(judge_master(replaced(good, "=90", "=110")), "AVERAGE-BANDWIDTH over"));
  CHECK(says(judge_master(replaced(good, ",mp4a.40.2", "")), "CODECS without"));
  CHECK(says(judge_master(replaced(good, ",AUDIO=\"a\"", ",AUDIO=\"b\"")), "no such AUDIO group"));
  CHECK(says(judge_master(replaced(good, "NAME=\"n\",", "")), "without NAME"));
  CHECK(says(judge_master(replaced(good, "v/media.m3u8\n", "")), "not followed by its URI"));
  CHECK(says(judge_master(replaced(good, ",FRAME-RATE=30.000", "")), "without RESOLUTION or FRAME-RATE"));
  CHECK(judge::resolve("/a/b/master.m3u8", "c/d.m3u8") == "/a/b/c/d.m3u8");
  CHECK(judge::resolve("/a/b/media.m3u8", "../c/media.m3u8") == "/a/c/media.m3u8");
}

TEST_CASE("hls validator: media bytes") {
  const auto text = [](const base::SharedBytes& bytes) { return std::string(base::as_text(bytes.view())); };
  const auto init = judge::parse_init(text(test::tiny_init()));
  REQUIRE(init);
  CHECK(init->tracks.at(1).timescale == 90'000);
  const std::string fragment = text(test::tiny_fragment(3s, 200ms));
  const auto fragments = judge::parse_fragments(fragment + fragment, *init);
  REQUIRE(fragments);
  CHECK(fragments->size() == 2);
  CHECK(fragments->front().decode_time == 270'000);
  CHECK(fragments->front().duration == 18'000);
  for (std::size_t size = 0; size < fragment.size(); ++size)
    CHECK_FALSE(judge::parse_fragments(fragment.substr(0, size), *init));
  CHECK_FALSE(judge::parse_init("garbage garbage"));
}

TEST_CASE("hls validator: whatever children send, our playlists stay valid, and so do their deltas") {
  std::mt19937 random(2026);
  const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  for (int round = 0; round < 30; ++round) {
    relay::live::Timeline timeline("l1", test::kLessonStart, {.max_segments = 128});
    timeline.init(test::video_init());
    timeline.init(test::audio_init());
    std::map<std::string, judge::MediaPlaylist> previous;
    base::MediaTime now = 0ms;
    std::uint32_t msn = 0;
    for (int step = 0; step < 250; ++step, ++msn) {
      if (pick(20) == 0) {
        timeline.discontinuity();
        now += std::chrono::milliseconds(pick(20'000));
        if (pick(2) == 0) timeline.init(test::video_init("src", 320 + 320 * pick(3)));
      }
      if (pick(60) == 0) timeline.lost("src", msn - std::min(msn, pick(100)));
      const std::uint32_t parts = 1 + pick(10);
      const bool silent = pick(15) == 0;
      for (std::uint32_t i = 0; i < parts; ++i) {
        const bool ends = i + 1 == parts && pick(3) != 0;
        timeline.part(
            make_part("src", msn, i, now + i * 200ms, 200ms, {.ends = ends, .independent = i == 0}));
        if (!silent) timeline.part(make_part("audio", msn, i, now + i * 200ms, 200ms, {.ends = ends}));
      }
      now += parts * 200ms;
      if (step == 249) timeline.end();
      if (pick(4) != 0 && step != 249) continue;

      const auto snapshot = timeline.snapshot();
      std::vector<std::pair<std::string, judge::MediaPlaylist>> group;
      for (const auto& rendition : snapshot->renditions) {
        INFO(rendition->id << " round " << round << " step " << step);
        judge::Findings findings;
        const std::string text = relay::hls::media_playlist(*snapshot, *rendition);
        const auto whole = judge::parse_media(text, findings);
        const auto add = [&](const judge::Findings& more) {
          findings.insert(findings.end(), more.begin(), more.end());
        };
        add(judge::check_media(whole));
        if (const auto before = previous.find(rendition->id); before != previous.end()) {
          add(judge::check_update(before->second, whole));
          const auto delta = judge::parse_media(relay::hls::media_delta(*snapshot, *rendition), findings);
          if (!delta.skipped || before->second.last_msn() + 1 >= delta.media_sequence + *delta.skipped) {
            auto merged = judge::merge(before->second, delta, findings);
            // What was lost meanwhile is news that a delta update does not carry.
            for (auto& segment : merged.segments) segment.gap = whole.find(segment.msn)->gap;
            add(judge::check_delta(merged, whole));
          }
        }
        for (const auto& finding : findings) UNSCOPED_INFO(finding);
        REQUIRE(findings.empty());
        previous[rendition->id] = whole;
        group.emplace_back(rendition->id, whole);
      }
      REQUIRE(judge::check_group(group) == judge::Findings{});
      judge::Findings findings;
      REQUIRE(
          judge::check_master(judge::parse_master(relay::hls::master_playlist(*snapshot), findings)).empty());
      REQUIRE(findings.empty());
    }
  }
}

TEST_CASE("hls validator: follows our origin for a live lesson, through a change of publisher, to its end") {
  base::glib::MainLoop control;
  relay::http::ServerSettings http;
  http.address = "127.0.0.1";
  http.port = 0;
  auto server = relay::http::Server::create(http, control);
  REQUIRE(server);
  relay::hls::OriginSettings settings;
  settings.authorise = [](auto, auto) { return true; };
  relay::hls::Origin origin(**server, settings);
  (*server)->start();

  relay::live::Timeline timeline("l1", base::wall_now(), {.part = 100ms, .segment = 1s});
  auto video = test::video_init();
  video.bytes = test::tiny_init();
  auto audio = test::audio_init();
  audio.bytes = test::tiny_init();
  timeline.init(video);
  timeline.init(audio);
  // A child in haste: a second's media in 0.2 s, after twelve at once; a change of publisher
  // in the middle. All on the control thread, as in a server.
  constexpr std::uint32_t kBefore = 120, kPause = 180, kEnd = 240;
  const auto make = [&](std::uint32_t number) {
    if (number == kPause) timeline.discontinuity();
    const base::MediaTime start = number * 100ms + (number < kPause ? 0s : 3s);
    for (const std::string id : {"audio", "src"}) {
      auto part = make_part(id, number / 10, number % 10, start, 100ms,
                            {.ends = number % 10 == 9, .independent = id == "audio" || number % 10 == 0});
      part.bytes = test::tiny_fragment(start, 100ms);
      timeline.part(part);
    }
  };
  for (std::uint32_t number = 0; number < kBefore; ++number) make(number);
  origin.publish(timeline.snapshot());
  std::uint32_t number = kBefore;
  const base::glib::Timer child(control.context(), 20ms, [&] {
    if (number == kEnd) timeline.end();
    if (number < kEnd) make(number++);
    origin.publish(timeline.snapshot());
  });
  std::jthread controlling([&] { control.run(); });

  judge::Session session("http://127.0.0.1:" + std::to_string((*server)->port()) + "/hls/t/l1/master.m3u8");
  session.run(20s);
  for (const auto& finding : session.findings()) UNSCOPED_INFO(finding);
  CHECK(session.findings().empty());
  CHECK(session.totals().renditions == 2);
  CHECK(session.totals().parts > 100);
  CHECK(session.totals().deltas > 2);
  CHECK(session.totals().blocked_reloads > 50 / test::kSlower);
  control.quit();
  controlling.join();
  (*server)->stop(100ms);
}
