#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "school/inspection/draw.hpp"
#include "school/inspection/form.hpp"
#include "school/inspection/inspections.hpp"
#include "tests/unit/school/any_store.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace std::chrono_literals;
using inspection::OnAir;
using inspection::Still;

namespace {

/// The published test vector (docs/inspection.md): player-web/test/inspect.test.ts has it too.
constexpr const char* kSecret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const std::vector<OnAir> kOnAir = {
    {"a1", "s1", "low", "语文"}, {"a2", "s1", "low", "数学"},    {"a3", "s1", "upper", "语文"},
    {"b1", "s2", "low", "语文"}, {"b2", "s2", "junior", "物理"}, {"c1", "s3", "junior", "数学"},
};
using Ids = std::vector<std::string>;

const std::vector<std::uint8_t> kServerKey(32, 7);

inspection::Inspections opened(store::Store& store) {
  auto all = inspection::Inspections::open(store, kServerKey, base::WallTime(1h));
  INFO((all ? std::string() : all.error().message));
  REQUIRE(all);
  return std::move(*all);
}

inspection::Observations all_well() {
  return {.marks = {{"picture", "good"},
                    {"sound", "fair"},
                    {"pace", "fits"},
                    {"taking_part", "much"},
                    {"teachers", "all"}},
          .remark = "板书清楚。\n请多提问。"};
}

}  // namespace

TEST_CASE("inspection: the published test vector comes out") {
  CHECK(inspection::commitment_to(kSecret) ==
        "2a8abfa8cb9906290437854193ca6bca41d4d4e26d1d454bd66a35158095e737");
  CHECK(inspection::lot_of(kSecret, "海湾 42", "a1") ==
        "cf87ce95db48fc466c46f1cd5c8c1733519a2b72f265a3c8c36f5945933593a9");
  struct Row {
    const char* words;
    std::size_t count;
    Ids drawn;
  };
  for (const auto& [words, count, drawn] :
       std::vector<Row>{{"海湾 42", 1, {"a2"}},
                        {"海湾 42", 3, {"a2", "b2", "c1"}},
                        {"海湾 42", 6, {"a2", "b2", "c1", "a3", "b1", "a1"}},
                        {"海湾 42", 9, {"a2", "b2", "c1", "a3", "b1", "a1"}},
                        {"海湾 43", 4, {"a1", "c1", "b2", "a3"}},
                        {"海湾 42", 0, {}}}) {
    CHECK(inspection::draw(kSecret, words, count, kOnAir) == drawn);
  }
  CHECK(inspection::draw(kSecret, "x", 3, {}).empty());
}

TEST_CASE("inspection: the order in which lessons are listed changes nothing") {
  std::mt19937 random(1);
  auto shuffled = kOnAir;
  const auto drawn = inspection::draw(kSecret, "海湾 42", 4, kOnAir);
  for (int i = 0; i < 50; ++i) {
    std::ranges::shuffle(shuffled, random);
    CHECK(inspection::draw(kSecret, "海湾 42", 4, shuffled) == drawn);
  }
}

TEST_CASE("inspection: 5 of 140 lessons come from 5 schools, and each lesson of a school as often") {
  std::vector<OnAir> on_air;
  for (int i = 0; i < 140; ++i)
    on_air.push_back({"L" + std::to_string(i), "s" + std::to_string(i % 7), i % 2 == 0 ? "low" : "upper",
                      "subject" + std::to_string(i % 3)});
  std::map<std::string, int> times;
  for (int round = 0; round < 400; ++round) {
    const auto drawn = inspection::draw(kSecret, std::to_string(round), 5, on_air);
    std::set<std::string> schools;
    for (const auto& id : drawn) {
      schools.insert("s" + std::to_string(std::stoi(id.substr(1)) % 7));
      ++times[id];
    }
    CHECK(drawn.size() == 5);
    CHECK(schools.size() == 5);
  }
  // 2000 draws of 140: 14.3 each.
  CHECK(times.size() == 140);
  for (const auto& [id, count] : times) CHECK(count < 45);
}

