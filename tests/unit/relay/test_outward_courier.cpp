#include <cstdlib>
#include <future>
#include <map>

#include "base/guarded.hpp"
#include "base/metrics.hpp"
#include "relay/outward/courier.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/http_fixture.hpp"

using namespace tongke;
using namespace tongke::relay::outward;
using namespace tongke::test;
using namespace std::chrono_literals;

namespace {

struct Got {
  std::string delivery;
  std::string event;
  std::string signature;
  std::string body;
};

/// Somebody's program that receives: keeps what came, and answers as it is told to.
class Outside {
 public:
  explicit Outside(relay::http::ServerSettings settings = {}) : http_(std::move(settings)) {
    http_.server().route(
        "POST", "/{at}", Where::worker, [this](const RequestPtr& request, Responder responder) {
          const auto header = [&](std::string_view name) {
            return std::string(request->header(name).value_or(""));
          };
          got_.with([&](auto& got) {
            got.push_back({header("Tongke-Delivery"), header("Tongke-Event"), header("Tongke-Signature"),
                           std::string(base::as_text(request->body()))});
          });
          responder.send(answers_.with([&](auto& answers) {
            const auto next = answers.find(std::string(request->param("at")));
            if (next == answers.end() || next->second.empty()) return plain("ok");
            Response answer = next->second.front();
            next->second.erase(next->second.begin());
            return answer;
          }));
        });
    http_.server().start();
  }
  /// What the next requests to `/at` are answered; after them, 200.
  void answer(const std::string& at, std::vector<Response> with) {
    answers_.with([&](auto& answers) { answers[at] = std::move(with); });
  }
  [[nodiscard]] std::vector<Got> got() const {
    return got_.with([](const auto& got) { return got; });
  }
  [[nodiscard]] std::string url(const std::string& at) const { return http_.url("/" + at); }

 private:
  base::Guarded<std::vector<Got>> got_;
  base::Guarded<std::map<std::string, std::vector<Response>>> answers_;
  HttpFixture http_;  // last: its threads use the others
};

Response status(int code) {
  Response response = plain("no");
  response.status = code;
  return response;
}
Receiver hook(const std::string& name, const std::string& url) {
  return {.name = name, .kind = Kind::webhook, .url = url, .secret = "0123456789abcdef"};
}
Notice notice(Event event = Event::live) {
  return make_notice(event, {.id = "l1", .title = "数学", .state = State::live}, base::wall_now());
}
std::unique_ptr<Courier> courier(std::vector<Receiver> receivers, Journal* journal = nullptr,
                                 Journal::Kept kept = {}) {
  auto made = Courier::create(
      {.receivers = std::move(receivers), .letterhead = {}, .journal = journal, .kept = std::move(kept)});
  REQUIRE(made);
  return std::move(*made);
}
Reply trial(Courier& courier, const std::string& receiver) {
  std::promise<Reply> reply;
  REQUIRE(courier.try_out(receiver,
                          [&](const std::vector<Trial>& trials) { reply.set_value(trials.at(0).reply); }));
  return reply.get_future().get();
}

}  // namespace

TEST_CASE("outward courier: what fails goes again with the same id, and nothing overtakes it") {
  Outside outside;
  outside.answer("a", {status(500), status(503)});
  const auto sender = courier({hook("again", outside.url("a"))});
  const Notice first = notice();
  const Notice second = notice(Event::ended);
  sender->send(first);
  sender->send(second);
  REQUIRE(eventually([&] { return outside.got().size() == 4; }, 30s));
  const auto got = outside.got();
  CHECK((got[0].delivery == first.id && got[1].delivery == first.id && got[2].delivery == first.id));
  CHECK(got[3].delivery == second.id);
  CHECK(got[0].body == got[2].body);
  CHECK((got[0].event == "lesson.live" && got[3].event == "lesson.ended"));
  CHECK(eventually([] {
    const std::string all = base::metrics::exposition();
    return has(all, "tongke_outward_delivered_total{receiver=\"again\"} 2") &&
           has(all, "tongke_outward_retried_total{receiver=\"again\"} 2") &&
           has(all, "tongke_outward_waiting{receiver=\"again\"} 0");
  }));
}

