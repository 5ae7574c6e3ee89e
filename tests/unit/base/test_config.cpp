#include "base/config.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::base;
using namespace std::chrono_literals;

namespace {

struct Sample {
  bool flag = false;
  std::int64_t port = 8080;
  std::string level = "info";
  std::chrono::milliseconds part = 200ms;
  ByteCount limit{1 << 30};
  ConfigSchema::Strings pull;
  ConfigSchema schema;

  Sample() {
    schema.add({.section = "http",
                .name = "port",
                .target = &port,
                .doc = "TCP port; 0 picks one.",
                .range = {0, 65535}});
    schema.add({.section = "http", .name = "tls", .target = &flag, .doc = "Serve TLS."});
    schema.add({.section = "log",
                .name = "level",
                .target = &level,
                .doc = "Least level.",
                .choices = {"info", "warn"}});
    schema.add(
        {.section = "hls", .name = "part", .target = &part, .doc = "Part length.", .range = {100, 1000}});
    schema.add({.section = "record", .name = "limit", .target = &limit, .doc = "Disk limit."});
    schema.add({.section = "rtsp", .name = "pull", .target = &pull, .doc = "Cameras."});
  }
};

}  // namespace

TEST_CASE("config: values, environment and sample") {
  Sample s;
  REQUIRE(s.schema.load(
      "[http]\nport = 9000\ntls = true\n[hls]\npart = \"333ms\"\n[rtsp]\npull = [\"a=b\", \"c=d\"]\n",
      "t.toml", {{"TONGKE_HTTP_PORT", "18080"}, {"TONGKE_RECORD_LIMIT", "2GB"}}));
  CHECK(s.port == 18080);
  CHECK(s.flag);
  CHECK(s.part == 333ms);
  CHECK(s.limit == ByteCount{2'000'000'000});
  CHECK(s.pull == ConfigSchema::Strings{"a=b", "c=d"});

  Sample again;
  REQUIRE(again.schema.load(s.schema.sample(), "sample.toml", {}));
  CHECK(again.schema.sample() == s.schema.sample());
}

TEST_CASE("config: every mistake names file, line and key") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[http]\n\nprot = 1\n", "t.toml:3: http.prot: unknown key"},
      {"[htp]\nport = 1\n", "t.toml:1: htp: unknown section"},
      {"port = 1\n", "t.toml:1: port: keys live in a [section]"},
      {"[http]\nport = \"80\"\n", "t.toml:2: http.port: must not be quoted"},
      {"[http]\nport = 70000\n", "t.toml:2: http.port: must be between 0 and 65535"},
      {"[http]\nport = 1.5\n", "t.toml:2: http.port: must be a whole number"},
      {"[http]\ntls = 1\n", "t.toml:2: http.tls: must be true or false"},
      {"[log]\nlevel = \"loud\"\n", "t.toml:2: log.level: must be one of info, warn"},
      {"[log]\nlevel = 3\n", "t.toml:2: log.level: must be a quoted string"},
      {"[hls]\npart = \"2 s\"\n", "t.toml:2: hls.part: unknown unit \" s\"; use one of ms, s, m, h, d"},
      {"[hls]\npart = \"5s\"\n", "t.toml:2: hls.part: must be between 100 and 1000"},
      {"[rtsp]\npull = \"x\"\n", "t.toml:2: rtsp.pull: must be an array of strings"},
      {"[http]\nport = \n", "t.toml:2: "},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    Sample s;
    const auto result = s.schema.load(text, "t.toml", {});
    REQUIRE_FALSE(result);
    CHECK(result.error().message.substr(0, expected.size()) == expected);
  }
  Sample s;
  const auto result = s.schema.load("", "t.toml", {{"TONGKE_HTTP_PROT", "1"}});
  REQUIRE_FALSE(result);
  CHECK(result.error().message == "environment: TONGKE_HTTP_PROT: unknown setting");
}

TEST_CASE("config: a key's own check is asked for each string, wherever it comes from") {
  std::string name = "old";
  ConfigSchema::Strings list = {"old"};
  const auto check = [](const std::string& text) {
    return text.starts_with("ok") ? Result<void>() : Result<void>(Error{Errc::invalid, "must begin with ok"});
  };
  ConfigSchema schema;
  schema.add({"a", "name", &name, "A name.", {}, {}, check});
  schema.add({"a", "list", &list, "Names.", {}, {}, check});
  const auto complaint = [&](const std::string& text, const ConfigSchema::Environment& environment) {
    const auto loaded = schema.load(text, "t.toml", environment);
    return loaded ? std::string() : loaded.error().message;
  };
  CHECK(complaint("[a]\nname = \"bad\"\n", {}) == "t.toml:2: a.name: must begin with ok");
  CHECK(complaint("[a]\n\nlist = [\"ok\", \"bad\"]\n", {}) == "t.toml:3: a.list: must begin with ok");
  CHECK(complaint("", {{"TONGKE_A_NAME", "bad"}}) == "environment: TONGKE_A_NAME: must begin with ok");
  CHECK(complaint("", {{"TONGKE_A_LIST", "ok,bad"}}) == "environment: TONGKE_A_LIST: must begin with ok");
  CHECK((name == "old" && list == ConfigSchema::Strings{"old"}));
  CHECK(complaint("[a]\nname = \"ok 1\"\nlist = [\"ok 1\"]\n", {{"TONGKE_A_LIST", "ok 2,ok 3"}}).empty());
  CHECK((name == "ok 1" && list == ConfigSchema::Strings{"ok 2", "ok 3"}));
}

TEST_CASE("config: durations and byte counts") {
  CHECK(parse_duration("1d").value() == 24h);
  CHECK(parse_duration("90s").value() == 90s);
  CHECK_FALSE(parse_duration("90"));
  CHECK_FALSE(parse_duration("-1s"));
  CHECK_FALSE(parse_duration("99999999999999999999s"));
  CHECK_FALSE(parse_duration("9999999999999999d"));
  CHECK(parse_byte_count("4GiB").value().value == 4ULL << 30);
  CHECK(parse_byte_count("7").value().value == 7);
  CHECK_FALSE(parse_byte_count("7 MB"));
}
