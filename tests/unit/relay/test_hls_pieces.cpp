#include <random>

#include "base/glib/main_loop.hpp"
#include "relay/hls/archive.hpp"
#include "relay/hls/gzip.hpp"
#include "relay/hls/names.hpp"
#include "relay/hls/playlist.hpp"
#include "relay/hls/rendered.hpp"
#include "relay/hls/viewers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"
#include "tests/support/http_client.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace tongke::relay::hls;
using namespace std::chrono_literals;
using test::add_segment;
using test::make_part;

TEST_CASE("hls names: files") {
  using Kind = MediaName::Kind;
  CHECK(parse_media_name("media.m3u8") == MediaName{});
  CHECK(parse_media_name("init-0.mp4") == MediaName{Kind::init, 0, 0});
  CHECK(parse_media_name("init-17.mp4") == MediaName{Kind::init, 17, 0});
  CHECK(parse_media_name("0.m4s") == MediaName{Kind::segment, 0, 0});
  CHECK(parse_media_name("4294967295.m4s") == MediaName{Kind::segment, 4294967295U, 0});
  CHECK(parse_media_name("12.3.m4s") == MediaName{Kind::part, 12, 3});
  for (const auto* broken : {"", ".m4s", "m4s", "x.m4s", "1.m4", "01.m4s", "1.02.m4s", "-1.m4s", "+1.m4s",
                             "1..m4s", "1.2.3.m4s", "4294967296.m4s", "1.4294967296.m4s", " 1.m4s",
                             "init-.mp4", "init-x.mp4", "init-1.m4s", "media.m3u8x", "MEDIA.m3u8"}) {
    INFO(broken);
    CHECK_FALSE(parse_media_name(broken));
  }
}

TEST_CASE("hls names: delivery directives") {
  struct Case {
    std::optional<std::string_view> msn, part, skip;
    std::optional<Directives> parsed;
  };
  const std::vector<Case> cases = {
      {{}, {}, {}, Directives{}},
      {"5", {}, {}, Directives{5, {}, false}},
      {"5", "0", {}, Directives{5, 0, false}},
      {"5", "2", "YES", Directives{5, 2, true}},
      {{}, {}, "v2", Directives{{}, {}, true}},
      {{}, {}, "no", Directives{}},
      {"18446744073709551615", {}, {}, Directives{18446744073709551615U, {}, false}},
      {"18446744073709551616", {}, {}, {}},
      {"", {}, {}, {}},
      {"x", {}, {}, {}},
      {"-1", {}, {}, {}},
      {"5 ", {}, {}, {}},
      {"5.0", {}, {}, {}},
      {"5", "x", {}, {}},
      {{}, "1", {}, {}},
  };
  for (const auto& c : cases) {
    INFO(c.msn.value_or("-") << " " << c.part.value_or("-") << " " << c.skip.value_or("-"));
    const auto parsed = parse_directives(c.msn, c.part, c.skip);
    REQUIRE(parsed.has_value() == c.parsed.has_value());
    if (parsed) CHECK(*parsed == *c.parsed);
  }
}

TEST_CASE("hls names: what a playlist has, will have, and cannot have") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  const auto ask = [&](std::uint64_t msn, std::optional<std::uint64_t> part = {}) {
    const auto snapshot = timeline.snapshot();
    return reach(*snapshot, *snapshot->find("src"), {msn, part, false});
  };
  CHECK(ask(0) == Reach::soon);
  CHECK(ask(1000) == Reach::soon);  // nothing is known yet, not even how far the lesson is
  for (std::uint32_t msn = 0; msn < 100; ++msn) add_segment(timeline, "src", msn, msn * 2s);
  for (std::uint32_t i = 0; i < 3; ++i) timeline.part(make_part("src", 100, i, 200s + i * 200ms, 200ms));
  struct Case {
    std::uint64_t msn;
    std::optional<std::uint64_t> part;
    Reach reach;
  };
  const std::vector<Case> cases = {
      {0, {}, Reach::there},  {99, {}, Reach::there},    {100, {}, Reach::soon},
      {101, {}, Reach::soon}, {102, {}, Reach::too_far}, {1ULL << 40U, {}, Reach::too_far},
      {0, 0, Reach::there},   {0, 500, Reach::there},    {99, 9, Reach::there},
      {99, 10, Reach::there}, {100, 2, Reach::there},    {100, 3, Reach::soon},
      {100, 17, Reach::soon}, {100, 18, Reach::too_far}, {101, 0, Reach::soon},
      {101, 14, Reach::soon}, {101, 15, Reach::too_far}, {102, 0, Reach::too_far},
  };
  for (const auto& c : cases) {
    INFO(c.msn << "." << (c.part ? std::to_string(*c.part) : "-"));
    CHECK(ask(c.msn, c.part) == c.reach);
  }
  // One part beyond a whole segment is the first of the next (section 6.2.5.2).
  for (std::uint32_t i = 3; i < 10; ++i)
    timeline.part(make_part("src", 100, i, 200s + i * 200ms, 200ms, {.ends = i == 9}));
  CHECK(ask(100, 10) == Reach::soon);
  CHECK(ask(101, 0) == Reach::soon);
  timeline.part(make_part("src", 101, 0, 202s, 200ms));
  CHECK(ask(100, 10) == Reach::there);
  timeline.end();
  CHECK(ask(5000) == Reach::there);
}

