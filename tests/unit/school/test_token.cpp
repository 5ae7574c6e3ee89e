#include "school/crypto.hpp"
#include "school/token.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;

namespace {

const base::WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
const Token kToken{.role = Role::lead, .lesson = "k7m2x9q4zz", .seat = 17, .expires = kNow + 24h};

}  // namespace

TEST_CASE("token: says what was signed, until it expires") {
  const TokenSigner signer(crypto::random_bytes(32));
  const std::string text = signer.issue(kToken);
  CHECK(text.size() < 60);
  CHECK(signer.verify(text, kNow) == kToken);
  CHECK(signer.verify(text, kNow + 23h));
  CHECK_FALSE(signer.verify(text, kNow + 24h));
}

TEST_CASE("token: any change, cut or foreign secret is refused") {
  const TokenSigner signer(crypto::random_bytes(32));
  const std::string text = signer.issue(kToken);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string forged = text;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    INFO(i);
    CHECK_FALSE(signer.verify(forged, kNow));
    CHECK_FALSE(signer.verify(text.substr(0, i), kNow));
  }
  CHECK_FALSE(signer.verify(text + "A", kNow));
  CHECK_FALSE(signer.verify(std::string(10000, 'A'), kNow));
  CHECK_FALSE(TokenSigner(crypto::random_bytes(32)).verify(text, kNow));
}

TEST_CASE("token: roles by name") {
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    CHECK(role_from(to_string(role)) == role);
  }
  CHECK_FALSE(role_from("principal"));
}

TEST_CASE("crypto: base64url has one spelling per value") {
  for (std::size_t size = 0; size < 8; ++size) {
    const auto bytes = crypto::random_bytes(size);
    CHECK(crypto::from_base64url(crypto::base64url(bytes)) == bytes);
  }
  CHECK(crypto::base64url(base::as_bytes("\xfb\xff")) == "-_8");
  CHECK_FALSE(crypto::from_base64url("-_9"));  // same byte, other padding bits
  CHECK_FALSE(crypto::from_base64url("a"));
  CHECK_FALSE(crypto::from_base64url("ab+c"));
}

TEST_CASE("token: each kind of link opens its own kind of door only") {
  const TokenSigner signer(crypto::random_bytes(32));
  struct Row {
    const char* lesson;
    std::uint32_t seat;
    bool of_lesson, own, channel, pass;
  };
  const auto row = GENERATE(values<Row>({{"k7m2", 17, true, false, false, false},
                                         {"k7m2", kRosterSeats + 3, true, false, false, false},
                                         {"", kRosterSeats + 3, false, true, false, false},
                                         {"", 17, false, false, false, false},
                                         {"@", kRosterSeats + 3, false, false, true, false},
                                         {"@", 17, false, false, false, false},
                                         {"@k7m2", kRosterSeats + 3, false, false, false, true}}));
  for (const Role role : {Role::pupil, Role::guardian, Role::technician}) {
    const auto text =
        signer.issue({.role = role, .lesson = row.lesson, .seat = row.seat, .expires = kNow + 1h});
    INFO(row.lesson << ' ' << row.seat);
    CHECK(signer.verify(text, kNow).has_value() == row.of_lesson);
    CHECK(signer.verify_own(text, kNow).has_value() == row.own);
    CHECK(signer.verify_channel(text, kNow).has_value() == row.channel);
    const auto pass = signer.verify_pass(text, kNow);
    CHECK(pass.has_value() == row.pass);
    if (pass) CHECK(pass->lesson == "k7m2");
  }
}
