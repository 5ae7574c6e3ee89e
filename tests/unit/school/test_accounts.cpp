#include <atomic>
#include <future>

#include "school/accounts/accounts.hpp"
#include "school/accounts/hasher.hpp"
#include "school/accounts/password.hpp"
#include "school/accounts/sessions.hpp"
#include "school/accounts/throttle.hpp"
#include "school/people/registry.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::accounts;
using namespace std::chrono_literals;
using base::Errc;

namespace {

const base::Steady::time_point kNow = base::Steady::time_point(1000h);

/// Runs tasks on the thread that posts them.
struct AtOnce final : base::Executor {
  void post(Task task) override { task(); }
  void post_after(std::chrono::milliseconds /*delay*/, Task task) override { task(); }
};

}  // namespace

TEST_CASE("passwords: argon2id, salted; nobody's password takes as long and never fits") {
  const std::string encoded = hash_password("correct horse");
  CHECK(encoded.starts_with("$argon2id$v=19$m=32768,t=3,p=1$"));
  CHECK(hash_password("correct horse") != encoded);
  CHECK(verify_password(encoded, "correct horse"));
  CHECK_FALSE(verify_password(encoded, "correct horses"));
  CHECK_FALSE(verify_password("", "correct horse"));
  CHECK_FALSE(verify_password("$argon2id$nonsense", "correct horse"));
}

TEST_CASE("passwords: first ones are long and different, short ones and the login are refused") {
  const std::string made = make_password();
  CHECK(made.size() == 19);
  CHECK(made != make_password());
  CHECK(check_password("wang", made));
  for (const char* bad : {"", "123456789", "principal-wang"}) {
    const auto refused = check_password("principal-wang", bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().field == "password");
  }
  CHECK_FALSE(check_password("wang", std::string(129, 'x')));
}

TEST_CASE("hasher: answers on the reply's thread, refuses more than it can keep waiting") {
  AtOnce reply;
  std::atomic<std::size_t> answered{0};
  Hasher hasher;
  std::promise<bool> right;
  REQUIRE(
      hasher.verify(hash_password("a password"), "a password", reply, [&](bool is) { right.set_value(is); }));
  CHECK(right.get_future().get());
  std::promise<std::string> encoded;
  REQUIRE(hasher.hash("another one", reply, [&](const std::string& text) { encoded.set_value(text); }));
  CHECK(verify_password(encoded.get_future().get(), "another one"));
  std::size_t taken = 0;
  while (hasher.verify("", "x", reply, [&](bool) { ++answered; })) REQUIRE(++taken < 1000);
  CHECK(taken >= Hasher::kMostWaiting);
}

TEST_CASE("throttle: so many attempts a key, back one by one, given back when right") {
  Throttle throttle({.attempts = 3, .each = 60s});
  for (int i = 0; i < 3; ++i) CHECK_FALSE(throttle.take("wang", kNow));
  CHECK(throttle.take("wang", kNow) == 60s);
  CHECK(throttle.take("wang", kNow + 20s) == 40s);
  CHECK_FALSE(throttle.take("li", kNow));
  CHECK_FALSE(throttle.take("wang", kNow + 60s));
  CHECK(throttle.take("wang", kNow + 60s));
  throttle.give_back("wang");
  CHECK_FALSE(throttle.take("wang", kNow + 60s));
  throttle.give_back("nobody");
}

TEST_CASE("throttle: keys without number share what is left") {
  Throttle throttle({.attempts = 1, .each = 60s, .keys = 3});
  for (const char* key : {"a", "b", "c"}) CHECK_FALSE(throttle.take(key, kNow));
  CHECK_FALSE(throttle.take("d", kNow));
  CHECK(throttle.take("e", kNow));
  // The old ones are forgotten once they have all their attempts back.
  CHECK_FALSE(throttle.take("e", kNow + 61s));
  CHECK_FALSE(throttle.take("f", kNow + 61s));
}

TEST_CASE("sessions: known by their token until they idle, are too old, end, or their account does") {
  Sessions sessions;
  const std::string token = sessions.begin("wang", {1}, kNow);
  CHECK(token.size() == 43);
  const auto session = sessions.find(token, kNow + 1h);
  REQUIRE(session);
  CHECK(session->login == "wang");
  CHECK(session->staff == people::StaffId{1});
  CHECK_FALSE(sessions.find("no such token", kNow));
  CHECK_FALSE(sessions.find(std::string(10'000, 'x'), kNow));
  CHECK(sessions.find(token, kNow + 3h));  // seen at 1 h
  CHECK_FALSE(sessions.find(token, kNow + 5h + 1s));

  const std::string steady = sessions.begin("wang", {1}, kNow);
  for (auto at = kNow; at <= kNow + 12h; at += 1h) CHECK(sessions.find(steady, at));
  CHECK_FALSE(sessions.find(steady, kNow + 12h + 1s));

  const std::string one = sessions.begin("wang", {1}, kNow);
  const std::string other = sessions.begin("li", {2}, kNow);
  sessions.end(one);
  CHECK_FALSE(sessions.find(one, kNow));
  sessions.end_all("li");
  CHECK_FALSE(sessions.find(other, kNow));
  CHECK(sessions.csrf(one) == sessions.csrf(one));
  CHECK(sessions.csrf(one) != sessions.csrf(other));
  CHECK(sessions.csrf(one) != one);
}

TEST_CASE("sessions: an account has eight, the oldest gives way") {
  Sessions sessions;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i <= Sessions::kMostOfOne; ++i)
    tokens.push_back(sessions.begin("wang", {1}, kNow + std::chrono::seconds(i)));
  CHECK_FALSE(sessions.find(tokens.front(), kNow + 1min));
  for (std::size_t i = 1; i < tokens.size(); ++i) CHECK(sessions.find(tokens[i], kNow + 1min));
}

TEST_CASE("accounts: made, changed and read back") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto registry = people::Registry::open(store);
  REQUIRE(registry->commit(store, test::small_district()));
  Accounts accounts;
  REQUIRE(accounts.load(store));
  REQUIRE(accounts.create(store, "wang", {1}, "$one"));
  CHECK(accounts.create(store, "wang", {2}, "$two").error().kind == Errc::conflict);
  for (const char* bad : {"", "w", "Wang", "wang li", "王老师"}) {
    CHECK(accounts.create(store, bad, {2}, "$two").error().field == "login");
  }
  REQUIRE(accounts.create(store, "li.2", {2}, "$two"));
  CHECK(accounts.set_password(store, "wang", "$three")->password == "$three");
  CHECK(accounts.set_disabled(store, "li.2", true)->disabled);
  CHECK(accounts.set_password(store, "nobody", "$").error().kind == Errc::not_found);
  Accounts again;
  REQUIRE(again.load(store));
  CHECK(again.list() == accounts.list());
  CHECK(again.find("li.2")->disabled);
  CHECK_FALSE(again.find("nobody"));
}