TEST_CASE("outward courier: what is refused is given up at once, and a dead receiver holds nobody up") {
  Outside outside;
  outside.answer("a", {status(404)});
  Response moved = status(302);
  moved.headers.emplace_back("Location", outside.url("elsewhere"));
  outside.answer("b", {moved});
  // Nobody listens on port 1.
  const auto sender = courier(
      {hook("dead", "http://127.0.0.1:1/"), hook("gone", outside.url("a")), hook("moved", outside.url("b"))});
  sender->send(notice());
  CHECK(eventually([] {
    const std::string all = base::metrics::exposition();
    return has(all, "tongke_outward_given_up_total{receiver=\"gone\"} 1") &&
           has(all, "tongke_outward_given_up_total{receiver=\"moved\"} 1") &&
           has(all, "tongke_outward_retried_total{receiver=\"dead\"}");
  }));
  CHECK(outside.got().size() == 2);  // the redirect was not followed
}

TEST_CASE("outward courier: what is undelivered at the end is delivered by the next one") {
  const TempDir folder;
  Outside outside;
  const Notice one = notice();
  {
    Journal journal(folder.path());
    REQUIRE(journal.open(base::wall_now()));
    const auto sender = courier({hook("a", "http://127.0.0.1:1/"), hook("b", outside.url("b"))}, &journal);
    sender->send(one);
    REQUIRE(eventually([&] { return outside.got().size() == 1; }));
    CHECK(eventually(
        [] { return has(base::metrics::exposition(), "tongke_outward_delivered_total{receiver=\"b\"} 1"); }));
  }
  Journal journal(folder.path());
  auto kept = journal.open(base::wall_now());
  REQUIRE(kept);
  CHECK(kept->told == std::vector{one});
  const auto sender =
      courier({hook("a", outside.url("a")), hook("b", outside.url("b"))}, &journal, std::move(*kept));
  REQUIRE(eventually([&] { return outside.got().size() == 2; }));
  CHECK(outside.got()[1].delivery == one.id);
}

TEST_CASE("outward courier: a trial says what came of it") {
  Outside outside;
  outside.answer("refuses", {status(403)});
  outside.answer("busy", {status(500)});
  outside.answer("moved", {status(301)});
  outside.answer("robot", {plain(R"({"errcode":310000,"errmsg":"sign not match"})")});
  Response slow = status(429);
  slow.headers.emplace_back("Retry-After", "17");
  outside.answer("fast", {slow});
  outside.answer("long", {plain(std::string(200'000, 'x'))});
  // A certificate that nobody vouches for.
  const TempDir folder;
  const std::string certificate = (folder.path() / "cert.pem").string();
  const std::string key = (folder.path() / "key.pem").string();
  const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -out " +
                           certificate + " -keyout " + key + " 2>/dev/null";
  REQUIRE(std::system(make.c_str()) == 0);
  const Outside untrusted({.tls_certificate = certificate, .tls_key = key});
  Receiver robot{.name = "robot", .kind = Kind::dingtalk, .url = outside.url("robot?access_token=t")};
  const auto sender =
      courier({hook("fine", outside.url("fine")), hook("refuses", outside.url("refuses")),
               hook("busy", outside.url("busy")), hook("moved", outside.url("moved")), robot,
               hook("fast", outside.url("fast")), hook("long", outside.url("long")),
               hook("dead", "http://127.0.0.1:1/"), hook("barred", "http://169.254.169.254/latest"),
               hook("clear", "http://192.0.2.1/"), hook("tls", "https" + untrusted.url("tls").substr(4)),
               hook("nowhere", "http://nowhere.invalid/")});
  const std::map<std::string, std::string> hints = {
      {"fine", "delivered"},      {"refuses", "refused"}, {"busy", "busy"},      {"moved", "moved"},
      {"robot", "robot_refused"}, {"fast", "too_fast"},   {"long", "delivered"}, {"dead", "connect"},
      {"barred", "barred"},       {"clear", "barred"},    {"tls", "tls"},        {"nowhere", "resolve"}};
  for (const auto& [name, hint] : hints) {
    // Sanitized, reading the system's authorities alone takes longer than the receiver has.
    if (name == "tls" && kSlower > 1) continue;
    INFO(name);
    const Reply reply = trial(*sender, name);
    CHECK(reply.hint == hint);
    CHECK_FALSE(reply.said.empty());
    if (name == "fast") CHECK(reply.wait == 17s);
    if (name == "robot") CHECK(reply.said == "errcode 310000: sign not match");
  }
  const auto unknown = sender->try_out("nobody", [](const auto&) {});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().kind == base::Errc::not_found);
  std::promise<std::size_t> all;
  REQUIRE(sender->try_out("", [&](const std::vector<Trial>& trials) { all.set_value(trials.size()); }));
  CHECK(all.get_future().get() == hints.size());
}
