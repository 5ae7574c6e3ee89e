#include "relay/http/api/office_cookie.hpp"
#include "relay/http/api/own_lessons.hpp"
#include "relay/http/api/repeats.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::http;
using namespace tongke::relay::http::api;
using namespace std::chrono_literals;

TEST_CASE("session cookie: only for this site, never for scripts, over TLS only where there is TLS") {
  CHECK(set_session_cookie("abc", false) == "tongke-session=abc; Path=/; HttpOnly; SameSite=Strict");
  CHECK(set_session_cookie("abc", true) == "tongke-session=abc; Path=/; HttpOnly; SameSite=Strict; Secure");
  CHECK(clear_session_cookie(true).ends_with("; Max-Age=0"));
  struct Case {
    std::string_view header;
    std::optional<std::string_view> value;
  };
  for (const auto& [header, value] :
       {Case{"tongke-session=abc", "abc"}, Case{"a=b; tongke-session=abc; c=d", "abc"},
        Case{"a=b;tongke-session=abc", "abc"}, Case{"tongke-session=", ""}, Case{"", std::nullopt},
        Case{";;", std::nullopt}, Case{"tongke-session", std::nullopt},
        Case{"xtongke-session=abc; tongke-sessions=abc", std::nullopt},
        Case{"tongke-session=abc; tongke-session=def", std::nullopt}}) {
    INFO(header);
    CHECK(cookie_value(header, "tongke-session") == value);
  }
}

TEST_CASE("repeated requests: the first one's answer, unless it failed") {
  Repeats repeats;
  const auto now = base::Steady::now();
  CHECK(repeats.claim("a", now).state == Repeats::State::first);
  CHECK(repeats.claim("a", now).state == Repeats::State::running);
  Response made;
  made.status = 201;
  repeats.answered("a", made);
  const auto again = repeats.claim("a", now);
  CHECK(again.state == Repeats::State::answered);
  CHECK(again.answer.status == 201);
  CHECK(repeats.claim("b", now).state == Repeats::State::first);
  repeats.answered("b", problem(503, "overload", "later"));
  CHECK(repeats.claim("b", now).state == Repeats::State::first);
  CHECK(repeats.claim("a", now + Repeats::kKept + 1s).state == Repeats::State::first);
  for (std::size_t i = 0; i < Repeats::kMost; ++i) (void)repeats.claim("n" + std::to_string(i), now + 25h);
  CHECK(repeats.claim("a", now + 25h).state == Repeats::State::first);
}

TEST_CASE("one's own link leads to what is on air, then to what waits, then to the newest replay") {
  const auto lesson = [](const char* state, const char* page) {
    return nlohmann::json{{"state", state}, {"page", page}};
  };
  const auto home = [](const nlohmann::json& first, const nlohmann::json& second) {
    auto people = nlohmann::json::array();
    for (const auto& lessons : {first, second}) people.push_back({{"lessons", lessons}});
    return nlohmann::json{{"people", people}};
  };
  using nlohmann::json;
  constexpr base::WallTime kNoon{12h};
  CHECK(best_page(home(json::array(), json::array()), kNoon) == "/");
  CHECK(best_page(home(json::array({lesson("ended", "/w/new"), lesson("ended", "/w/old")}), json::array()),
                  kNoon) == "/w/new");
  CHECK(best_page(home(json::array({lesson("ended", "/w/1"), lesson("waiting", "/w/2")}),
                       json::array({lesson("live", "/w/3")})),
                  kNoon) == "/w/3");
  CHECK(
      best_page(home(json::array({lesson("waiting", "/w/1")}), json::array({lesson("interrupted", "/w/2")})),
                kNoon) == "/w/2");

  // A day's lessons are all made at once: the next one comes first, not the one made last.
  const auto planned = [](const char* state, std::chrono::hours from, const char* page) {
    return json{{"state", state},
                {"planned_start", std::chrono::milliseconds(from).count()},
                {"planned_end", std::chrono::milliseconds(from + 1h).count()},
                {"page", page}};
  };
  CHECK(best_page(home(json::array({planned("waiting", 15h, "/w/15"), planned("waiting", 13h, "/w/13"),
                                    planned("waiting", 8h, "/w/8"), planned("ended", 9h, "/w/9")}),
                       json::array()),
                  kNoon) == "/w/13");
  CHECK(best_page(home(json::array({planned("interrupted", 8h, "/w/8"), planned("waiting", 13h, "/w/13")}),
                       json::array()),
                  kNoon) == "/w/13");
  CHECK(best_page(
            home(json::array({planned("waiting", 8h, "/w/8"), planned("ended", 9h, "/w/9")}), json::array()),
            kNoon) == "/w/9");
  CHECK(best_page(home(json::array({lesson("waiting", "/w/by-hand"), planned("waiting", 13h, "/w/13")}),
                       json::array()),
                  kNoon) == "/w/13");

  // A family's own page is worth as much as a replay, which it leads to.
  const auto ended =
      home(json::array({lesson("ended", "/w/1"), planned("waiting", 8h, "/w/8")}), json::array());
  CHECK(best_page(ended, kNoon, "/family/x") == "/family/x");
  CHECK(best_page(home(json::array(), json::array()), kNoon, "/family/x") == "/family/x");
  CHECK(best_page(home(json::array({lesson("live", "/w/3")}), json::array()), kNoon, "/family/x") == "/w/3");
}
