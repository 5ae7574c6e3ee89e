#include <openssl/hmac.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "relay/ingest/rtmp/chunk_reader.hpp"
#include "relay/ingest/rtmp/flv.hpp"
#include "relay/ingest/rtmp/publish_name.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/rtmp_client.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;
using namespace tongke::relay::ingest::rtmp;
using tests::Bytes;
using tests::operator+;

namespace {

constexpr std::size_t kPacket = Handshake::kPacketSize;

// What a signing client does with its C1; `where` is 8 (digest first) or 772 (key first).
Bytes signed_c1(std::size_t where) {
  Bytes c1(kPacket);
  for (std::size_t i = 0; i < c1.size(); ++i) c1[i] = static_cast<std::uint8_t>(i * 7);
  const std::size_t at = where + 4 + (c1[where] + c1[where + 1] + c1[where + 2] + c1[where + 3]) % 728U;
  Bytes rest(c1.begin(), c1.begin() + static_cast<std::ptrdiff_t>(at));
  rest.insert(rest.end(), c1.begin() + static_cast<std::ptrdiff_t>(at + 32), c1.end());
  const std::string key = "Genuine Adobe Flash Player 001";
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), rest.data(), rest.size(), c1.data() + at,
       nullptr);
  return c1;
}

// Whether S1 is signed by the server's key, as such a client checks.
bool server_signed(base::ByteView s1, std::size_t where) {
  const std::size_t at = where + 4 + (s1[where] + s1[where + 1] + s1[where + 2] + s1[where + 3]) % 728U;
  Bytes rest(s1.begin(), s1.begin() + static_cast<std::ptrdiff_t>(at));
  append(rest, s1.subspan(at + 32));
  const std::string key = "Genuine Adobe Flash Media Server 001";
  Bytes expected(32);
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), rest.data(), rest.size(), expected.data(),
       nullptr);
  return std::ranges::equal(s1.subspan(at, 32), expected);
}

std::vector<Message> read_all(ChunkReader& reader, const Bytes& bytes, std::size_t step) {
  std::vector<Message> messages;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    auto piece = base::ByteView(bytes).subspan(at, std::min(step, bytes.size() - at));
    while (!piece.empty()) {
      auto message = reader.next(piece);
      REQUIRE(message);
      if (*message) messages.push_back(std::move(**message));
    }
  }
  return messages;
}

bool breaks(const Bytes& bytes, const ChunkLimits& limits = {}) {
  ChunkReader reader(limits);
  base::ByteView rest(bytes);
  while (!rest.empty()) {
    if (!reader.next(rest)) return true;
  }
  return false;
}

Bytes filled(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

}  // namespace

TEST_CASE("rtmp handshake: plain and both signed forms, in pieces of any size") {
  struct Case {
    const char* name;
    Bytes c1;
    std::size_t scheme;  // 0: plain
  };
  for (const auto& c : {Case{"plain", filled(kPacket), 0}, Case{"digest first", signed_c1(8), 8},
                        Case{"key first", signed_c1(772), 772}}) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, std::size_t{100000}}) {
      INFO(c.name << ", step " << step);
      const Bytes all = Bytes{3} + c.c1 + Bytes(kPacket) + Bytes{42};
      Handshake handshake;
      Bytes answer;
      base::ByteView left;
      for (std::size_t at = 0; at < all.size(); at += step) {
        left = base::ByteView(all).subspan(at, std::min(step, all.size() - at));
        REQUIRE(handshake.receive(left, answer));
      }
      CHECK(handshake.done());
      REQUIRE((left.size() == 1 && left[0] == 42));  // what follows is not the handshake's
      REQUIRE(answer.size() == 1 + 2 * kPacket);
      CHECK(answer[0] == 3);
      const base::ByteView s1 = base::ByteView(answer).subspan(1, kPacket);
      if (c.scheme == 0) {
        CHECK(std::ranges::equal(base::ByteView(answer).subspan(1 + kPacket), c.c1));
      } else {
        CHECK(server_signed(s1, c.scheme));
      }
    }
  }
}

TEST_CASE("rtmp handshake: other protocols are turned away at their first byte") {
  for (const std::string first : {"GET / HTTP/1.1", "\x06", "\x16\x03\x01", "DESCRIBE"}) {
    Handshake handshake;
    Bytes answer;
    auto input = base::as_bytes(first);
    CHECK_FALSE(handshake.receive(input, answer));
    CHECK(answer.empty());
  }
}

