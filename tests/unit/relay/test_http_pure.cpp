#include <zlib.h>

#include <string>

#include "relay/http/conditions.hpp"
#include "relay/http/gzip.hpp"
#include "relay/http/reply.hpp"
#include "relay/http/router.hpp"
#include "relay/http/target.hpp"
#include "tests/unit/relay/http_fixture.hpp"

using namespace tongke;
using namespace tongke::relay::http;
using tongke::test::shared;

TEST_CASE("http target: paths are decoded once and normalised, or refused") {
  struct Row {
    std::string raw;
    const char* normal;  // null: refused
  };
  const auto row = GENERATE(values<Row>({
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/a/b/", "/a/b/"},
      {"//a///b", "/a/b"},
      {"/a/./b/.", "/a/b/"},
      {"/%E8%AF%BE", "/课"},
      {"/a%20b+c", "/a b+c"},
      {"/a%2Fb", "/a/b"},
      {"/%252e%252e", "/%2e%2e"},  // once, not twice
      {"/...", "/..."},
      {"", nullptr},
      {"a", nullptr},
      {"*", nullptr},
      {"/..", nullptr},
      {"/../a", nullptr},
      {"/a/..", nullptr},
      {"/a/%2e%2E/b", nullptr},
      {"/a%2f..%2fb", nullptr},
      {"/a\\..\\b", nullptr},
      {"/a%5cb", nullptr},
      {"/a%00b", nullptr},
      {"/a%0d%0ab", nullptr},
      {"/a%7f", nullptr},
      {"/%", nullptr},
      {"/%4", nullptr},
      {"/%zz", nullptr},
      {"/%ff", nullptr},
      {"/%c0%ae%c0%ae/", nullptr},  // overlong UTF-8 of ".."
      {"/" + std::string(kMaxTargetBytes, 'a'), nullptr},
  }));
  INFO(row.raw);
  const auto path = normalise_path(row.raw);
  REQUIRE(path.has_value() == (row.normal != nullptr));
  if (path) CHECK(*path == row.normal);
  if (!path) CHECK(path.error().kind == base::Errc::invalid);
}

TEST_CASE("http target: query parameters") {
  CHECK(check_query(""));
  CHECK(check_query("a=1&b=%20"));
  CHECK_FALSE(check_query("a=%0"));
  CHECK_FALSE(check_query("a=%00"));
  CHECK_FALSE(check_query("a=%g1"));
  CHECK_FALSE(check_query(std::string(kMaxTargetBytes + 1, 'a')));

  CHECK(query_value("a=1&b=2&a=3", "a") == "1");
  CHECK(query_value("a=1&b=2", "b") == "2");
  CHECK(query_value("a=1&b", "b").value() == "");
  CHECK(query_value("x=a%20b+c%2B", "x") == "a b c+");
  CHECK(query_value("%61=1", "a") == "1");
  CHECK_FALSE(query_value("aa=1&=2&&", "a").has_value());
  CHECK_FALSE(query_value("", "a").has_value());
}

TEST_CASE("http router: the most specific pattern wins") {
  Router router;
  std::string hit;
  const auto to = [&](const char* name) { return [&hit, name](auto, auto) { hit = name; }; };
  router.add("GET", "/", Where::worker, to("home"));
  router.add("GET", "/{file...}", Where::worker, to("files"));
  router.add("GET", "/hls/{token}/{lesson}/{file...}", Where::worker, to("hls"));
  router.add("GET", "/hls/{token}/{lesson}/master.m3u8", Where::worker, to("master"));
  router.add("GET", "/api/v1/lessons", Where::control, to("list"));
  router.add("POST", "/api/v1/lessons", Where::control, to("create"));
  router.add("DELETE", "/api/v1/lessons/{id}", Where::control, to("delete"));
  router.add("HEAD", "/head", Where::worker, to("own head"));

  struct Row {
    const char* method;
    const char* path;
    const char* name;  // null: no route
    const char* allow;
    std::vector<std::string_view> values;
  };
  const std::vector<Row> rows = {
      {"GET", "/", "home", "GET, HEAD, OPTIONS", {}},
      {"HEAD", "/", "home", "GET, HEAD, OPTIONS", {}},
      {"GET", "/x/y.js", "files", "GET, HEAD, OPTIONS", {"x/y.js"}},
      {"GET", "/hls/t/l/master.m3u8", "master", "GET, HEAD, OPTIONS", {"t", "l"}},
      {"GET", "/hls/t/l/src/media.m3u8", "hls", "GET, HEAD, OPTIONS", {"t", "l", "src/media.m3u8"}},
      {"GET", "/hls/t/l/", "hls", "GET, HEAD, OPTIONS", {"t", "l", ""}},
      {"GET", "/hls/t", "files", "GET, HEAD, OPTIONS", {"hls/t"}},
      {"POST", "/api/v1/lessons", "create", "GET, HEAD, POST, OPTIONS", {}},
      {"PUT", "/api/v1/lessons", nullptr, "GET, HEAD, POST, OPTIONS", {}},
      {"OPTIONS", "/api/v1/lessons", nullptr, "GET, HEAD, POST, OPTIONS", {}},
      {"GET", "/api/v1/lessons/7", nullptr, "DELETE, OPTIONS", {}},
      {"HEAD", "/head", "own head", "HEAD, OPTIONS", {}},
  };
  for (const Row& row : rows) {
    INFO(row.method << ' ' << row.path);
    const std::string path = row.path;
    const auto match = router.find(row.method, path);
    CHECK(match.allow == row.allow);
    REQUIRE((match.route != nullptr) == (row.name != nullptr));
    if (!match.route) continue;
    match.route->handler(nullptr, Responder(nullptr));
    CHECK(hit == row.name);
    CHECK(match.values == row.values);
  }
  Router bare;
  bare.add("GET", "/a/{b}", Where::worker, to("ab"));
  CHECK(bare.find("GET", "/c").allow.empty());
  CHECK(bare.find("GET", "/a/").allow.empty());
}

