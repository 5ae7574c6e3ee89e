#include <thread>

#include "base/glib/main_loop.hpp"
#include "relay/hls/origin.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_lesson.hpp"
#include "tests/support/http_client.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;
using test::add_segment;
using test::HttpClient;
using test::HttpReply;
using test::make_part;

namespace {

class Shelf final : public hls::ArchiveReader {
 public:
  void read(const std::string& lesson, const std::string& rendition, std::uint32_t msn, Done done) override {
    if (msn == 1) return done(base::Error{base::Errc::not_found, "gone"});
    done(test::text_bytes("archived " + lesson + " " + rendition + " " + std::to_string(msn)));
  }
};

/// The real server with one lesson "l1"; tokens beginning with "t" are good.
struct Stage {
  explicit Stage(hls::OriginSettings settings = {}, std::size_t workers = 2) {
    http::ServerSettings http;
    http.address = "127.0.0.1";
    http.port = 0;
    http.workers = workers;
    auto made = http::Server::create(http, control);
    REQUIRE(made);
    server = std::move(*made);
    settings.authorise = [](std::string_view token, std::string_view) { return token.starts_with("t"); };
    settings.archive = &shelf;
    settings.delivered = [this](const hls::Delivery& delivery) {
      delivered.with([&](std::string& log) {
        log.append(delivery.token)
            .append(" ")
            .append(delivery.rendition)
            .append(" ")
            .append(std::to_string(delivery.bytes));
        log += "; ";
      });
    };
    origin = std::make_unique<hls::Origin>(*server, std::move(settings));
    server->start();
    timeline.init(test::video_init());
    timeline.init(test::audio_init());
  }
  ~Stage() { server->stop(100ms); }

  void publish() { origin->publish(timeline.snapshot()); }
  /// Publishes and waits until every worker has read it: a plain request sees it.
  void begin(std::uint32_t segments = 3) {
    for (std::uint32_t msn = 0; msn < segments; ++msn) {
      add_segment(timeline, "src", msn, msn * 2s);
      add_segment(timeline, "audio", msn, msn * 2s);
    }
    publish();
  }
  [[nodiscard]] HttpClient client() const { return HttpClient(server->port()); }

  base::glib::MainLoop control;  // nothing here runs on it
  Shelf shelf;
  base::Guarded<std::string> delivered;
  live::Timeline timeline{"l1", test::kLessonStart};
  std::unique_ptr<http::Server> server;
  std::unique_ptr<hls::Origin> origin;
};

}  // namespace

TEST_CASE("origin: what is there, and how it is labelled") {
  Stage stage;
  stage.begin();
  auto client = stage.client();

  const HttpReply master = client.get("/hls/t1/l1/master.m3u8");
  CHECK(master.status == 200);
  CHECK(master.header("content-type") == "application/vnd.apple.mpegurl");
  CHECK(master.header("access-control-allow-origin") == "*");
  CHECK(master.header("cache-control") == "public, max-age=1");
  CHECK(master.body.find("src/media.m3u8") != std::string::npos);

  const HttpReply plain = client.get("/hls/t1/l1/src/media.m3u8");
  CHECK(plain.status == 200);
  CHECK(plain.header("content-encoding").empty());
  CHECK(plain.header("vary") == "Accept-Encoding");
  const HttpReply packed = client.get("/hls/t1/l1/src/media.m3u8", {{"Accept-Encoding", "gzip, br"}});
  CHECK(packed.header("content-encoding") == "gzip");
  CHECK(test::gunzip(packed.body) == plain.body);
  CHECK(packed.header("etag") != plain.header("etag"));
  CHECK(client.get("/hls/t1/l1/src/media.m3u8", {{"If-None-Match", plain.header("etag")}}).status == 304);
  const HttpReply head = client.request("HEAD", "/hls/t1/l1/src/media.m3u8");
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == std::to_string(plain.body.size()));

  const HttpReply init = client.get("/hls/t1/l1/src/init-0.mp4");
  CHECK(init.body == "init src1280");
  CHECK(init.header("content-type") == "video/mp4");
  CHECK(init.header("cache-control") == "public, max-age=86400, immutable");
  CHECK(client.get("/hls/t1/l1/audio/2.3.m4s").body == "audio 2.3;");
  CHECK(client.get("/hls/t1/l1/audio/2.3.m4s").header("content-type") == "audio/mp4");
  const HttpReply segment = client.get("/hls/t1/l1/src/1.m4s");
  CHECK(segment.body == "src 1.0;src 1.1;src 1.2;src 1.3;src 1.4;src 1.5;src 1.6;src 1.7;src 1.8;src 1.9;");
  const HttpReply range = client.get("/hls/t1/l1/src/1.m4s", {{"Range", "bytes=8-15"}});
  CHECK(range.status == 206);
  CHECK(range.body == "src 1.1;");

  const HttpReply preflight = client.request("OPTIONS", "/hls/t1/l1/src/media.m3u8");
  CHECK(preflight.status == 204);
  CHECK(preflight.header("access-control-allow-methods") == "GET, HEAD, OPTIONS");
}