TEST_CASE("rtmp chunks: messages come whole, however chunked, interleaved and cut") {
  // Two messages of 200 bytes on chunk streams 4 and 6, in chunks of 128, interleaved; then
  // type 1, 2 and 3 headers, and a chunk stream id of each length.
  const Bytes body = filled(200);
  const Bytes a(body.begin(), body.begin() + 128);
  const Bytes b(body.begin() + 128, body.end());
  const Bytes stream =
      Bytes{0x04, 0, 0, 10, 0, 0, 200, 9, 1, 0, 0, 0} + a +    // type 0, t=10
      Bytes{0x06, 0, 0, 20, 0, 0, 200, 8, 1, 0, 0, 0} + a +    // another between
      Bytes{0xC4} + b + Bytes{0xC6} + b +                      //
      Bytes{0x44, 0, 0, 5, 0, 0, 2, 9, 1, 2} +                 // type 1, +5 ms
      Bytes{0x84, 0, 0, 7, 3, 4} +                             // type 2, +7 ms
      Bytes{0xC4, 5, 6} +                                      // type 3, +7 ms again
      Bytes{0x00, 36, 0, 0, 1, 0, 0, 1, 18, 2, 0, 0, 0, 77} +  // id 100 in two bytes
      Bytes{0x01, 0xE8, 3, 0, 0, 2, 0, 0, 0, 18, 0, 0, 0, 1};  // id 1064 in three, empty message
  struct Want {
    unsigned type;
    std::uint32_t time;
    std::uint32_t stream;
    Bytes payload;
  };
  const std::vector<Want> wanted = {{9, 10, 1, body},       {8, 20, 1, body},   {9, 15, 1, {1, 2}},
                                    {9, 22, 1, {3, 4}},     {9, 29, 1, {5, 6}}, {18, 1, 2, {77}},
                                    {18, 2, 0x01000000, {}}};
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{64}, stream.size()}) {
    INFO("step " << step);
    ChunkReader reader({});
    const auto got = read_all(reader, stream, step);
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      INFO("message " << i);
      CHECK(static_cast<unsigned>(got[i].type) == wanted[i].type);
      CHECK(got[i].timestamp == wanted[i].time);
      CHECK(got[i].stream == wanted[i].stream);
      CHECK(got[i].payload == wanted[i].payload);
    }
  }
}

TEST_CASE("rtmp chunks: extended timestamps, also repeated by type 3 and as deltas, and wrapping") {
  const Bytes body = filled(130);
  const Bytes a(body.begin(), body.begin() + 128);
  const Bytes stream = Bytes{0x04, 255, 255, 255, 0, 0, 130, 9, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xF0} + a +
                       Bytes{0xC4, 0xFF, 0xFF, 0xFF, 0xF0, 128, 129} +
                       Bytes{0x44, 0, 0, 32, 0, 0, 1, 9, 7} +         // +32: wraps to 16
                       Bytes{0x84, 255, 255, 255, 0x01, 0, 0, 0, 8};  // a long pause
  ChunkReader reader({});
  const auto got = read_all(reader, stream, 5);
  REQUIRE(got.size() == 3);
  CHECK(got[0].timestamp == 0xFFFFFFF0U);
  CHECK(got[0].payload == body);
  CHECK(got[1].timestamp == 16);
  CHECK(got[2].timestamp == 0x01000010U);
}

TEST_CASE("rtmp chunks: chunk size and abort are obeyed at once") {
  const Bytes stream = Bytes{0x04, 0, 0, 0, 0, 0, 200, 9, 1, 0, 0, 0} + filled(128) +  // begun
                       Bytes{0x02, 0, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 4} +      // aborted
                       Bytes{0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 1, 0} +      // 256 from here on
                       Bytes{0x04, 0, 0, 3, 0, 0, 200, 9, 1, 0, 0, 0} + filled(200);
  ChunkReader reader({});
  const auto got = read_all(reader, stream, 7);
  REQUIRE(got.size() == 1);
  CHECK(got[0].timestamp == 3);
  CHECK(got[0].payload == filled(200));
}