TEST_CASE("hls names: a playlist is there once it has a whole segment") {
  live::Timeline timeline("l1", test::kLessonStart);
  timeline.init(test::video_init());
  const auto plain = [&] {
    const auto snapshot = timeline.snapshot();
    return reach(*snapshot, *snapshot->find("src"), {});
  };
  CHECK(plain() == Reach::soon);
  for (std::uint32_t i = 0; i < 10; ++i) {
    timeline.part(make_part("src", 0, i, i * 200ms, 200ms, {.ends = i == 9}));
    CHECK(plain() == (i == 9 ? Reach::there : Reach::soon));
  }
  timeline.part(make_part("src", 1, 0, 2s, 200ms));
  CHECK(plain() == Reach::there);
}

TEST_CASE("hls names: who takes gzip") {
  CHECK(accepts_gzip("gzip"));
  CHECK(accepts_gzip("deflate, gzip;q=0.5, br"));
  CHECK(accepts_gzip("br;q=1.0, *"));
  CHECK(accepts_gzip(" gzip ; q=1"));
  CHECK_FALSE(accepts_gzip(""));
  CHECK_FALSE(accepts_gzip("identity"));
  CHECK_FALSE(accepts_gzip("gzip;q=0"));
  CHECK_FALSE(accepts_gzip("gzip;q=0.000"));
  CHECK_FALSE(accepts_gzip("xgzip"));
}