TEST_CASE("origin: whom something else is shown in the lesson's place") {
  std::atomic<bool> rests{false};
  std::atomic<int> asked{0};
  hls::OriginSettings settings;
  settings.instead = [&](std::string_view token, std::string_view lesson) {
    ++asked;
    return rests && token == "t2" ? std::optional(std::string(lesson) + "~rest") : std::nullopt;
  };
  Stage stage(std::move(settings));
  stage.begin();
  auto client = stage.client();
  const HttpReply before = client.get("/hls/t2/l1/src/media.m3u8");
  CHECK(before.body == client.get("/hls/t1/l1/src/media.m3u8").body);
  CHECK(client.get("/hls/t2/l1/pass").header("tongke-instead").empty());

  const auto rest = stage.timeline.fork("l1~rest");
  rest->discontinuity();
  rest->init(test::video_init("src", 640));
  add_segment(*rest, "src", 3, 6s, 5);
  stage.origin->publish(rest->snapshot());
  // Who waits when it begins is not given the lesson's next part.
  asked = 0;
  std::thread waiting([&] {
    auto other = stage.client();
    const HttpReply woken = other.get("/hls/t2/l1/src/media.m3u8?_HLS_msn=3&_HLS_part=0");
    CHECK(woken.body.find("init-1.mp4") != std::string::npos);
  });
  // When it comes in, and when it has to wait.
  const auto deadline = base::Steady::now() + 5s;
  while (asked < 2 && base::Steady::now() < deadline) std::this_thread::yield();
  REQUIRE(asked >= 2);
  rests = true;
  add_segment(stage.timeline, "src", 3, 6s);
  stage.publish();
  waiting.join();

  stage.delivered.with([](std::string& log) { log.clear(); });
  const HttpReply own = client.get("/hls/t1/l1/src/media.m3u8");
  CHECK(own.body.find("DISCONTINUITY\n") == std::string::npos);
  const HttpReply instead = client.get("/hls/t2/l1/src/media.m3u8");
  CHECK(instead.status == 200);
  CHECK(instead.body.find("#EXT-X-DISCONTINUITY\n") != std::string::npos);
  CHECK(client.get("/hls/t2/l1/src/init-1.mp4").body == "init src640");
  // In the replay these addresses are the lesson's: nothing keeps them for long.
  for (const char* file : {"init-1.mp4", "3.m4s", "3.0.m4s"})
    CHECK(client.get(std::string("/hls/t2/l1/src/") + file).header("cache-control") == "public, max-age=12");
  CHECK(client.get("/hls/t1/l1/src/3.m4s").header("cache-control") == "public, max-age=86400, immutable");
  stage.delivered.with([](std::string& log) { log.clear(); });
  CHECK(client.get("/hls/t2/l1/src/3.m4s").body == "src 3.0;src 3.1;src 3.2;src 3.3;src 3.4;");
  CHECK(stage.delivered.with([](const std::string& log) { return log; }).empty());
  CHECK(client.get("/hls/t1/l1/src/3.m4s").body.size() == 80);
  CHECK(stage.delivered.with([](const std::string& log) { return log; }) == "t1 src 80; ");
  CHECK(client.get("/hls/t2/l1/pass").header("tongke-instead") == "l1~rest");
  CHECK(client.get("/hls/t1/l1/pass").header("tongke-instead").empty());

  // A rest that is over gives way to the lesson.
  rests = false;
  stage.origin->withdraw("l1~rest");
  CHECK(client.get("/hls/t2/l1/src/media.m3u8").body == own.body);
}

