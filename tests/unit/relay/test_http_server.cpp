#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <string>

#include "base/guarded.hpp"
#include "tests/unit/relay/http_fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using namespace std::chrono_literals;
using relay::http::ServerSettings;

namespace {

void echo(const RequestPtr& request, Responder responder) {
  std::string text(request->method());
  text += ' ';
  text += request->path();
  text += ' ';
  text += request->param("rest");
  text += ' ';
  text += request->query("q").value_or("-");
  text += ' ';
  text += base::as_text(request->body());
  responder.send(plain(text));
}

/// Requests held until a test answers them.
struct Held {
  base::Guarded<std::vector<std::pair<RequestPtr, Responder>>> all;

  relay::http::Handler handler() {
    return [this](RequestPtr request, Responder responder) {
      all.with([&](auto& list) { list.emplace_back(std::move(request), std::move(responder)); });
    };
  }
  [[nodiscard]] std::size_t count() {
    return all.with([](auto& list) { return list.size(); });
  }
  auto take() {
    return all.with([](auto& list) { return std::exchange(list, {}); });
  }
};

/// A file of pseudo-random bytes, removed at the end.
struct TempFile {
  std::string path = "/tmp/tongke-http-XXXXXX";
  std::string content;

  explicit TempFile(std::size_t size) {
    const base::Fd fd(::mkstemp(path.data()));
    content.resize(size);
    std::uint32_t state = 1;
    for (char& c : content) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
    REQUIRE(::write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(size));
  }
  ~TempFile() { ::unlink(path.c_str()); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
};

}  // namespace

TEST_CASE("http server: curl's requests are answered, on worker and on control") {
  HttpFixture fixture;
  std::atomic<bool> on_control{false};
  std::thread::id control_id;
  fixture.control().post([&] { control_id = std::this_thread::get_id(); });
  fixture.server().route("GET", "/w/{rest...}", Where::worker, echo);
  fixture.server().route("POST", "/w/{rest...}", Where::worker, echo);
  fixture.server().route("GET", "/c", Where::control, [&](const RequestPtr& request, Responder responder) {
    on_control = std::this_thread::get_id() == control_id;
    echo(request, std::move(responder));
  });
  fixture.server().route("GET", "/silent", Where::control, [](auto, auto) {});
  fixture.server().start();

  CHECK(curl("'" + fixture.url("/w/a%20b//c?q=%E8%AF%BE+1") + "'") == "GET /w/a b/c a b/c 课 1 ");
  CHECK(curl("-d hello " + fixture.url("/w/x")) == "POST /w/x x - hello");
  CHECK(curl("-H 'Transfer-Encoding: chunked' -d hello " + fixture.url("/w/x")) == "POST /w/x x - hello");
  CHECK(curl("-H 'Expect: 100-continue' -d hello " + fixture.url("/w/x")) == "POST /w/x x - hello");
  CHECK(curl(fixture.url("/c")) == "GET /c  - ");
  CHECK(on_control);

  const auto code = " -o /dev/null -w '%{http_code} %{num_connects}\\n' ";
  CHECK(curl(code + fixture.url("/w/1") + code + fixture.url("/w/2")) == "200 1\n200 0\n");
  CHECK(curl(code + ("--path-as-is " + fixture.url("/w/a%2f..%2f..%2fx"))) == "400 1\n");
  CHECK(curl(code + ("--path-as-is " + fixture.url("/w/%2e%2e/../../etc/passwd"))) == "400 1\n");
  CHECK(curl(code + fixture.url("/w/x?a=%00")) == "400 1\n");
  CHECK(curl(code + fixture.url("/silent")) == "500 1\n");

  const auto missing = curl("-i " + fixture.url("/nope"));
  CHECK(has(missing, "404 Not Found"));
  CHECK(has(missing, R"({"error":{"code":"not_found","message":)"));
  CHECK(has(missing, "Content-Security-Policy: default-src 'self'; script-src 'self' 'sha256-"));
  CHECK(has(missing, "media-src 'self' blob:; worker-src 'self' blob:"));
  CHECK(has(missing, "X-Content-Type-Options: nosniff"));
  CHECK(has(missing, "Referrer-Policy: no-referrer"));
  CHECK(has(missing, "X-Robots-Tag: noindex"));
  CHECK(has(missing, "frame-ancestors 'self'"));
  CHECK_FALSE(has(missing, "Server:"));

  const auto wrong = curl("-i -X DELETE " + fixture.url("/w/x"));
  CHECK(has(wrong, "405 Method Not Allowed"));
  CHECK(has(wrong, "Allow: GET, HEAD, POST, OPTIONS"));
  const auto options = curl("-i -X OPTIONS " + fixture.url("/w/x"));
  CHECK(has(options, "204 No Content"));
  CHECK(has(options, "Allow: GET, HEAD, POST, OPTIONS"));
  const auto head = curl("-I " + fixture.url("/w/x"));
  CHECK(has(head, "200 OK"));
  CHECK(has(head, "Content-Length: 14"));
}

TEST_CASE("http server: pipelined requests are answered in order") {
  HttpFixture fixture;
  fixture.server().route("GET", "/w/{rest...}", Where::worker, echo);
  fixture.server().route("GET", "/c/{rest...}", Where::control, echo);
  fixture.server().start();
  const RawClient client(fixture.server().port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += std::string("GET /") + (i % 2 == 0 ? 'w' : 'c') + '/' + std::to_string(i) +
           " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  all.insert(all.rfind("\r\n"), "Connection: close\r\n");
  client.send(all);
  const std::string text = client.read_all();
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = text.find("\r\n\r\nGET /" + std::string(i % 2 == 0 ? "w/" : "c/") + std::to_string(i) + ' ', at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("http server: a client that half-closes still gets its answer") {
  HttpFixture fixture;
  Held held;
  fixture.server().route("GET", "/now", Where::worker, echo);
  fixture.server().route("GET", "/later", Where::worker, held.handler());
  fixture.server().start();
  for (const char* path : {"/now", "/later"}) {
    const RawClient client(fixture.server().port());
    client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    client.half_close();
    if (std::string_view(path) == "/later") {
      REQUIRE(eventually([&] { return held.count() == 1; }));
      auto waiting = held.take();
      // It may be gone for good, so long waits may be given up; an answer is tried all the same.
      CHECK(eventually([&] { return waiting[0].second.aborted(); }));
      waiting[0].second.send(plain("late"));
    }
    const auto answer = client.read_all();
    CHECK(has(answer, "200 OK"));
    CHECK_FALSE(has(answer, "TIMEOUT"));
  }
}

TEST_CASE("http server: an answer from any thread, and none to a client that has gone") {
  HttpFixture fixture;
  Held held;
  fixture.server().route("GET", "/later", Where::worker, held.handler());
  fixture.server().start();
  {
    const RawClient client(fixture.server().port());
    client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(eventually([&] { return held.count() == 1; }));
    auto waiting = held.take();
    CHECK_FALSE(waiting[0].second.aborted());
    std::jthread([&] { waiting[0].second.send(plain("from a thread")); });
    CHECK(has(client.read_answer(), "from a thread"));
    waiting[0].second.send(plain("twice"));  // does nothing
    client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(eventually([&] { return held.count() == 1; }));
    held.take();  // dropped without an answer
    CHECK(has(client.read_answer(), "500 Internal Server Error"));
  }
  RawClient leaver(fixture.server().port());
  leaver.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return held.count() == 1; }));
  auto waiting = held.take();
  leaver.close();
  CHECK(eventually([&] { return waiting[0].second.aborted(); }));
  CHECK(waiting[0].first->path() == "/later");  // the request outlives its connection
  waiting[0].second.send(plain("nobody there"));
}

TEST_CASE("http server: a body above the limit is refused while it is still coming") {
  HttpFixture fixture({.max_body_bytes = 1000});
  fixture.server().route("POST", "/w/{rest...}", Where::worker, echo);
  fixture.server().start();
  const TempFile big(200'000);
  const auto expect = "-H 'Expect:' -o /dev/null -w '%{http_code}' --data-binary @" + big.path + ' ';
  CHECK(curl(expect + fixture.url("/w/x")) == "413");
  CHECK(curl("-H 'Transfer-Encoding: chunked' " + expect + fixture.url("/w/x")) == "413");
  CHECK(has(curl("-d ok " + fixture.url("/w/x")), "ok"));
}

TEST_CASE("http server: nonsense gets a 400 with a problem, or the door") {
  HttpFixture fixture({.request_timeout = 300ms});
  fixture.server().route("GET", "/w/{rest...}", Where::worker, echo);
  fixture.server().start();
  for (const std::string& text : {
           std::string("GET\r\n\r\n"),
           std::string("GET /w/x HTTP/1.1\r\n\r\n"),  // no Host
           std::string("GET /w/x HTTP/9.9\r\nHost: x\r\n\r\n"),
           std::string("GET /w/x HTTP/1.1\r\nHost: a/b\r\n\r\n"),
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
           std::string("GET /w/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"),
           std::string("GET /w/x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"),
           std::string("GET /w/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
           std::string("GET /w/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n0\r\n\r\n"),
           "GET /w/x HTTP/1.1\r\nHost: x\r\nX: " + std::string(80'000, 'a') + "\r\n\r\n",
       }) {
    INFO(text.substr(0, 60));
    const RawClient client(fixture.server().port());
    client.send(text);
    const auto answer = client.read_all();
    CHECK_FALSE(has(answer, "TIMEOUT"));
    CHECK_FALSE(has(answer, "200 OK"));
    if (!answer.empty()) CHECK(has(answer, R"({"error":{"code":)"));
  }
  CHECK(has(curl(fixture.url("/w/still-here")), "still-here"));
}

TEST_CASE("http server: deadlines for slow requests, idle connections and silent handlers") {
  HttpFixture fixture({.idle_timeout = 300ms, .request_timeout = 300ms, .control_deadline = 300ms});
  Held held;
  fixture.server().route("GET", "/w/{rest...}", Where::worker, echo);
  fixture.server().route("GET", "/held", Where::control, held.handler());
  fixture.server().start();

  const RawClient idle(fixture.server().port());
  CHECK(idle.read_all(5s).empty());

  const RawClient kept(fixture.server().port());
  kept.send("GET /w/x HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(has(kept.read_answer(), "200 OK"));
  CHECK(kept.read_all(5s).empty());

  const RawClient slow(fixture.server().port());
  slow.send("GET /w/x HTTP/1.1\r\nHos");
  CHECK_FALSE(has(slow.read_all(5s), "TIMEOUT"));

  const RawClient waiting(fixture.server().port());
  waiting.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto answer = waiting.read_answer();
  CHECK(has(answer, "503 Service Unavailable"));
  CHECK(has(answer, R"("code":"timeout")"));
}

TEST_CASE("http server: a slow reader gets all of a big body, a stalled one is let go") {
  HttpFixture fixture({.stall_timeout = 500ms});
  const std::string big(20'000'000, 'x');
  const auto body = shared(big);
  fixture.server().route("GET", "/big", Where::worker, [&](auto, Responder responder) {
    Response response = plain("");
    response.body = {body, body};
    responder.send(std::move(response));
  });
  fixture.server().start();
  const RawClient slow(fixture.server().port());
  slow.send("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ::poll(nullptr, 0, 200);  // the socket's buffers fill
  const auto text = slow.read_all();
  CHECK(text.size() - text.find("\r\n\r\n") - 4 == 2 * big.size());

  const RawClient stalled(fixture.server().port());
  stalled.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  ::poll(nullptr, 0, 1500);
  const auto part = stalled.read_all(5s);
  CHECK(part.size() < big.size());
  CHECK_FALSE(has(part, "TIMEOUT"));
}

TEST_CASE("http server: files, whole and in part") {
  HttpFixture fixture;
  const TempFile file(3'000'001);
  fixture.server().route("GET", "/file", Where::worker, [&](auto, Responder responder) {
    Response response;
    response.content_type = "video/mp4";
    response.file = file.path;
    responder.send(std::move(response));
  });
  fixture.server().route("GET", "/gone", Where::worker, [&](auto, Responder responder) {
    Response response;
    response.file = "/tmp";
    responder.send(std::move(response));
  });
  fixture.server().start();
  CHECK(curl(fixture.url("/file")) == file.content);
  CHECK(curl("-r 1000000-2000000 " + fixture.url("/file")) == file.content.substr(1'000'000, 1'000'001));
  CHECK(curl("-r -5 " + fixture.url("/file")) == file.content.substr(file.content.size() - 5));
  const auto partial = curl("-i -r 0-3 " + fixture.url("/file"));
  CHECK(has(partial, "206 Partial Content"));
  CHECK(has(partial, "Content-Range: bytes 0-3/3000001"));
  CHECK(has(curl("-i -r 3000001- " + fixture.url("/file")), "416 Range Not Satisfiable"));
  CHECK(has(curl("-i " + fixture.url("/gone")), "404 Not Found"));

  const auto head = curl("-I " + fixture.url("/file"));
  CHECK(has(head, "Content-Length: 3000001"));
  CHECK(has(head, "Accept-Ranges: bytes"));
  const auto at = head.find("ETag: ") + 6;
  const auto etag = head.substr(at, head.find("\r\n", at) - at);
  const auto same = curl("-i -H 'If-None-Match: " + etag + "' " + fixture.url("/file"));
  CHECK(has(same, "304 Not Modified"));
  CHECK(same.ends_with("\r\n\r\n"));
  // Two at once, kept alive after each other.
  CHECK(curl("-Z --no-progress-meter " + fixture.url("/file") + " -o /dev/null " + fixture.url("/file") +
             " -o /dev/null " + " -w '%{size_download} '") == "3000001 3000001 ");
}

TEST_CASE("http server: too many connections are refused, and room comes back") {
  HttpFixture fixture({.max_connections = 5});
  fixture.server().route("GET", "/w/{rest...}", Where::worker, echo);
  fixture.server().start();
  {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 5; ++i) {
      clients.push_back(std::make_unique<RawClient>(fixture.server().port()));
      clients.back()->send("GET /w/x HTTP/1.1\r\nHost: x\r\n\r\n");
      CHECK(has(clients.back()->read_answer(), "200 OK"));
    }
    const RawClient sixth(fixture.server().port());
    CHECK(has(sixth.read_all(), "503 Service Unavailable"));
  }
  CHECK(eventually([&] { return has(curl(fixture.url("/w/x")), "GET /w/x"); }));
}

TEST_CASE("http server: stopping lets running answers finish, and no longer than the deadline") {
  HttpFixture fixture({.workers = 1});  // so that the idle connection's end says it drains
  Held held;
  fixture.server().route("GET", "/later", Where::worker, held.handler());
  fixture.server().start();
  const RawClient idle(fixture.server().port());
  const RawClient client(fixture.server().port());
  const RawClient forgotten(fixture.server().port());
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return held.count() == 1; }));
  auto first = held.take();
  forgotten.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return held.count() == 1; }));
  std::jthread stopping([&] { fixture.server().stop(1s); });
  CHECK(idle.read_all().empty());
  first[0].second.send(plain("last words"));
  const auto answer = client.read_all();
  CHECK(has(answer, "last words"));
  CHECK(has(answer, "Connection: close"));
  CHECK_FALSE(has(forgotten.read_all(), "TIMEOUT"));
  stopping.join();
  held.take()[0].second.send(plain("too late"));  // a Responder may outlive the server
}

