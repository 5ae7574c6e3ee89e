#include <set>

#include "school/televisions.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;

namespace {

using Now = Televisions::Now;
const Now kStart{1000h};
constexpr auto kAsks = 3s;

/// The television asks as it does, from `from` until `to`.
void stays_on(Televisions& all, const std::string& key, Now from, Now to) {
  for (Now at = from; at < to; at += kAsks) REQUIRE(all.link_of(key, at));
}

}  // namespace

TEST_CASE("televisions: the digits on the screen put the phone's lesson there, once") {
  Televisions all;
  const auto shown = all.show(kStart);
  REQUIRE(shown);
  CHECK(shown->code.size() == 6);
  CHECK(shown->code.find_first_not_of("0123456789") == std::string::npos);
  CHECK(all.link_of(shown->key, kStart).value().empty());
  REQUIRE(all.pair("LINK", "LINK", shown->code, kStart + 5s));
  CHECK(all.link_of(shown->key, kStart + 6s).value() == "LINK");
  CHECK(all.is_paired("LINK", kStart + 6s));
  CHECK(all.pair("OTHER", "OTHER", shown->code, kStart + 7s).error().kind == base::Errc::not_found);
}

TEST_CASE("televisions: one that is let go stops when it asks next, and its digits are gone") {
  Televisions all;
  const auto shown = all.show(kStart);
  REQUIRE(all.pair("LINK", "LINK", shown->code, kStart));
  all.unpair("LINK");
  CHECK_FALSE(all.is_paired("LINK", kStart));
  CHECK(all.link_of(shown->key, kStart + 1s).error().kind == base::Errc::not_found);
  CHECK_FALSE(all.pair("LINK", "LINK", shown->code, kStart + 1s));
  all.unpair("LINK");
}

TEST_CASE("televisions: a link is on one screen; the newer takes over") {
  Televisions all;
  const auto first = all.show(kStart);
  const auto second = all.show(kStart);
  REQUIRE(all.pair("LINK", "LINK", first->code, kStart));
  REQUIRE(all.pair("LINK", "LINK", second->code, kStart));
  CHECK_FALSE(all.link_of(first->key, kStart + 1s));
  CHECK(all.link_of(second->key, kStart + 1s).value() == "LINK");
}

TEST_CASE("televisions: a pupil's next lesson is the same holder's") {
  Televisions all;
  const auto first = all.show(kStart);
  REQUIRE(all.pair("pupil 7", "MATHS", first->code, kStart));
  CHECK(all.link_of(first->key, kStart + 1s).value() == "MATHS");
  const auto second = all.show(kStart + 1s);
  REQUIRE(all.pair("pupil 7", "CHINESE", second->code, kStart + 1s));
  CHECK_FALSE(all.link_of(first->key, kStart + 2s));
  CHECK(all.link_of(second->key, kStart + 2s).value() == "CHINESE");
  all.unpair("pupil 7");
  CHECK_FALSE(all.link_of(second->key, kStart + 3s));
}

TEST_CASE("televisions: digits grow old, a paired screen does not") {
  Televisions all;
  const auto waits = all.show(kStart);
  const auto plays = all.show(kStart);
  REQUIRE(all.pair("LINK", "LINK", plays->code, kStart));
  const Now late = kStart + Televisions::kCodeLasts;
  stays_on(all, waits->key, kStart, late);
  stays_on(all, plays->key, kStart, late + 1h);
  CHECK_FALSE(all.pair("OTHER", "OTHER", waits->code, late));
  CHECK_FALSE(all.link_of(waits->key, late));
  CHECK(all.is_paired("LINK", late + 1h));
}

TEST_CASE("televisions: one that was switched off is forgotten") {
  Televisions all;
  const auto shown = all.show(kStart);
  REQUIRE(all.pair("LINK", "LINK", shown->code, kStart));
  CHECK(all.is_paired("LINK", kStart + Televisions::kSilent - 1s));
  CHECK_FALSE(all.is_paired("LINK", kStart + Televisions::kSilent));
  CHECK_FALSE(all.link_of(shown->key, kStart + Televisions::kSilent));
}

TEST_CASE("televisions: nobody tries all the digits") {
  Televisions all;
  const auto shown = all.show(kStart);
  const std::string wrong = shown->code == "000000" ? "000001" : "000000";
  for (unsigned i = 0; i < Televisions::kTries; ++i) {
    CHECK(all.pair("LINK", "LINK", wrong, kStart).error().kind == base::Errc::not_found);
  }
  CHECK(all.pair("LINK", "LINK", shown->code, kStart).error().kind == base::Errc::overload);
  CHECK(all.pair("OTHER", "OTHER", shown->code, kStart));
  const auto later = all.show(kStart + Televisions::kCodeLasts);
  CHECK(all.pair("LINK", "LINK", later->code, kStart + Televisions::kCodeLasts));
}

TEST_CASE("televisions: there is an end to them, and those switched off make room") {
  Televisions all;
  std::set<std::string> codes;
  for (std::size_t i = 0; i < Televisions::kMost; ++i) codes.insert(all.show(kStart)->code);
  CHECK(codes.size() == Televisions::kMost);
  CHECK(all.show(kStart).error().kind == base::Errc::overload);
  CHECK(all.show(kStart + Televisions::kSilent));
}
