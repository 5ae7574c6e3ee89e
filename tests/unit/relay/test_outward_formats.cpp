#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "relay/outward/address.hpp"
#include "relay/outward/formats.hpp"
#include "relay/outward/text.hpp"
#include "school/clean_text.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::outward;
using namespace std::chrono_literals;
using base::WallTime;
using nlohmann::json;
using school::Language;

namespace {

// 2026-11-26, 10:30 in Beijing.
constexpr WallTime kNow{1'795'660'200'000ms};
constexpr const char* kSecret = "0123456789abcdef";

LessonInfo maths() {
  return {.id = "l1",
          .title = "一小 二年级1班 数学",
          .state = State::live,
          .drill = false,
          .planned_start = kNow + 10min,
          .planned_end = kNow + 30min,
          .started = {},
          .ended = {},
          .rooms = {{.school = "一小", .label = "二年级1班"}}};
}
Notice notice(Event event = Event::live, LessonInfo lesson = maths()) {
  return {.id = "n1", .event = event, .at = kNow, .lesson = std::move(lesson), .trouble = {}};
}
Letterhead letterhead() { return {.zone = {}, .page = "https://live.example.cn/"}; }
std::string said(const std::vector<Notice>& notices, std::size_t limit = kWecomBytes,
                 Language language = Language::zh) {
  return wording(notices, letterhead(), language, limit);
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("outward: a notice has no place for a person") {
  // Whoever adds a field has to come here: these are all there are, and none of them is a person.
  const auto& [id, event, at, lesson, trouble] = notice();
  const auto& [lesson_id, title, state, drill, start, end, started, ended, rooms] = lesson;
  const auto& [school, label] = rooms.front();
  static_assert(std::is_same_v<decltype(event), const Event> && std::is_same_v<decltype(at), const WallTime>);
  static_assert(std::is_same_v<decltype(rooms), const std::vector<RoomLabel>>);
  CHECK(std::vector<std::string>{id, trouble, lesson_id, title, school, label} ==
        std::vector<std::string>{"n1", "", "l1", "一小 二年级1班 数学", "一小", "二年级1班"});
  CHECK((state == State::live && !drill && start && end && !started && !ended));

  std::vector<std::string> keys;
  const auto walk = [&](const json& value, const auto& again) -> void {
    if (!value.is_structured()) return;
    for (const auto& [key, inner] : value.items()) {
      if (value.is_object()) keys.push_back(key);
      again(inner, again);
    }
  };
  walk(to_json(notice()), walk);
  CHECK(keys == std::vector<std::string>{"at", "event", "id", "lesson", "drill", "ended", "id", "planned_end",
                                         "planned_start", "rooms", "label", "school", "started", "state",
                                         "title", "trouble"});
}

TEST_CASE("outward: a notice is read back as it was written, and nothing else is one") {
  Notice one = notice(Event::trouble);
  one.trouble = "disk_full";
  one.lesson.started = kNow;
  CHECK(notice_from(to_json(one)) == one);
  const Notice trial{.id = "t", .event = Event::trial, .at = kNow, .lesson = {}, .trouble = {}};
  CHECK(notice_from(to_json(trial)) == trial);
  CHECK(to_json(trial).at("lesson").is_null());
  for (const char* field : {"id", "event", "at", "lesson"}) {
    json less = to_json(one);
    less.erase(field);
    CHECK_FALSE(notice_from(less));
  }
  for (const char* field : {"id", "title", "state", "drill", "rooms"}) {
    json less = to_json(one);
    less["lesson"].erase(field);
    CHECK_FALSE(notice_from(less));
  }
  json other = to_json(one);
  other["event"] = "lesson.eaten";
  CHECK_FALSE(notice_from(other));
  CHECK_FALSE(notice_from(json::array()));
}

TEST_CASE("outward: every event has words in both languages") {
  for (std::size_t i = 0; i < kEventCount; ++i) {
    const std::string name(to_string(static_cast<Event>(i)));
    CHECK(event_from(name) == static_cast<Event>(i));
    for (const Language language : {Language::zh, Language::en}) CHECK(phrase(name, language) != name);
  }
}

TEST_CASE("outward: a webhook's signature is what openssl makes of the same") {
  // printf '%s' "1795660200.$BODY" | openssl dgst -sha256 -hmac 0123456789abcdef
  const Receiver receiver{
      .name = "a", .kind = Kind::webhook, .url = "https://x.example/h", .secret = kSecret};
  const Notice trial{.id = "t1", .event = Event::trial, .at = kNow, .lesson = {}, .trouble = {}};
  const Post post = write(receiver, {}, {&trial, 1}, kNow);
  CHECK(post.url == receiver.url);
  CHECK(post.body ==
        R"({"at":1795660200000,"event":"trial","id":"t1","lesson":null,"page":null,"trouble":null})");
  CHECK(post.headers ==
        std::vector<std::string>{
            "Content-Type: application/json; charset=utf-8", "Tongke-Event: trial", "Tongke-Delivery: t1",
            "Tongke-Timestamp: 1795660200",
            "Tongke-Signature: v1=4a9caf171c2a9d31c81876f49fe64288c7c05b3f718f79ef858840f213cff6c5"});
  // Another time, another signature.
  CHECK(write(receiver, {}, {&trial, 1}, kNow + 1s).headers.back() != post.headers.back());
}

TEST_CASE("outward: a DingTalk robot's signature is what its documentation asks for") {
  // printf '1795660200000\nSEC0123456789abcdef' | openssl dgst -sha256 -hmac SEC0123456789abcdef -binary |
  // base64
  Receiver robot{.name = "d", .kind = Kind::dingtalk, .url = "https://x.example/robot/send?access_token=t"};
  const std::vector<Notice> one{notice()};
  CHECK(write(robot, letterhead(), one, kNow).url == robot.url);
  robot.secret = "SEC0123456789abcdef";
  const Post post = write(robot, letterhead(), one, kNow);
  CHECK(post.url ==
        robot.url + "&timestamp=1795660200000&sign=2D4dbQDL4nl8UMdwgaoWibDiaZfs1ToE00nphKXipn0%3D");
  const json body = json::parse(post.body);
  CHECK(body.at("msgtype") == "text");
  CHECK(body.at("text").at("content") == said(one));
}

TEST_CASE("outward: a message says what, when, who and where, in either language") {
  CHECK(said({notice(Event::soon)}) ==
        "【同课】即将上课：一小 二年级1班 数学\n时间：10:40-11:00\n首页：https://live.example.cn/ "
        "（上课请打开自己的链接）");
  LessonInfo joint = maths();
  joint.title = "认识负数";
  joint.drill = true;
  joint.planned_start = kNow + 24h;
  joint.rooms.push_back({.school = "一小", .label = "二年级2班"});
  joint.rooms.push_back({.school = "二小", .label = "二年级1班"});
  CHECK(said({notice(Event::changed, joint)}) ==
        "【同课】【演练】课程有变动：认识负数\n时间：2026-11-27 10:30-11:00\n班级：一小 "
        "二年级1班、二年级2班、二小 "
        "二年级1班\n首页：https://live.example.cn/ （上课请打开自己的链接）");
  Notice trouble = notice(Event::trouble);
  trouble.trouble = "disk_full";
  CHECK(has(said({trouble}, kWecomBytes, Language::en), "Reason: the disk is full"));
  CHECK(wording(std::vector{notice(Event::trial)}, {}, Language::zh, 100).starts_with("【同课】试发消息"));
}

TEST_CASE("outward: many notices are one digest by event, and what does not fit is counted") {
  std::vector<Notice> notices;
  for (int i = 0; i < 30; ++i) {
    LessonInfo lesson = maths();
    lesson.title = "一小 " + std::to_string(i) + "班 数学";
    notices.push_back(notice(i % 3 == 0 ? Event::ended : Event::live, lesson));
  }
  const std::string all = said(notices);
  CHECK(all.size() <= kWecomBytes);
  CHECK(has(all, "合并通知 30 条"));
  CHECK(has(all, "已下课（10）：一小 0班 数学；一小 3班 数学"));
  CHECK(has(all, "正在直播（20）：一小 1班 数学；"));
  for (const auto& one : notices) CHECK(has(all, one.lesson.title));

  for (const std::size_t limit : {10U, 100U, 300U, 500U, 700U}) {
    const std::string some = said(notices, limit);
    CHECK(some.size() <= limit);
    CHECK(school::utf8_prefix(some) == some.size());
    if (limit >= 500) CHECK((has(some, "（10）") && has(some, "（20）") && has(some, "等，另有")));
  }
}

TEST_CASE("outward: text is cut at a character, never within one") {
  LessonInfo lesson = maths();
  lesson.title = std::string(3000, 'x');
  for (std::size_t i = 0; i < 66; ++i) lesson.title += "课";
  for (std::size_t limit = kWecomBytes - 4; limit <= kWecomBytes; ++limit) {
    const std::string text = said({notice(Event::live, lesson)}, limit);
    CHECK(text.size() <= limit);
    CHECK(school::utf8_prefix(text) == text.size());
  }
}

TEST_CASE("outward: what an answer means") {
  struct Row {
    Kind kind;
    long status;
    const char* body;
    Outcome outcome;
  };
  for (const Row& row : std::vector<Row>{
           {Kind::webhook, 200, "", Outcome::delivered},
           {Kind::webhook, 204, "", Outcome::delivered},
           {Kind::webhook, 301, "", Outcome::refused},
           {Kind::webhook, 404, "", Outcome::refused},
           {Kind::webhook, 408, "", Outcome::again},
           {Kind::webhook, 429, "", Outcome::again},
           {Kind::webhook, 500, "", Outcome::again},
           {Kind::webhook, 0, "", Outcome::refused},
           {Kind::dingtalk, 200, R"({"errcode":0,"errmsg":"ok"})", Outcome::delivered},
           {Kind::dingtalk, 200, R"({"errcode":130101,"errmsg":"send too fast"})", Outcome::too_fast},
           {Kind::dingtalk, 200, R"({"errcode":410100})", Outcome::too_fast},
           {Kind::dingtalk, 200, R"({"errcode":310000,"errmsg":"sign not match"})", Outcome::refused},
           {Kind::dingtalk, 200, R"({"errcode":-1})", Outcome::again},
           {Kind::dingtalk, 200, "<html>log in to the school's network</html>", Outcome::again},
           {Kind::dingtalk, 200, R"(["errcode"])", Outcome::again},
           {Kind::dingtalk, 200, R"({"errcode":"0"})", Outcome::again},
           {Kind::dingtalk, 502, "", Outcome::again},
           {Kind::wecom, 200, R"({"errcode":45009})", Outcome::too_fast},
           {Kind::wecom, 200, R"({"errcode":130101})", Outcome::refused},
           {Kind::wecom, 200, R"({"errcode":93000,"errmsg":"invalid webhook url"})", Outcome::refused}}) {
    INFO(row.status << " " << row.body);
    CHECK(judge(row.kind, row.status, row.body).outcome == row.outcome);
  }
  CHECK(judge(Kind::dingtalk, 200, R"({"errcode":310000,"errmsg":"sign not match"})").said ==
        "errcode 310000: sign not match");
  CHECK(judge(Kind::dingtalk, 200, R"({"errcode":1,"errmsg":"a\nforged line"})").said == "errcode 1");
}

TEST_CASE("outward: which addresses may be connected to") {
  struct Row {
    const char* address;
    bool clear;
    bool tls;
  };
  for (const Row& row : std::vector<Row>{{"127.0.0.1", true, true},
                                         {"10.1.2.3", true, true},
                                         {"172.16.0.1", true, true},
                                         {"172.32.0.1", false, true},
                                         {"192.168.255.255", true, true},
                                         {"192.169.0.1", false, true},
                                         {"8.8.8.8", false, true},
                                         {"169.254.169.254", false, false},
                                         {"0.0.0.0", false, false},
                                         {"224.0.0.1", false, false},
                                         {"255.255.255.255", false, false},
                                         {"::1", true, true},
                                         {"::", false, false},
                                         {"fd12::1", true, true},
                                         {"fe80::1", false, false},
                                         {"ff02::1", false, false},
                                         {"2001:db8::1", false, true},
                                         {"::ffff:127.0.0.1", true, true},
                                         {"::ffff:169.254.169.254", false, false},
                                         {"::ffff:8.8.8.8", false, true}}) {
    INFO(row.address);
    sockaddr_storage storage{};
    auto& four = reinterpret_cast<sockaddr_in&>(storage);
    auto& six = reinterpret_cast<sockaddr_in6&>(storage);
    if (std::strchr(row.address, ':')) {
      six.sin6_family = AF_INET6;
      REQUIRE(inet_pton(AF_INET6, row.address, &six.sin6_addr) == 1);
    } else {
      four.sin_family = AF_INET;
      REQUIRE(inet_pton(AF_INET, row.address, &four.sin_addr) == 1);
    }
    const auto& address = reinterpret_cast<const sockaddr&>(storage);
    CHECK(may_connect(address, false) == row.clear);
    CHECK(may_connect(address, true) == row.tls);
  }
  sockaddr local{};
  local.sa_family = AF_UNIX;
  CHECK_FALSE(may_connect(local, true));
}

TEST_CASE("outward: receivers are read from the configuration, and mistakes name no secret") {
  const auto full = receiver_from(
      "yixiao | dingtalk | https://oapi.dingtalk.com/robot/send?access_token=KEY | en | recordings | "
      "school=第一小学 | class=2(1)");
  REQUIRE(full);
  CHECK(*full == Receiver{.name = "yixiao",
                          .kind = Kind::dingtalk,
                          .url = "https://oapi.dingtalk.com/robot/send?access_token=KEY",
                          .secret = {},
                          .language = Language::en,
                          .recordings = true,
                          .school = "第一小学",
                          .original_class = "二年级1班"});
  CHECK(receiver_from("a|webhook|http://10.0.0.1:8080/x"));
  for (const std::string line :
       {"", "a", "a | webhook", "a b | webhook | https://x/KEY", " | webhook | https://x/KEY",
        "a | email | https://x/KEY", "a | webhook | ftp://x/KEY", "a | webhook | https:///KEY",
        "a | webhook | https://u:KEY@x/", "a | webhook | https://x/#KEY", "a | webhook | https://x/ KEY",
        "a | dingtalk | https://x/KEY", "a | wecom | https://x/KEY", "a | webhook | https://x/KEY | fr",
        "a | webhook | https://x/KEY | class=2(1)",
        "a | webhook | https://x/KEY | school=", "a | webhook | https://x/KEY | school=x | class=none"}) {
    INFO(line);
    const auto read = receiver_from(line);
    REQUIRE_FALSE(read);
    CHECK_FALSE(has(read.error().message, "KEY"));
  }
  for (const std::string line :
       {"", "a", "=0123456789abcdef", "a=short-SECRET", "a b=0123456789abcdefSECRET"}) {
    INFO(line);
    const auto read = secret_from(line);
    REQUIRE_FALSE(read);
    CHECK_FALSE(has(read.error().message, "SECRET"));
  }
  using Lines = std::vector<std::string>;
  const std::string hook = "a | webhook | https://x/";
  CHECK(receivers_from({hook}, {"a=0123456789abcdef"}).value().front().secret == kSecret);
  CHECK(receivers_from({}, {}).value().empty());
  for (const auto& [receivers, secrets] :
       std::vector<std::pair<Lines, Lines>>{{{hook}, {}},
                                            {{hook, hook}, {"a=0123456789abcdef"}},
                                            {{hook}, {"a=0123456789abcdef", "a=0123456789abcdef"}},
                                            {{hook}, {"a=0123456789abcdef", "b=0123456789abcdef"}},
                                            {{"w | wecom | https://x/?key=1"}, {"w=0123456789abcdef"}}}) {
    const auto read = receivers_from(receivers, secrets);
    REQUIRE_FALSE(read);
    CHECK_FALSE(has(read.error().message, kSecret));
  }
}

TEST_CASE("outward: a receiver hears of its own school, its own class, and of recordings if it wants") {
  Receiver receiver;
  const Notice live = notice();
  Notice open = notice();
  open.lesson.rooms.clear();
  CHECK(receiver.wants(live));
  CHECK(receiver.wants(open));
  CHECK_FALSE(receiver.wants(notice(Event::trouble)));
  CHECK_FALSE(receiver.wants(notice(Event::whole)));
  receiver.recordings = true;
  CHECK(receiver.wants(notice(Event::trouble)));
  receiver.school = "一小";
  CHECK(receiver.wants(live));
  CHECK_FALSE(receiver.wants(open));
  receiver.original_class = "二年级2班";
  CHECK_FALSE(receiver.wants(live));
  receiver.original_class = "二年级1班";
  CHECK(receiver.wants(live));
  receiver.school = "二小";
  CHECK_FALSE(receiver.wants(live));
}
