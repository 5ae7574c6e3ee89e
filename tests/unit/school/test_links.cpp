#include "school/access_log.hpp"
#include "school/crypto.hpp"
#include "school/lessons.hpp"
#include "school/links/device_proof.hpp"
#include "school/links/issue.hpp"
#include "school/people/registry.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::links;
using namespace std::chrono_literals;

namespace {

/// A book of the small district, whose signer refuses what the book withdrew.
class Links {
 public:
  explicit Links(store::Store& store) : store_(store) {
    people_.apply(test::small_district());
    REQUIRE(book.load(store_, people_));
    signer.refuse([this](const Token& token) { return book.current()->withdrawn(token); });
  }
  [[nodiscard]] std::string issue(const Token& token) const { return signer.issue(token); }
  [[nodiscard]] bool good(const std::string& link) const {
    const auto now = base::wall_now();
    return signer.verify(link, now).has_value() || signer.verify_own(link, now).has_value();
  }
  void renew(const std::vector<Person>& persons) {
    REQUIRE(book.renew(store_, persons));
    book.refresh(people_);
  }
  [[nodiscard]] const people::Pupil& pupil(std::uint32_t row) const {
    return *people_.find(people::PupilId{row});
  }
  people::Directory& people() { return people_; }

  LinkBook book;
  TokenSigner signer{std::vector<std::uint8_t>(32, 7)};
  const base::WallTime expires = base::wall_now() + 1h;

 private:
  store::Store& store_;
  people::Directory people_;
};

}  // namespace

TEST_CASE("links: renewing a pupil's withdraws every one handed out, for every lesson, and no other") {
  ON_BOTH_STORES;
  auto store = at.open();
  Links links(store);
  const auto lesson = links.issue(pupil_link(links.book, links.pupil(1), "maths", links.expires));
  const auto other = links.issue(pupil_link(links.book, links.pupil(1), "music", links.expires));
  const auto own = links.issue(pupil_link(links.book, links.pupil(1), "", links.expires));
  const auto classmate = links.issue(pupil_link(links.book, links.pupil(2), "maths", links.expires));
  const auto home = links.issue(home_link(links.book, links.pupil(1).home, links.expires));
  CHECK((links.good(lesson) && links.good(other) && links.good(own) && links.good(classmate)));
  links.renew({person(links.pupil(1).id)});
  CHECK_FALSE(links.good(lesson));
  CHECK_FALSE(links.good(other));
  CHECK_FALSE(links.good(own));
  CHECK((links.good(classmate) && links.good(home)));
  const auto fresh = links.issue(pupil_link(links.book, links.pupil(1), "maths", links.expires));
  CHECK(links.good(fresh));
  CHECK(links.signer.verify(fresh, base::wall_now())->version == 1);

  LinkBook again;
  REQUIRE(again.load(store, links.people()));
  CHECK(again.version(person(links.pupil(1).id)) == 1);
  CHECK(again.current()->withdrawn(pupil_link(LinkBook(), links.pupil(1), "maths", links.expires)));
}

TEST_CASE("links: a family's open all children of the home, and go all together") {
  ON_BOTH_STORES;
  auto store = at.open();
  Links links(store);
  const auto home = links.issue(home_link(links.book, links.pupil(1).home, links.expires));
  const auto small = links.issue(guardian_link(links.book, links.pupil(1), "maths", links.expires));
  const auto big = links.issue(guardian_link(links.book, links.pupil(9), "physics", links.expires));
  const auto neighbours = links.issue(guardian_link(links.book, links.pupil(2), "maths", links.expires));
  const auto child = links.issue(pupil_link(links.book, links.pupil(9), "physics", links.expires));
  links.renew({person(links.pupil(9).home)});
  CHECK_FALSE(links.good(home));
  CHECK_FALSE(links.good(small));
  CHECK_FALSE(links.good(big));
  CHECK((links.good(neighbours) && links.good(child)));
}