TEST_CASE("origin: who may not know learns nothing") {
  Stage stage;
  stage.begin();
  auto client = stage.client();
  const HttpReply unknown = client.get("/hls/t1/l2/master.m3u8");
  CHECK(unknown.status == 404);
  CHECK(unknown.header("cache-control") == "no-store");
  for (const auto* path :
       {"/hls/bad/l1/master.m3u8", "/hls/bad/l2/master.m3u8", "/hls/bad/l1/src/media.m3u8",
        "/hls/bad/l1/src/1.m4s", "/hls/bad/l1/src/media.m3u8?_HLS_msn=x", "/hls/t1/l1/nobody/media.m3u8",
        "/hls/t1/l1/src/init-1.mp4", "/hls/t1/l1/src/900.m4s", "/hls/t1/l1/src/3.m4s",
        "/hls/t1/l1/src/1.99.m4s", "/hls/t1/l1/src/3.1.m4s", "/hls/t1/l1/src/01.m4s", "/hls/t1/l1/src/x"}) {
    INFO(path);
    const HttpReply reply = client.get(path);
    CHECK(reply.status == 404);
    CHECK(reply.header("access-control-allow-origin") == "*");
    CHECK(reply.body == unknown.body);
  }
  for (const auto* query : {"_HLS_msn=5", "_HLS_msn=x", "_HLS_part=1", "_HLS_msn=3&_HLS_part=x",
                            "_HLS_msn=-1", "_HLS_msn=3&_HLS_part=15", "_HLS_msn="}) {
    INFO(query);
    CHECK(client.get(std::string("/hls/t1/l1/src/media.m3u8?") + query).status == 400);
  }
}

TEST_CASE("origin: blocked reloads and hinted parts are answered by the part they wait for") {
  Stage stage;
  stage.begin();
  auto playlist = stage.client();
  auto skipping = stage.client();
  auto hinted = stage.client();
  auto whole = stage.client();
  REQUIRE(playlist.send("GET", "/hls/t1/l1/src/media.m3u8?_HLS_msn=3&_HLS_part=0"));
  REQUIRE(skipping.send("GET", "/hls/t1/l1/src/media.m3u8?_HLS_msn=3&_HLS_part=0&_HLS_skip=YES"));
  REQUIRE(hinted.send("GET", "/hls/t1/l1/src/3.0.m4s"));
  REQUIRE(whole.send("GET", "/hls/t1/l1/src/media.m3u8?_HLS_msn=3"));
  CHECK_FALSE(hinted.readable(50ms));

  // Another rendition's part is not theirs.
  stage.timeline.part(make_part("audio", 3, 0, 6s, 200ms));
  stage.publish();
  CHECK_FALSE(playlist.readable(50ms));

  stage.timeline.part(make_part("src", 3, 0, 6s, 200ms));
  stage.publish();
  const auto news = playlist.receive();
  REQUIRE(news);
  CHECK(news->status == 200);
  CHECK(news->header("cache-control") == "public, max-age=12");
  CHECK(news->body.find("URI=\"3.0.m4s\"") != std::string::npos);
  CHECK(skipping.receive()->body == news->body);  // too short to skip anything
  CHECK(hinted.receive()->body == "src 3.0;");
  CHECK_FALSE(whole.readable(50ms));
  stage.timeline.part(make_part("src", 3, 1, 6200ms, 200ms, {.ends = true}));
  stage.publish();
  CHECK(whole.receive()->body.find("#EXTINF:0.40000,\n3.m4s\n") != std::string::npos);

  // A hint that does not come true is taken back.
  REQUIRE(hinted.send("GET", "/hls/t1/l1/src/4.0.m4s"));
  REQUIRE(playlist.send("GET", "/hls/t1/l1/src/media.m3u8?_HLS_msn=4&_HLS_part=0"));
  CHECK_FALSE(hinted.readable(50ms));
  stage.timeline.end();
  stage.publish();
  CHECK(hinted.receive()->status == 404);
  const auto ended = playlist.receive();
  CHECK(ended->body.find("#EXT-X-ENDLIST") != std::string::npos);
  CHECK(ended->header("cache-control") == "public, max-age=300");
  CHECK(playlist.get("/hls/t1/l1/src/media.m3u8?_HLS_msn=900&_HLS_skip=YES").body == ended->body);
}