TEST_CASE("http conditions: ranges") {
  struct Row {
    const char* header;
    std::uint64_t size;
    RangeOutcome outcome;
    ByteRange range;
  };
  using enum RangeOutcome;
  const auto row = GENERATE(values<Row>({
      {"bytes=0-0", 10, partial, {0, 1}},
      {"bytes=2-5", 10, partial, {2, 4}},
      {"bytes=2-", 10, partial, {2, 8}},
      {"bytes=2-99", 10, partial, {2, 8}},
      {"bytes=-3", 10, partial, {7, 3}},
      {"bytes=-99", 10, partial, {0, 10}},
      {"bytes=10-", 10, unsatisfiable, {}},
      {"bytes=-0", 10, unsatisfiable, {}},
      {"bytes=0-", 0, unsatisfiable, {}},
      {"bytes=5-2", 10, whole, {}},
      {"bytes=0-1,3-4", 10, whole, {}},
      {"bytes=a-b", 10, whole, {}},
      {"bytes=", 10, whole, {}},
      {"bytes=-", 10, whole, {}},
      {"lines=0-1", 10, whole, {}},
      {"bytes=99999999999999999999-", 10, whole, {}},
      {"bytes=1 - 2", 10, partial, {1, 2}},
  }));
  INFO(row.header);
  const auto decision = decide_range(row.header, row.size);
  CHECK(decision.outcome == row.outcome);
  if (row.outcome == partial) CHECK(decision.range == row.range);
}

TEST_CASE("http conditions: entity tags") {
  CHECK(etag_matches("\"a\"", "\"a\""));
  CHECK(etag_matches("W/\"a\"", "\"a\""));
  CHECK(etag_matches("\"b\", \"a\"", "W/\"a\""));
  CHECK(etag_matches("*", "\"a\""));
  CHECK_FALSE(etag_matches("\"b\"", "\"a\""));
  CHECK_FALSE(etag_matches("", "\"a\""));
  CHECK_FALSE(etag_matches("*", ""));
  CHECK_FALSE(etag_matches("\"b\",", "\"a\""));
}

TEST_CASE("http reply: shaping cuts shared bytes without copying them") {
  Response response = test::plain("hello ");
  response.body.push_back(shared("wide "));
  response.body.push_back(shared("world"));
  response.headers = {{"etag", "\"1\""}, {"Accept-Ranges", "bytes"}};
  const Demand demand{.method = "GET", .if_none_match = {}, .range = "bytes=4-12", .if_range = {}};
  const auto range = shape(response, total_size(response.body), demand);
  CHECK(response.status == 206);
  CHECK(*find_header(response.headers, "content-range") == "bytes 4-12/16");
  std::string text;
  for (const Slice& slice : cut(response.body, range)) {
    text += base::as_text(slice.bytes.view().subspan(slice.offset, slice.length));
  }
  CHECK(text == "o wide wo");

  Response same = test::plain("x");
  same.headers = {{"ETag", "\"1\""}};
  (void)shape(same, 1, {.method = "HEAD", .if_none_match = "\"1\"", .range = {}, .if_range = {}});
  CHECK(same.status == 304);

  Response stale = test::plain("xyz");
  stale.headers = {{"ETag", "\"2\""}, {"Accept-Ranges", "bytes"}};
  CHECK(shape(stale, 3, {.method = "GET", .if_none_match = {}, .range = "bytes=1-", .if_range = "\"1\""})
            .length == 3);
  CHECK(stale.status == 200);
}

TEST_CASE("http reply: nobody splits a head") {
  Response response = test::plain("");
  response.headers = {{"X-Good", "1"}, {"X-Bad", "a\r\nSet-Cookie: b"}, {"X\nBad", "1"}};
  const auto head = response_head(response, 0, "now", false);
  CHECK(test::has(head, "X-Good: 1\r\n"));
  CHECK_FALSE(test::has(head, "Bad"));
  CHECK(http_date(base::WallTime(std::chrono::seconds(784111777))) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("http gzip: what accepts it, and that it comes back") {
  CHECK(accepts_gzip("gzip, deflate, br"));
  CHECK(accepts_gzip("*"));
  CHECK(accepts_gzip("br;q=1, gzip ; q=0.1"));
  CHECK_FALSE(accepts_gzip(""));
  CHECK_FALSE(accepts_gzip("br"));
  CHECK_FALSE(accepts_gzip("gzip;q=0"));
  CHECK_FALSE(accepts_gzip("*, gzip;q=0.0"));

  const std::string text(100'000, 'a');
  const auto packed = gzip(base::as_bytes(text), 6);
  CHECK(packed.size() < 1000);
  std::string back(text.size(), '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
  stream.next_in = const_cast<Bytef*>(packed.view().data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(back.data());
  stream.avail_out = static_cast<uInt>(back.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  inflateEnd(&stream);
  CHECK(back == text);
}
