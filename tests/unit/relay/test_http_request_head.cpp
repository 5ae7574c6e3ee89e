#include <string>

#include "relay/http/request_head.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::relay::http;
using Framing = RequestHead::Framing;

TEST_CASE("request head: what is taken apart") {
  const std::string text =
      "POST http://example.org:80/a%20b?x=1&y HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\n"
      "x-Tab: \t a\tb \r\nContent-Length: 12\r\nConnection: keep-alive, Close\r\nExpect: "
      "100-continue\r\n\r\n";
  REQUIRE(head_size(text, 0) == text.size());
  RequestHead head;
  REQUIRE_FALSE(parse_head(text, head));
  CHECK(head.method == "POST");
  CHECK(head.path == "/a%20b");
  CHECK(head.query == "x=1&y");
  CHECK(head.field("X-TAB") == "a\tb");
  CHECK(head.field("x-empty") == "");
  CHECK_FALSE(head.field("x-none"));
  CHECK(head.framing == Framing::length);
  CHECK(head.length == 12);
  CHECK_FALSE(head.keep_alive);
  CHECK(head.expects_continue);
}

TEST_CASE("request head: what is refused, and with which status") {
  struct Row {
    std::string text;
    int status;  // 0: accepted
  };
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n";
  std::string many = get;
  for (int i = 0; i < 100; ++i) many += "X: y\r\n";
  const auto row = GENERATE_COPY(values<Row>({
      {get, 0},
      {"GET / HTTP/1.0\r\n", 0},
      {"OPTIONS * HTTP/1.1\r\nHost: x\r\n", 0},
      {get + "Content-Length: 0\r\n", 0},
      {get + "Transfer-Encoding: chunked\r\n", 0},
      {"GET / HTTP/1.1\r\n", 400},  // no Host
      {get + "Host: y\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: x\r\n", 400},
      {"GET / HTTP/1.1 \r\nHost: x\r\n", 400},
      {"GET /\r\nHost: x\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: x\r\n", 505},
      {"GET / ICY/1.1\r\nHost: x\r\n", 400},
      {"G(T / HTTP/1.1\r\nHost: x\r\n", 400},
      {"GET * HTTP/1.1\r\nHost: x\r\n", 400},
      {"GET a HTTP/1.1\r\nHost: x\r\n", 400},
      {"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n", 400},
      {"GET /\x80 HTTP/1.1\r\nHost: x\r\n", 400},
      {"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n", 400},
      {get + "X : y\r\n", 400},
      {get + " folded\r\n", 400},
      {get + "nonsense\r\n", 400},
      {get + ": y\r\n", 400},
      {get + "X: a\nY: b\r\n", 400},
      {get + "X: a\rb\r\n", 400},
      {get + std::string("X: a\0b\r\n", 8), 400},
      {get + "Content-Length: -5\r\n", 400},
      {get + "Content-Length: +5\r\n", 400},
      {get + "Content-Length: 5, 5\r\n", 400},
      {get + "Content-Length: 0x5\r\n", 400},
      {get + "Content-Length:\r\n", 400},
      {get + "Content-Length: 99999999999999999999\r\n", 400},
      {get + "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
      {get + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
      {get + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400},
      {get + "Transfer-Encoding: gzip, chunked\r\n", 501},
      {get + "Transfer-Encoding: xchunked\r\n", 501},
      {many, 431},
  }));
  INFO(row.text);
  RequestHead head;
  const auto bad = parse_head(row.text + "\r\n", head);
  CHECK((bad ? bad->status : 0) == row.status);
}

TEST_CASE("request head: its end is found wherever the pieces are cut") {
  const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET";
  const std::size_t end = text.size() - 3;
  std::size_t from = 0;
  for (std::size_t have = 0; have < end; ++have) {
    CHECK(head_size(std::string_view(text).substr(0, have), from) == 0);
    from = have;
  }
  CHECK(head_size(text, from) == end);
}

TEST_CASE("chunked body: whole, in pieces of every size, and broken") {
  const std::string text = "5;name=\"v\"\r\nhello\r\n00A\r\n, chunked!\r\n0\r\nTrailer: x\r\n\r\nnext";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    ChunkedBody body;
    std::string out;
    std::size_t at = 0;
    auto state = ChunkedBody::State::more;
    while (state == ChunkedBody::State::more && at < text.size()) {
      std::size_t used = 0;
      state = body.feed(std::string_view(text).substr(at, step), 15, out, used);
      at += used;
    }
    CHECK(state == ChunkedBody::State::done);
    CHECK(out == "hello, chunked!");
    CHECK(text.substr(at) == "next");
  }
  struct Row {
    std::string text;
    ChunkedBody::State state;
  };
  using enum ChunkedBody::State;
  const auto row = GENERATE(values<Row>({
      {"5\r\nhello\r\n", more},
      {"0\r\n\r\n", done},
      {"\r\n", broken},
      {"g\r\n", broken},
      {"5\nhello", broken},
      {" 5\r\n", broken},
      {"5 \r\n", broken},
      {"-5\r\n", broken},
      {"5\r\nhelloX", broken},
      {"5\r\nhello\rX", broken},
      {"0\r\n\rX", broken},
      {"0\r\nA: b\n", broken},
      {"fffffffff\r\n", too_large},
      {"11\r\n" + std::string(17, 'x'), too_large},
      {"1;" + std::string(9000, 'x'), broken},
      {"0\r\n" + std::string(9000, 'x'), broken},
  }));
  INFO(row.text.substr(0, 40));
  ChunkedBody body;
  std::string out;
  std::size_t used = 0;
  CHECK(body.feed(row.text, 16, out, used) == row.state);
}