TEST_CASE("origin: long lessons: delta updates, and old segments from the archive") {
  Stage stage;
  stage.begin(100);
  auto client = stage.client();
  const HttpReply full = client.get("/hls/t1/l1/src/media.m3u8", {{"Accept-Encoding", "gzip"}});
  const HttpReply delta = client.get("/hls/t1/l1/src/media.m3u8?_HLS_skip=v2");
  CHECK(delta.body.find("#EXT-X-SKIP:SKIPPED-SEGMENTS=94\n") != std::string::npos);
  CHECK(test::gunzip(full.body).find("\n0.m4s\n") != std::string::npos);
  CHECK(client.get("/hls/t1/l1/src/7.m4s").body == "archived l1 src 7");
  CHECK(client.get("/hls/t1/l1/src/7.m4s").status == 200);
  CHECK(client.get("/hls/t1/l1/src/1.m4s").status == 404);
  CHECK(client.get("/hls/t1/l1/src/7.0.m4s").status == 404);
  CHECK(client.get("/hls/t1/l1/src/99.m4s").body.starts_with("src 99.0;"));
}

TEST_CASE("origin: a lesson that has not begun is worth waiting for, an unknown one is not") {
  Stage stage({.begin_wait = 300ms});
  stage.publish();
  auto master = stage.client();
  REQUIRE(master.send("GET", "/hls/t1/l1/master.m3u8"));
  const auto later = master.receive();
  REQUIRE(later);
  CHECK(later->status == 503);
  CHECK_FALSE(later->header("retry-after").empty());
  REQUIRE(master.send("GET", "/hls/t1/l1/master.m3u8"));
  CHECK_FALSE(master.readable(50ms));
  stage.begin();
  CHECK(master.receive()->status == 200);
  stage.origin->withdraw("l1");
  CHECK(master.get("/hls/t1/l1/master.m3u8").status == 404);
}

TEST_CASE("origin: waits end: by deadline, by withdrawal, by bounds") {
  Stage stage({.max_waiting_per_lesson = 3, .max_waiting_per_token = 2}, 1);
  stage.begin();
  std::vector<HttpClient> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(stage.client());
  const std::string reload = "/l1/src/media.m3u8?_HLS_msn=3";
  REQUIRE(clients[0].send("GET", "/hls/t1" + reload));
  REQUIRE(clients[1].send("GET", "/hls/t1" + reload));
  CHECK_FALSE(clients[1].readable(100ms));
  CHECK(clients[2].get("/hls/t1" + reload).status == 503);  // third of its token
  REQUIRE(clients[3].send("GET", "/hls/t2" + reload));
  CHECK_FALSE(clients[3].readable(100ms));
  CHECK(clients[4].get("/hls/t3" + reload).status == 503);  // fourth of the lesson
  // Whoever goes away makes room.
  clients[0].close();
  const auto until = base::Steady::now() + 5s;
  bool waiting = false;
  while (!waiting && base::Steady::now() < until) {
    REQUIRE(clients[4].send("GET", "/hls/t3" + reload));
    waiting = !clients[4].readable(100ms);
    if (!waiting) clients[4].receive();
  }
  CHECK(waiting);
  stage.origin->withdraw("l1");
  CHECK(clients[1].receive()->status == 404);

  // Three target durations without media.
  stage.publish();
  const auto asked = base::Steady::now();
  const HttpReply vain = clients[0].get("/hls/t1" + reload);
  CHECK(vain.status == 503);
  CHECK(base::Steady::now() - asked > 5900ms);
  CHECK(base::Steady::now() - asked < 8s);
}

TEST_CASE("origin: a lesson nobody has in memory is asked for, and waited for") {
  base::Guarded<std::vector<std::string>> wanted;
  Stage stage({.wanted = [&](const std::string& id) { wanted.with([&](auto& all) { all.push_back(id); }); },
               .begin_wait = 300ms});
  const auto asked = [&] {
    const auto until = base::Steady::now() + 5s;
    while (base::Steady::now() < until) {
      if (wanted.with([](const auto& all) { return !all.empty(); })) return true;
      std::this_thread::yield();
    }
    return false;
  };
  auto master = stage.client();
  auto segment = stage.client();
  CHECK(master.get("/hls/bad/l1/master.m3u8").status == 404);
  CHECK(wanted.with([](const auto& all) { return all.empty(); }));
  CHECK(master.get("/hls/t1/unknown/src/media.m3u8").status == 404);  // after begin_wait
  CHECK(wanted.with([](auto& all) { return std::exchange(all, {}); }) == std::vector<std::string>{"unknown"});
  REQUIRE(master.send("GET", "/hls/t1/l1/master.m3u8"));
  REQUIRE(segment.send("GET", "/hls/t1/l1/src/5.m4s"));
  REQUIRE(asked());
  stage.begin(100);
  CHECK(master.receive()->status == 200);
  CHECK(segment.receive()->body == "archived l1 src 5");
}