TEST_CASE("rtmp chunks: whatever breaks the rules or a bound is an error") {
  CHECK(breaks({0x84, 0, 0, 1}));                                // type 2 out of nothing
  CHECK(breaks({0xC4, 1}));                                      // type 3 out of nothing
  CHECK(breaks({0x04, 0, 0, 0, 255, 255, 255, 9, 1, 0, 0, 0}));  // 16 MB message
  CHECK(breaks(Bytes{0x04, 0, 0, 0, 0, 0, 200, 9, 1, 0, 0, 0} + filled(128) +
               Bytes{0x04, 0, 0, 0, 0, 0, 200, 9, 1, 0, 0, 0}));          // message in message
  CHECK(breaks({0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0}));     // chunk size 0
  CHECK(breaks({0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0x80, 0, 0, 0}));  // chunk size "negative"
  CHECK(breaks({0x02, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 9}));              // cut Set Chunk Size
  CHECK(breaks({0x02, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9}));              // cut Abort
  Bytes many;
  for (std::uint8_t id = 3; id < 36; ++id) many = many + Bytes{id, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0};
  CHECK(breaks(many));
  Bytes hoard = {0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 4, 0};  // chunks of 1 kB
  for (std::uint8_t id = 3; id < 6; ++id)
    hoard = hoard + Bytes{id, 0, 0, 0, 0, 16, 0, 8, 0, 0, 0, 0} + filled(1024);
  CHECK(breaks(hoard, {.max_partial_bytes = 2048}));
  CHECK_FALSE(breaks(hoard, {.max_partial_bytes = 4096}));
}

TEST_CASE("amf0: values survive a round trip; every type encoders send is read") {
  const amf0::Value all{amf0::Object{{
      {"number", amf0::Value{-1.5}},
      {"huge", amf0::Value{std::numeric_limits<double>::infinity()}},
      {"yes", amf0::Value{true}},
      {"text", amf0::Value{std::string("课")}},
      {"long", amf0::Value{std::string(70000, 'x')}},
      {"null", amf0::Value{amf0::Null{}}},
      {"undefined", amf0::Value{}},
      {"array", amf0::Value{amf0::Array{{amf0::Value{1.0}, amf0::Value{std::string()}}}}},
      {"nested", amf0::Value{amf0::Object{{{"a", amf0::Value{2.0}}}}}},
  }}};
  Bytes bytes;
  amf0::encode(bytes, all);
  base::ByteView view(bytes);
  const auto again = amf0::decode(view);
  REQUIRE(again);
  CHECK(view.empty());
  CHECK(*again == all);

  struct Case {
    const char* name;
    Bytes bytes;
    amf0::Value want;
  };
  const amf0::Value object{amf0::Object{{{"a", amf0::Value{true}}}}};
  const std::vector<Case> cases = {
      {"ECMA array with a wrong count", {8, 0, 0, 0, 99, 0, 1, 'a', 1, 1, 0, 0, 9}, object},
      {"typed object", {16, 0, 1, 'T', 0, 1, 'a', 1, 1, 0, 0, 9}, object},
      {"date", {11, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0, 0}, amf0::Value{1.0}},
      {"XML", {15, 0, 0, 0, 1, 'x'}, amf0::Value{std::string("x")}},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    base::ByteView input(c.bytes);
    const auto value = amf0::decode(input);
    REQUIRE(value);
    CHECK(*value == c.want);
    CHECK(input.empty());
    for (std::size_t size = 0; size < c.bytes.size(); ++size) {
      base::ByteView cut = base::ByteView(c.bytes).first(size);
      CHECK_FALSE(amf0::decode(cut));
    }
  }
}

TEST_CASE("amf0: depth, count and type are bounded") {
  Bytes deep;
  for (int i = 0; i < 10; ++i) deep = deep + Bytes{10, 0, 0, 0, 1};
  Bytes wide = {10, 0xFF, 0xFF, 0xFF, 0xFF};
  for (int i = 0; i < 2000; ++i) wide.push_back(5);
  for (const auto& bytes : {deep, wide, Bytes{7, 0, 1}, Bytes{17}, Bytes{9}, Bytes{2, 0, 9, 'x'},
                            Bytes{12, 255, 255, 255, 255}}) {
    CHECK_FALSE(amf0::decode_all(bytes));
  }
  CHECK_FALSE(amf0::decode_all(Bytes(1025, 5)));  // the bound holds for a whole command
  CHECK(amf0::decode_all(Bytes(1000, 5)));
}