TEST_CASE("links: who left or was erased has none; a teacher's row is not a pupil's") {
  ON_BOTH_STORES;
  auto store = at.open();
  Links links(store);
  const auto pupil = links.issue(pupil_link(links.book, links.pupil(1), "maths", links.expires));
  const auto erased = links.issue(pupil_link(links.book, links.pupil(2), "maths", links.expires));
  const auto teacher = links.issue(staff_link(links.book, {1}, Role::teacher, "maths", links.expires));
  people::Changes changes;
  changes.pupils = {links.pupil(1)};
  changes.pupils[0].standing = people::Standing::left;
  changes.erased_pupils = {{2}};
  links.people().apply(changes);
  links.book.refresh(links.people());
  CHECK_FALSE(links.good(pupil));
  CHECK_FALSE(links.good(erased));
  CHECK(links.good(teacher));
  links.renew({person(people::StaffId{1})});
  CHECK_FALSE(links.good(teacher));
}

TEST_CASE("links: a counted one is withdrawn by its seat") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto lessons = Lessons::open(store);
  const auto lesson = lessons->create("数学").value();
  Links links(store);
  const Token first{.role = Role::pupil, .lesson = lesson.id, .seat = 1, .expires = links.expires};
  Token second = first;
  second.seat = 2;
  REQUIRE(links.book.withdraw_seat(store, lesson.id, 1));
  REQUIRE(links.book.withdraw_seat(store, lesson.id, 1));
  links.book.refresh(links.people());
  CHECK_FALSE(links.good(links.issue(first)));
  CHECK(links.good(links.issue(second)));
}

TEST_CASE("links: a person's own opens no lesson, and a lesson's is no person's own") {
  const TokenSigner signer(std::vector<std::uint8_t>(32, 7));
  const auto now = base::wall_now();
  const LinkBook book;
  const auto own = signer.issue(home_link(book, {3}, now + 1h));
  CHECK_FALSE(signer.verify(own, now));
  REQUIRE(signer.verify_own(own, now));
  CHECK_FALSE(signer.verify_own(own, now + 2h));
  const auto lesson = signer.issue(staff_link(book, {3}, Role::lead, "maths", now + 1h));
  CHECK(signer.verify(lesson, now));
  CHECK_FALSE(signer.verify_own(lesson, now));
  // A counted seat without a lesson is nothing.
  CHECK_FALSE(signer.verify_own(
      signer.issue({.role = Role::pupil, .lesson = {}, .seat = 4, .expires = now + 1h}), now));
}

TEST_CASE("links: every version is signed, and read back") {
  const TokenSigner signer(std::vector<std::uint8_t>(32, 7));
  const auto now = base::WallTime(std::chrono::minutes(1'000'000));
  for (const std::uint16_t version : std::initializer_list<std::uint16_t>{0, 1, 255, 256, 65535}) {
    const Token token{.role = Role::guardian,
                      .lesson = std::string(32, 'x'),
                      .seat = kRosterSeats + 77,
                      .version = version,
                      .expires = now + 5min};
    CHECK(signer.verify(signer.issue(token), now) == token);
  }
}

TEST_CASE("links: a device's proof is one bearer's, until its links are renewed") {
  const DeviceProof proof(std::vector<std::uint8_t>(32, 9));
  const LinkBook book;
  const auto own = home_link(book, {3}, base::wall_now() + 1h);
  const auto cookie = proof.make(own);
  CHECK(proof.proves(cookie, own));
  CHECK_FALSE(proof.proves("", own));
  CHECK_FALSE(DeviceProof(std::vector<std::uint8_t>(32, 8)).proves(cookie, own));
  CHECK_FALSE(proof.proves(cookie, home_link(book, {4}, own.expires)));
  auto other = own;
  other.role = Role::pupil;
  CHECK_FALSE(proof.proves(cookie, other));
  other = own;
  other.version = 1;
  CHECK_FALSE(proof.proves(cookie, other));
}

TEST_CASE("links: a new device is asked for a guardian's number by young pupils' links only") {
  people::Directory people;
  people.apply(test::small_district());
  const LinkBook book;
  const auto expires = base::wall_now() + 1h;
  const auto asked = [&](const Token& own) { return home_to_ask(people, own) != nullptr; };
  const auto pupil = [&](std::uint32_t row) { return *people.find(people::PupilId{row}); };
  CHECK(asked(pupil_link(book, pupil(1), "", expires)));        // grade 3
  CHECK(asked(home_link(book, {1}, expires)));                  // hers, and a big sister's
  CHECK_FALSE(asked(pupil_link(book, pupil(9), "", expires)));  // grade 6 of a 五四 school: junior
  CHECK_FALSE(asked(pupil_link(book, pupil(2), "", expires)));  // the school has no number
  CHECK_FALSE(asked(staff_link(book, {1}, Role::teacher, "", expires)));
  CHECK_FALSE(asked({.role = Role::pupil, .lesson = {}, .seat = kRosterSeats + 999, .expires = expires}));
}