TEST_CASE("inspection: a commitment stands before the draw, and each is drawn with once") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto all = opened(store);
  const auto before = all.next();
  CHECK(before.number == 1);
  CHECK(before.secret.size() == 64);
  CHECK_FALSE(all.find_draw(before.id));  // its secret is nobody's yet
  CHECK(opened(store).next() == before);

  CHECK_FALSE(all.make_draw(before.id, "", 2, kOnAir, {4}, base::WallTime(2h)));
  CHECK_FALSE(all.make_draw(before.id, "一\n二", 2, kOnAir, {4}, base::WallTime(2h)));
  CHECK_FALSE(all.make_draw(before.id, "海湾 42", 0, kOnAir, {4}, base::WallTime(2h)));
  CHECK_FALSE(all.make_draw(before.id, "海湾 42", 21, kOnAir, {4}, base::WallTime(2h)));
  CHECK_FALSE(all.make_draw("other", "海湾 42", 2, kOnAir, {4}, base::WallTime(2h)));
  CHECK_FALSE(all.make_draw(before.id, "海湾 42", 2, {}, {4}, base::WallTime(2h)));
  CHECK(all.next() == before);

  const auto made =
      all.make_draw(before.id, "海湾 42", 2, {kOnAir.rbegin(), kOnAir.rend()}, {4}, base::WallTime(2h));
  REQUIRE(made);
  CHECK(made->commitment() == before.commitment());
  CHECK(made->on_air == kOnAir);
  CHECK(made->lessons == inspection::draw(before.secret, "海湾 42", 2, kOnAir));
  CHECK(all.next().number == 2);
  CHECK(all.next().secret != before.secret);
  CHECK_FALSE(all.make_draw(before.id, "再来", 2, kOnAir, {4}, base::WallTime(2h)));

  auto again = opened(store);
  const auto found = again.find_draw(before.id);
  REQUIRE(found);
  CHECK(*found == *made);
  CHECK(again.next() == all.next());
  const auto listed = again.draws(10);
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().lessons == made->lessons);
}

TEST_CASE("inspection: a record is signed once, and what is changed afterwards shows") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto all = opened(store);
  const auto draw = all.make_draw(all.next().id, "7", 1, kOnAir, {4}, base::WallTime(2h));
  REQUIRE(draw);
  const inspection::SpotCheck wish{
      .draw = draw->id, .lesson = draw->lessons.front(), .school = {1}, .lead = {9}, .by = {4}};
  const auto begun = all.begin(wish, base::WallTime(3h));
  REQUIRE(begun);
  CHECK(begun->number == 1);
  CHECK_FALSE(all.intact(*begun));
  CHECK(all.begin(wish, base::WallTime(4h))->id == begun->id);  // goes on after a reload
  auto other = wish;
  other.by = {5};
  CHECK(all.begin(other, base::WallTime(4h))->number == 2);

  const std::vector<Still> stills = {{base::WallTime(5h), {1, 2, 3}}, {base::WallTime(6h), {}}};
  CHECK_FALSE(all.sign(*begun, "{}", std::vector<Still>(4), base::WallTime(7h)));
  const auto done = all.sign(*begun, R"({"remark":"好"})", stills, base::WallTime(7h));
  REQUIRE(done);
  CHECK(all.intact(*done));
  CHECK_FALSE(all.sign(*done, "{}", {}, base::WallTime(8h)));
  CHECK(all.begin(wish, base::WallTime(9h))->number == 3);  // a second look is another record

  auto later = opened(store);
  const auto found = later.find(begun->id);
  REQUIRE(found);
  CHECK(*found == *done);
  CHECK(later.intact(*found));
  CHECK(*later.stills(begun->id) == stills);
  auto changed = *found;
  changed.record = R"({"remark":"差"})";
  CHECK_FALSE(later.intact(changed));
  changed = *found;
  changed.by = {5};
  CHECK_FALSE(later.intact(changed));
  CHECK_FALSE(later.find("nothing"));
  CHECK(later.list({})->size() == 3);
  CHECK(later.list({})->front().number == 3);
  CHECK(later.list({.before = 2})->size() == 1);
  CHECK(later.list({.limit = 2})->size() == 2);
  CHECK(later.list({.all = false, .school = {1}})->size() == 3);
  CHECK(later.list({.all = false, .school = {2}})->empty());
  CHECK(later.list({.all = false, .staff = {9}})->size() == 3);  // led
  CHECK(later.list({.all = false, .staff = {5}})->size() == 1);  // made
}

TEST_CASE("inspection: the form is filled in whole, with its own marks") {
  CHECK(inspection::check(all_well()));
  for (const auto& item : inspection::form()) {
    auto without = all_well();
    without.marks.erase(std::string(item.name));
    CHECK(inspection::check(without).error().field == item.name);
    auto wrong = all_well();
    wrong.marks[std::string(item.name)] = "excellent";
    CHECK_FALSE(inspection::check(wrong));
  }
  auto more = all_well();
  more.marks["mood"] = "good";
  CHECK_FALSE(inspection::check(more));
  for (const auto& bad : {std::string(2001, 'a'), std::string("a\x01"), std::string("\xff")}) {
    auto worded = all_well();
    worded.remark = bad;
    CHECK(inspection::check(worded).error().field == "remark");
  }
  auto silent = all_well();
  silent.remark = "";
  CHECK(inspection::check(silent));
}
