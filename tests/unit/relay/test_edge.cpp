#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/metrics.hpp"
#include "relay/edge/log_line.hpp"
#include "relay/edge/log_receiver.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;
using edge::LogLine;
using Kind = edge::LogLine::Kind;

namespace {

const std::string kHeader = "<190>Nov 26 10:45:45 tongke: ";
const std::string kToken = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCU";

std::string line(const std::string& uri, const std::string& words = "200 GET 5120 12000") {
  return kHeader + "tongke1 1764153945.123 " + words + ' ' + uri;
}
std::string media(const std::string& file) { return line("/hls/" + kToken + "/kalm-2/" + file); }

double counted(const char* outcome) {
  return base::metrics::counter("tongke_edge_lines_total", "", {{"outcome", outcome}}).Value();
}

}  // namespace

TEST_CASE("a line of an edge's log says who got which media when") {
  const std::string text = media("src/12.0.m4s");
  const LogLine read = edge::parse_log_line(text);
  REQUIRE(read.kind == Kind::media);
  CHECK(read.fetch.at == base::WallTime(1764153945123ms));
  CHECK(read.fetch.token == kToken);
  CHECK(read.fetch.lesson == "kalm-2");
  CHECK(read.fetch.rendition == "src");
  CHECK(read.fetch.start == 12s);
}

TEST_CASE("what an edge's log says is media, something else, or no line of it") {
  struct Row {
    std::string text;
    Kind kind;
  };
  const std::string path = "/hls/" + kToken + "/kalm-2/";
  const std::string body = line(path + "src/12.m4s").substr(kHeader.size());
  const std::vector<Row> rows = {
      {media("audio/0.m4s"), Kind::media},
      {media("compat/3.ts"), Kind::media},
      {media("src/12.m4s?x=1"), Kind::media},
      {line(path + "src/12.m4s", "206 GET 1 0"), Kind::media},
      {media("src/12.m4s") + "\n", Kind::media},
      {"<14>Jan  1 00:00:00 edge-1.example nginx: " + body, Kind::media},
      {"<0>Nov 26 10:45:45 fe80::1 tongke: " + body, Kind::media},
      // about something else
      {media("master.m3u8"), Kind::other},
      {media("src/media.m3u8"), Kind::other},
      {media("src/init-0.mp4"), Kind::other},
      {media("stills/3.webp"), Kind::other},
      {media("src/012.m4s"), Kind::other},
      {media("compat/3.m4s"), Kind::other},
      {media("src/12.m4s/more"), Kind::other},
      {line(path + "src/12.m4s", "200 HEAD 5120 12000"), Kind::other},
      {line(path + "src/12.m4s", "304 GET 0 -"), Kind::other},
      {line(path + "src/12.m4s", "200 GET 0 12000"), Kind::other},
      {line(path + "src/12.m4s", "404 GET 90 -"), Kind::other},
      {line("/office", "200 GET 90 -"), Kind::other},
      {line("/hls//kalm-2/src/12.m4s"), Kind::other},
      {line("/hls/%41/kalm-2/src/12.m4s"), Kind::other},
      {line("/hls/" + std::string(129, 'a') + "/kalm-2/src/12.m4s"), Kind::other},
      {line("/hls/a/" + std::string(33, 'b') + "/src/12.m4s"), Kind::other},
      // no line of it
      {"", Kind::malformed},
      {kHeader, Kind::malformed},
      {body, Kind::malformed},
      {"<192>Nov 26 10:45:45 tongke: " + body, Kind::malformed},
      {"<1900>Nov 26 10:45:45 tongke: " + body, Kind::malformed},
      {"<>Nov 26 10:45:45 tongke: " + body, Kind::malformed},
      {"<190>2026-11-26T10:45:45 tongke: " + body, Kind::malformed},
      {"<190>Nov 26 10:45:45 " + body, Kind::malformed},
      {kHeader + "tongke2" + body.substr(7), Kind::malformed},
      {kHeader + "10.0.0.7 - - [26/Nov/2026:10:45:45 +0800] \"GET /hls/x\" 200 12", Kind::malformed},
      {kHeader + "tongke1 1764153945 200 GET 5120 12000 " + path + "src/12.m4s", Kind::malformed},
      {kHeader + "tongke1 1764153945.12 200 GET 5120 12000 " + path + "src/12.m4s", Kind::malformed},
      {kHeader + "tongke1 -1764153945.123 200 GET 5120 12000 " + path + "src/12.m4s", Kind::malformed},
      {kHeader + "tongke1 99999999999999999999.123 200 GET 5 0 " + path + "src/12.m4s", Kind::malformed},
      {line(path + "src/12.m4s", "2000 GET 5120 12000"), Kind::malformed},
      {line(path + "src/12.m4s", "200 GET -1 12000"), Kind::malformed},
      {line(path + "src/12.m4s", "200 GET 5120 12.5"), Kind::malformed},
      {line(path + "src/12.m4s", "200 GET 5120 -"), Kind::malformed},
      {line(path + "src/12.m4s", "200 GET 5120"), Kind::malformed},
      {line(path + "src/12.m4s", "200  5120 12000"), Kind::malformed},
      {media("src/12.m4s") + " more", Kind::malformed},
      {media("src/12.m4s") + "\n\n", Kind::malformed},
      {media("src/\x01.m4s"), Kind::malformed},
      {line(""), Kind::malformed},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(static_cast<int>(edge::parse_log_line(row.text).kind) == static_cast<int>(row.kind));
  }
}