TEST_CASE("hls gzip: pieces put together are one stream") {
  std::mt19937 random(7);
  Deflater deflater;
  for (int round = 0; round < 50; ++round) {
    std::string text;
    std::vector<std::uint8_t> bytes = gzip_header();
    Deflated all;
    const int pieces = 1 + static_cast<int>(random() % 5);
    for (int i = 0; i < pieces; ++i) {
      std::string piece(random() % 20'000, 'x');
      for (char& c : piece) c = static_cast<char>(random() % (round % 2 == 0 ? 4 : 256));
      all.append(deflater.deflate(piece, i + 1 == pieces));
      text += piece;
    }
    bytes.insert(bytes.end(), all.bytes.begin(), all.bytes.end());
    append_gzip_trailer(bytes, all.crc, all.size);
    CHECK(test::gunzip(std::string(bytes.begin(), bytes.end())) == text);
  }
}

TEST_CASE("hls rendering: plain and gzip say what the playlist says, at every length") {
  Deflater deflater;
  PlaylistCache cache(deflater);
  PlaylistCache::Histories histories{{"src", std::make_shared<HistoryText>()}};
  live::Timeline timeline("l1", test::kLessonStart, {.max_segments = 256});
  timeline.init(test::video_init());
  const auto flat = [](const std::vector<base::SharedBytes>& pieces) {
    std::string text;
    for (const auto& piece : pieces) text += base::as_text(piece.view());
    return text;
  };
  std::string last_etag;
  for (std::uint32_t msn = 0; msn < 500; ++msn) {
    add_segment(timeline, "src", msn, msn * 2s, 4);
    if (msn == 300) timeline.lost("src", 200);
    if (msn == 499) timeline.end();
    if (msn % 7 != 0 && msn != 499) continue;
    const auto snapshot = timeline.snapshot();
    const auto& src = *snapshot->find("src");
    cache.set(snapshot, histories);
    const auto rendered = cache.media(src);
    REQUIRE(flat(rendered->plain) == media_playlist(*snapshot, src));
    REQUIRE(test::gunzip(flat(rendered->gzip)) == media_playlist(*snapshot, src));
    REQUIRE(flat(cache.delta(src)->plain) == media_delta(*snapshot, src));
    REQUIRE(cache.media(src) == rendered);  // made once
    REQUIRE(rendered->etag != last_etag);
    REQUIRE(rendered->etag != rendered->gzip_etag);
    last_etag = rendered->etag;
  }
}

TEST_CASE("hls viewers: distinct tokens of the last 15 seconds") {
  Viewers viewers;
  const base::Steady::time_point start = base::Steady::now();
  for (int second = 0; second < 10; ++second) {
    viewers.note("a", "l1", "src", start + std::chrono::seconds(second));
    viewers.note("b", "l1", "audio", start + std::chrono::seconds(second));
  }
  viewers.note("c", "l1", "src", start);
  viewers.note("a", "l2", "src", start);
  using Counts = std::map<std::string, std::size_t>;
  CHECK(viewers.count("l1", start + 9s) == Counts{{"src", 2}, {"audio", 1}});
  CHECK(viewers.count("l1", start + 20s) == Counts{{"src", 1}, {"audio", 1}});
  CHECK(viewers.count("l1", start + 60s).empty());
  CHECK(viewers.count("nobody", start).empty());
  viewers.forget("l2");
  CHECK(viewers.count("l2", start).empty());
}

namespace {

/// Answers reads when told to.
class SlowDisk final : public ArchiveReader {
 public:
  void read(const std::string& lesson, const std::string& rendition, std::uint32_t msn, Done done) override {
    asked.push_back(lesson + "/" + rendition + "/" + std::to_string(msn));
    pending.push_back(std::move(done));
  }
  std::vector<std::string> asked;
  std::vector<Done> pending;
};

void run_posted(base::glib::MainLoop& loop) {
  while (g_main_context_iteration(loop.context(), FALSE)) {
  }
}

}  // namespace

TEST_CASE("hls archive: each segment is read once for all who want it, and the least used go first") {
  base::glib::MainLoop loop;
  SlowDisk disk;
  const auto cache = std::make_shared<ArchiveCache>(disk, loop, ArchiveCache::Limits{250, 2, 20ms});
  std::string log;
  const auto get = [&](std::uint32_t msn) {
    cache->get("l1", "src", msn, [&log, msn](const auto& bytes) {
      log += std::to_string(msn) + (bytes ? "" : " " + std::string(to_string(bytes.error().kind))) + "; ";
    });
  };
  const auto answer = [&](base::Result<base::SharedBytes> bytes) {
    auto done = std::move(disk.pending.front());
    disk.pending.erase(disk.pending.begin());
    done(std::move(bytes));
    run_posted(loop);
  };
  const base::SharedBytes hundred(std::vector<std::uint8_t>(100));
  get(1);
  get(1);
  get(2);
  get(3);  // a third read at once is one too many
  CHECK(log == "3 overload; ");
  CHECK(disk.asked == std::vector<std::string>{"l1/src/1", "l1/src/2"});
  answer(hundred);
  answer(hundred);
  CHECK(log == "3 overload; 1; 1; 2; ");
  log.clear();
  get(1);
  CHECK(log == "1; ");
  get(3);
  answer(hundred);  // pushes 2 out, which was used before 1
  get(1);
  CHECK(disk.asked.size() == 3);
  get(2);
  CHECK(disk.asked.size() == 4);
  answer(base::Error{base::Errc::not_found, "gone"});
  CHECK(log == "1; 3; 1; 2 not_found; ");
  log.clear();
  get(2);  // failures are not kept
  CHECK(disk.asked.size() == 5);
  const auto until = base::Steady::now() + 5s;
  while (log.empty() && base::Steady::now() < until) g_main_context_iteration(loop.context(), TRUE);
  CHECK(log == "2 timeout; ");
  answer(hundred);  // too late: nobody waits, nothing breaks
  CHECK(log == "2 timeout; ");
}