TEST_CASE("origin: media on its way is counted") {
  Stage stage;
  stage.begin();
  auto client = stage.client();
  client.get("/hls/t1/l1/src/1.m4s");
  client.get("/hls/t1/l1/src/1.m4s");
  client.get("/hls/t2/l1/audio/2.0.m4s");
  client.get("/hls/t2/l1/audio/media.m3u8");
  client.get("/hls/t2/l1/audio/init-0.mp4");
  client.request("HEAD", "/hls/t3/l1/src/1.m4s");
  CHECK(stage.delivered.with([](const std::string& log) { return log; }) ==
        "t1 src 80; t1 src 80; t2 audio 10; ");
  CHECK(stage.origin->viewers("l1") == std::map<std::string, std::size_t>{{"src", 1}, {"audio", 1}});
}

TEST_CASE("origin: what one worker said, all know") {
  // A player that learns of a part from one worker may ask any other for it.
  Stage stage({}, 4);
  stage.begin();
  std::vector<HttpClient> clients;
  for (int i = 0; i < 32; ++i) clients.push_back(stage.client());
  for (std::uint32_t i = 0; i < 20; ++i) {
    const std::string part = "3." + std::to_string(i);
    REQUIRE(clients[0].send("GET", "/hls/t1/l1/src/media.m3u8?_HLS_msn=3&_HLS_part=" + std::to_string(i)));
    stage.timeline.part(make_part("src", 3, i, 6s + i * 100ms, 100ms));
    stage.publish();
    REQUIRE(clients[0].receive()->body.find(part) != std::string::npos);
    for (auto& client : clients) REQUIRE(client.get("/hls/t1/l1/src/" + part + ".m4s").status == 200);
  }
}

TEST_CASE("origin: a rendition made on demand is asked for by whoever fetches its playlist, and waited for") {
  base::Guarded<std::string> asked;
  hls::OriginSettings settings;
  settings.asked = [&](const std::string& lesson, const std::string& rendition) {
    asked.with([&](std::string& log) { log += lesson + " " + rendition + ";"; });
  };
  Stage stage(std::move(settings), 1);
  stage.begin();
  const auto* step = pipeline::wire::find_step("240p");
  stage.timeline.offer({{.step = step, .size = {426, 240}, .frame_rate = 15}});
  stage.publish();
  auto client = stage.client();
  CHECK(client.get("/hls/t1/l1/480p/media.m3u8").status == 404);  // not to be had: players take another
  CHECK(client.get("/hls/t1/l1/240p/0.m4s").status == 404);
  REQUIRE(client.send("GET", "/hls/t1/l1/240p/media.m3u8"));
  CHECK_FALSE(client.readable(100ms));

  // Made, but a segment or more behind the source: not yet.
  stage.timeline.init(test::video_init("240p", 426));
  add_segment(stage.timeline, "240p", 0, 0s);
  stage.publish();
  CHECK_FALSE(client.readable(100ms));
  stage.timeline.part(make_part("240p", 2, 0, 4s, 200ms));
  stage.publish();
  const auto reply = client.receive();
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->body.find("#EXT-X-MEDIA-SEQUENCE:0\n") != std::string::npos);
  CHECK(reply->body.find("#EXT-X-GAP\n#EXTINF:2.00000,\n1.m4s\n") != std::string::npos);
  CHECK(client.get("/hls/t1/l1/240p/1.m4s").status == 404);
  CHECK(client.get("/hls/t1/l1/240p/0.m4s").status == 200);

  CHECK(client.get("/hls/t1/l1/240p/media.m3u8").status == 200);
  CHECK(asked.with([](const std::string& log) { return log; }) == "l1 240p;");  // not at every request
  CHECK(client.get("/hls/bad/l1/240p/media.m3u8").status == 404);

  // Not to be had any more: refused while there is still something to play, and to whoever waits.
  REQUIRE(client.send("GET", "/hls/t1/l1/240p/media.m3u8?_HLS_msn=2&_HLS_part=5"));
  CHECK_FALSE(client.readable(50ms));
  stage.timeline.offer({});
  stage.publish();
  const auto refused = client.receive();
  REQUIRE(refused);
  CHECK(refused->status == 404);
  CHECK(client.get("/hls/t1/l1/240p/media.m3u8").status == 404);
  CHECK(client.get("/hls/t1/l1/240p/0.m4s").status == 200);
  CHECK(client.get("/hls/t1/l1/master.m3u8").body.find("240p") == std::string::npos);
  stage.timeline.offer({{.step = step, .size = {426, 240}, .frame_rate = 15}});
  stage.publish();
  CHECK(client.get("/hls/t1/l1/240p/media.m3u8").status == 200);

  // In vain: players come back.
  for (std::uint32_t msn = 3; msn < 6; ++msn) add_segment(stage.timeline, "src", msn, msn * 2s);
  stage.publish();
  REQUIRE(client.send("GET", "/hls/t1/l1/240p/media.m3u8"));
  const auto later = client.receive();
  REQUIRE(later);
  CHECK(later->status == 503);
  CHECK_FALSE(later->header("retry-after").empty());
}