TEST_CASE("a line is of now, or its edge's clock is wrong, or somebody kept it") {
  const base::WallTime now(1764153945123ms);
  const auto age = [&](std::chrono::milliseconds off) { return edge::age_of(now + off, now); };
  CHECK(age(0ms) == edge::Age::present);
  CHECK(age(-60s) == edge::Age::present);
  CHECK(age(-60s - 1ms) == edge::Age::past);
  CHECK(age(30s) == edge::Age::present);
  CHECK(age(30s + 1ms) == edge::Age::future);
  CHECK(edge::age_of(base::WallTime(), now) == edge::Age::past);
}

namespace {

/// A receiver, what it was told, and an edge beside it.
struct Ear {
  explicit Ear(edge::LogReceiver::Options options = {}) {
    auto made = edge::LogReceiver::create(options, [this](const edge::Fetch& fetch) {
      const std::scoped_lock lock(mutex);
      heard.emplace_back(fetch.token);
      latest = std::max(latest, fetch.at);
      return fetch.lesson == "known";
    });
    REQUIRE(made);
    receiver = std::move(*made);
    receiver->start();
  }
  void send(const std::string& text, const std::string& from = "127.0.0.1") const {
    const auto sender = ingest::bind_udp(from, 0);
    REQUIRE(sender);
    const auto to = ingest::parse_address(from, receiver->port());
    REQUIRE(::sendto(sender->fd.get(), text.data(), text.size(), 0, to->get(), to->size) >= 0);
  }
  void send_fetch(const std::string& token, const std::string& lesson,
                  std::chrono::milliseconds off = 0ms) const {
    const auto at = (base::wall_now() + off).time_since_epoch().count();
    std::string thousandths = std::to_string(1000 + at % 1000);
    send(kHeader + "tongke1 " + std::to_string(at / 1000) + '.' + thousandths.substr(1) +
         " 200 GET 10 0 /hls/" + token + '/' + lesson + "/src/1.m4s");
  }
  std::mutex mutex;
  std::vector<std::string> heard;
  base::WallTime latest{};
  std::unique_ptr<edge::LogReceiver> receiver;
};

/// An IPv4 address of this machine that is not its loopback.
std::optional<std::string> address_of_a_network() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return std::nullopt;
  std::optional<std::string> found;
  for (const ifaddrs* at = all; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET || (at->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    ingest::SocketAddress address{.size = sizeof(sockaddr_in)};
    std::memcpy(&address.storage, at->ifa_addr, sizeof(sockaddr_in));
    found = ingest::to_string(address);
  }
  ::freeifaddrs(all);
  return found;
}

/// Waits for counters that another thread moves.
template <class Reached>
bool comes(const Reached& reached) {
  for (const auto end = base::Steady::now() + 10s; base::Steady::now() < end; std::this_thread::yield())
    if (reached()) return true;
  return false;
}

}  // namespace

TEST_CASE("a receiver hears edges, tells of what counts and counts all the rest") {
  Ear ear;
  const double good = counted("counted");
  const double refused = counted("refused");
  const double past = counted("past");
  const double future = counted("future");
  const double malformed = counted("malformed");
  const double other = counted("other");
  ear.send_fetch("one", "known");
  ear.send_fetch("two", "elsewhere");
  ear.send_fetch("old", "known", -2min);
  ear.send_fetch("early", "known", 5min);
  ear.send_fetch("ahead", "known", 20s);
  ear.send("<190>nonsense");
  ear.send(kHeader + std::string(3000, 'x'));  // cut off
  ear.send(line("/office"));
  CHECK(comes([&] { return counted("other") == other + 1; }));
  CHECK(counted("counted") == good + 2);
  CHECK(counted("refused") == refused + 1);
  CHECK(counted("past") == past + 1);
  CHECK(counted("future") == future + 1);
  CHECK(counted("malformed") == malformed + 2);
  const std::scoped_lock lock(ear.mutex);
  CHECK(ear.heard == std::vector<std::string>{"one", "two", "ahead"});
  CHECK(ear.latest <= base::wall_now());  // a clock that is ahead makes no later minute
}

TEST_CASE("a receiver listens to this machine and to those it is told of") {
  CHECK_FALSE(edge::LogReceiver::create({.sources = {"edge.example"}}, nullptr));
  CHECK_FALSE(edge::LogReceiver::create({.address = "nowhere"}, nullptr));
  const auto outside = address_of_a_network();
  if (!outside) {
    WARN("no network here: strangers are not tried");
    return;
  }
  const Ear deaf({.address = "::", .sources = {"192.0.2.7", "2001:db8::7"}});
  const double strangers = counted("stranger");
  const double others = counted("other");
  deaf.send(line("/office"), *outside);
  CHECK(comes([&] { return counted("stranger") == strangers + 1; }));
  deaf.send(line("/office"), "127.0.0.9");
  CHECK(comes([&] { return counted("other") == others + 1; }));
  const Ear friendly({.address = "::", .sources = {*outside}});
  friendly.send(line("/office"), *outside);
  CHECK(comes([&] { return counted("other") == others + 2; }));
  CHECK(counted("stranger") == strangers + 1);
}