TEST_CASE("access log: newest first, a child's with looks at its class and school, page by page") {
  ON_BOTH_STORES;
  auto store = at.open();
  AccessLog log;
  REQUIRE(log.load(store));
  const auto note = [&](people::SchoolId school, people::ClassId of, people::PupilId pupil) {
    REQUIRE(log.note(store, {.at = base::wall_now(),
                             .staff = {1},
                             .act = "see_names",
                             .school = school,
                             .original_class = of,
                             .pupil = pupil,
                             .reason = "家访",
                             .approver = {2}}));
  };
  note({1}, {1}, {1});
  note({1}, {1}, {2});
  note({1}, {1}, {});
  note({1}, {2}, {});
  note({1}, {}, {});
  note({2}, {}, {});
  const auto ids = [&](const AccessLog::Query& query) {
    std::vector<std::uint64_t> found;
    const auto entries = log.read(store, query);
    for (const auto& entry : *entries) found.push_back(entry.id);
    return found;
  };
  using Ids = std::vector<std::uint64_t>;
  CHECK(ids({.school = {1}, .original_class = {1}, .pupil = {1}}) == Ids{5, 3, 1});
  CHECK(ids({.school = {1}}) == Ids{5, 4, 3, 2, 1});
  CHECK(ids({.school = {1}, .limit = 2}) == Ids{5, 4});
  CHECK(ids({.school = {1}, .before = 4, .limit = 2}) == Ids{3, 2});
  AccessLog again;
  REQUIRE(again.load(store));
  REQUIRE(again.note(store, {.at = base::wall_now(), .home = {4}, .act = "own_data", .school = {2}}));
  const auto of_second = again.read(store, {.school = {2}});
  const auto& newest = of_second->front();
  CHECK(newest.id == 7);
  CHECK(newest.home == people::HomeId{4});
}

TEST_CASE("links: a screen's say what it shows, are nobody's of the staff, and are withdrawn by themselves") {
  ON_BOTH_STORES;
  auto store = at.open();
  Links links(store);
  const auto screen = GENERATE(values<Screen>({{.original_class = people::ClassId{1}},
                                               {.school = people::SchoolId{1}, .grade = 12},
                                               {.school = people::SchoolId{1}}}));
  const auto token = screen_link(links.book, screen, "", links.expires);
  CHECK(screen_of(token) == screen);
  CHECK(bearer_of(token)->first == Bearer::screen);
  const auto channel = links.issue(token);
  const auto pass = links.issue(screen_link(links.book, screen, "maths", links.expires));
  const auto other =
      links.issue(screen_link(links.book, {.school = people::SchoolId{1}, .grade = 3}, "", links.expires));
  const auto now = base::wall_now();
  CHECK((links.signer.verify_channel(channel, now) && links.signer.verify_pass(pass, now)));
  links.renew({person(screen)});
  CHECK_FALSE((links.signer.verify_channel(channel, now) || links.signer.verify_pass(pass, now)));
  CHECK(links.signer.verify_channel(other, now));
}

TEST_CASE("links: a child's channel goes with the links it was made beside") {
  ON_BOTH_STORES;
  auto store = at.open();
  Links links(store);
  const auto& pupil = links.pupil(1);
  const auto now = base::wall_now();
  const auto own = links.issue(pupil_link(links.book, pupil, channel_of_child(), links.expires));
  const auto family = links.issue(guardian_link(links.book, pupil, channel_of_child(), links.expires));
  const auto token = links.signer.verify_channel(family, now);
  REQUIRE(token);
  CHECK(seated(*token, links.people()) == &pupil);
  CHECK_FALSE(screen_of(*token));
  links.renew({person(pupil.home)});
  CHECK_FALSE(links.signer.verify_channel(family, now));
  CHECK(links.signer.verify_channel(own, now));
  links.renew({person(pupil.id)});
  CHECK_FALSE(links.signer.verify_channel(own, now));
}