TEST_CASE("origin: stills are listed by wall time, kept for a while, and made for who asks for the list") {
  base::Guarded<std::string> asked;
  hls::OriginSettings settings;
  settings.asked = [&](const std::string& lesson, const std::string& rendition) {
    asked.with([&](std::string& log) { log += lesson + " " + rendition + ";"; });
  };
  Stage stage(std::move(settings), 1);
  stage.begin();
  auto client = stage.client();
  CHECK(client.get("/hls/t1/l1/stills.json").body == "{\"stills\":[]}");
  CHECK(asked.with([](const std::string& log) { return log; }) == "l1 stills;");
  CHECK(stage.timeline.still({.pts = 1500ms, .webp = test::text_bytes("one")}));
  CHECK(stage.timeline.still({.pts = 4s, .webp = test::text_bytes("two")}));
  CHECK_FALSE(stage.timeline.still({.pts = 4s, .webp = test::text_bytes("again")}));
  CHECK_FALSE(stage.timeline.still({.pts = 5s, .webp = {}}));
  stage.publish();
  const HttpReply list = client.get("/hls/t1/l1/stills.json");
  CHECK(list.status == 200);
  CHECK(list.header("content-type") == "application/json");
  CHECK(list.header("cache-control") == "public, max-age=1");
  CHECK(list.header("access-control-allow-origin") == "*");
  CHECK(list.body == "{\"stills\":[{\"n\":0,\"at\":1772409601500},{\"n\":1,\"at\":1772409604000}]}");
  const HttpReply still = client.get("/hls/t1/l1/stills/1.webp");
  CHECK(still.body == "two");
  CHECK(still.header("content-type") == "image/webp");
  CHECK(still.header("cache-control") == "public, max-age=86400, immutable");
  for (const auto* path :
       {"/hls/t1/l1/stills/2.webp", "/hls/t1/l1/stills/01.webp", "/hls/t1/l1/stills/x.webp",
        "/hls/t1/l1/stills/media.m3u8", "/hls/t1/l1/stills/.webp", "/hls/bad/l1/stills/1.webp",
        "/hls/bad/l1/stills.json", "/hls/t1/l2/stills.json"}) {
    INFO(path);
    CHECK(client.get(path).status == 404);
  }
}

TEST_CASE("stills: the oldest give way") {
  live::StillRing ring;
  CHECK(ring.stills() == nullptr);
  for (int i = 0; i < 60; ++i) CHECK(ring.add(std::chrono::seconds(i), test::text_bytes("still")));
  CHECK(ring.stills()->size() == live::StillRing::kMost);
  CHECK(ring.stills()->front().number == 12);
  const auto large = base::SharedBytes(std::vector<std::uint8_t>(live::StillRing::kMostBytes, 1));
  CHECK(ring.add(100s, large));
  CHECK(ring.stills()->size() == 1);
  CHECK(ring.stills()->front().number == 60);
  CHECK(ring.add(101s, large));
  CHECK(ring.stills()->size() == 1);
}