TEST_CASE("http server: TLS, with everything that plain HTTP does") {
  const TempFile certificate(1);
  const TempFile key(1);
  const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -out " +
                           certificate.path + " -keyout " + key.path + " 2>/dev/null";
  REQUIRE(std::system(make.c_str()) == 0);
  HttpFixture fixture({.tls_certificate = certificate.path, .tls_key = key.path});
  const TempFile file(3'000'000);
  fixture.server().route("GET", "/w/{rest...}", Where::worker, echo);
  fixture.server().route("POST", "/w/{rest...}", Where::control, echo);
  fixture.server().route("GET", "/file", Where::worker, [&](auto, Responder responder) {
    Response response;
    response.file = file.path;
    responder.send(std::move(response));
  });
  const auto big = shared(file.content);
  fixture.server().route("GET", "/big", Where::worker, [&](auto, Responder responder) {
    Response response = plain("");
    response.body = {big, big};
    responder.send(std::move(response));
  });
  fixture.server().start();
  const std::string url = "https://127.0.0.1:" + std::to_string(fixture.server().port());
  CHECK(curl("-k " + url + "/w/x") == "GET /w/x x - ");
  CHECK(curl("-k -d body " + url + "/w/x") == "POST /w/x x - body");
  CHECK(curl("-k " + url + "/file") == file.content);
  CHECK(curl("-k " + url + "/big") == file.content + file.content);
  const auto code = " -o /dev/null -w '%{http_code} %{num_connects}\n' ";
  CHECK(curl(std::string("-k ") + code + url + "/w/1 " + code + url + "/w/2") == "200 1\n200 0\n");
  const RawClient stranger(fixture.server().port());
  stranger.send("GET / HTTP/1.1\r\n\r\n");
  CHECK_FALSE(has(stranger.read_all(), "TIMEOUT"));

  base::glib::MainLoop control;
  const auto bad =
      relay::http::Server::create({.port = 0, .tls_certificate = file.path, .tls_key = key.path}, control);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().field == "tls_certificate");
}

TEST_CASE("http server: a taken port is an error, an odd address too") {
  HttpFixture fixture;
  base::glib::MainLoop control;
  const auto taken =
      relay::http::Server::create({.address = "127.0.0.1", .port = fixture.server().port()}, control);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == base::Errc::conflict);
  const auto odd = relay::http::Server::create({.address = "nowhere", .port = 0}, control);
  REQUIRE_FALSE(odd);
  CHECK(odd.error().kind == base::Errc::invalid);
}