TEST_CASE("rtmp: lesson and key are found where encoders put them") {
  struct Case {
    const char* name;
    const char* app;
    const char* tc_url;
    const char* lesson;
    const char* key;
  };
  for (const auto& c : std::vector<Case>{
           {"m1?key=k", "live", "rtmp://h/live", "m1", "k"},
           {"m1?a=b&key=k&c=d", "live", "", "m1", "k"},
           {"/m1/?key=k", "live/", "", "m1", "k"},
           {"flv:m1?key=k", "live", "", "m1", "k"},
           {"m1", "live?key=k", "", "m1", "k"},
           {"m1", "live", "rtmp://h/live?key=k", "m1", "k"},
           {"m1?key=own", "live?key=app", "rtmp://h/live?key=tc", "m1", "own"},
           {"m%201?key=%6b%2", "live", "", "m 1", "k%2"},
           {"m1", "live", "rtmp://h/live", "m1", ""},
           {"m1?monkey=k&keys=k", "live", "", "m1", ""},
           {"", "", "", "", ""},
       }) {
    INFO(c.name << " " << c.app << " " << c.tc_url);
    const auto got = parse_publish_name(c.name, c.app, c.tc_url);
    CHECK(got.lesson == c.lesson);
    CHECK(got.key == c.key);
  }
  CHECK(app_name("/live/?key=k") == "live");
}

TEST_CASE("flv: what a late joiner needs is told from the rest") {
  struct Case {
    const char* name;
    MessageType type;
    Bytes payload;
    ChunkKind kind;
    unsigned slot;
  };
  using enum MessageType;
  for (const auto& c : std::vector<Case>{
           {"AVC configuration", video, {0x17, 0, 0, 0, 0}, ChunkKind::header, 2},
           {"AVC keyframe", video, {0x17, 1, 0, 0, 0}, ChunkKind::keyframe, 0},
           {"AVC inter frame", video, {0x27, 1, 0, 0, 0}, ChunkKind::media, 0},
           {"AVC end of sequence", video, {0x17, 2, 0, 0, 0}, ChunkKind::media, 0},
           {"HEVC as codec 12", video, {0x1C, 0}, ChunkKind::header, 2},
           {"H.263 keyframe", video, {0x12, 0}, ChunkKind::keyframe, 0},
           {"enhanced hvc1 configuration", video, {0x90, 'h', 'v', 'c', '1'}, ChunkKind::header, 2},
           {"enhanced hvc1 keyframe", video, {0x91, 'h', 'v', 'c', '1'}, ChunkKind::keyframe, 0},
           {"enhanced av01 keyframe, no composition time",
            video,
            {0x93, 'a', 'v', '0', '1'},
            ChunkKind::keyframe,
            0},
           {"enhanced inter frame", video, {0xA1, 'h', 'v', 'c', '1'}, ChunkKind::media, 0},
           {"enhanced metadata", video, {0x94, 'h', 'v', 'c', '1'}, ChunkKind::media, 0},
           {"AAC configuration", audio, {0xAF, 0, 0x12, 0x10}, ChunkKind::header, 3},
           {"AAC frame", audio, {0xAF, 1}, ChunkKind::media, 0},
           {"enhanced audio configuration", audio, {0x90, 'O', 'p', 'u', 's'}, ChunkKind::header, 3},
           {"MP3", audio, {0x2F, 0}, ChunkKind::media, 0},
           {"metadata",
            data_amf0,
            {2, 0, 10, 'o', 'n', 'M', 'e', 't', 'a', 'D', 'a', 't', 'a', 5},
            ChunkKind::header,
            1},
           {"other data", data_amf0, {2, 0, 6, 'o', 'n', 'T', 'e', 'x', 't'}, ChunkKind::media, 0},
           {"cut video", video, {0x17}, ChunkKind::keyframe, 0},
           {"nothing", video, {}, ChunkKind::media, 0},
       }) {
    INFO(c.name);
    const auto got = flv::classify(c.type, c.payload);
    CHECK(got.kind == c.kind);
    CHECK(unsigned{got.slot} == c.slot);
  }
  CHECK(flv::tag(video, 0x12345678, Bytes{1, 2}) ==
        Bytes{9, 0, 0, 2, 0x34, 0x56, 0x78, 0x12, 0, 0, 0, 1, 2, 0, 0, 0, 13});
}
