#include "school/feedback/book.hpp"
#include "school/people/registry.hpp"
#include "school/store/feedback_table.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::feedback;
using namespace std::chrono_literals;
using base::Errc;

namespace {

constexpr timetable::Zone kZone{};
constexpr people::StaffId kPrincipal{91};
constexpr people::StaffId kTechnician{92};
constexpr people::StaffId kElsewhere{93};

// 2026-11-23 is a Monday.
base::WallTime at(int day, std::chrono::minutes time) {
  using namespace std::chrono;
  return kZone.wall(timetable::Date(local_days(year(2026) / November / 22)) + days(day), time);
}
const base::WallTime kMonday = at(1, 10h);

people::Changes everybody() {
  auto all = test::small_district();
  const auto staff = [&](people::StaffId id, people::SchoolId school, people::Duty duty) {
    all.staff.push_back({.id = id,
                         .public_id = people::PublicId::make(),
                         .school = school,
                         .duties = static_cast<std::uint16_t>(duty),
                         .number = "A" + std::to_string(id.value),
                         .name = "某",
                         .teaching = {},
                         .leads = {}});
  };
  staff(kPrincipal, {1}, people::Duty::school_office);
  staff(kTechnician, {1}, people::Duty::technician);
  staff(kElsewhere, {2}, people::Duty::school_office);
  return all;
}
people::Directory district() {
  people::Directory people;
  people.apply(everybody());
  return people;
}

Feedback word_of(const people::Directory& people, std::uint32_t pupil, Taps taps, std::string text = "",
                 base::WallTime said = kMonday) {
  const auto& row = *people.find(people::PupilId{pupil});
  return {.pupil = row.id,
          .school = row.school,
          .original_class = row.original_class,
          .taps = taps,
          .text = std::move(text),
          .said = said};
}
May anybody() {
  return [](const Feedback&) { return true; };
}

}  // namespace

TEST_CASE("feedback: the kind of trouble says whose it is; what nobody is there for is the office's") {
  const auto people = district();
  const auto& here = *people.find(people::ClassId{1});       // homeroom and technician
  const auto& elsewhere = *people.find(people::ClassId{3});  // neither
  struct Case {
    Taps taps;
    const char* text;
    std::optional<Desk> here;
    std::optional<Desk> elsewhere;
  };
  constexpr auto kGood = Mark::good;
  constexpr auto kPoor = Mark::poor;
  for (const auto& [taps, text, first, second] :
       std::initializer_list<Case>{{{}, "", std::nullopt, std::nullopt},
                                   {{}, "谢谢老师", Desk::homeroom, Desk::office},
                                   {{kPoor, kGood, Pace::fits}, "", Desk::technician, Desk::office},
                                   {{kGood, kPoor, Pace::too_long}, "卡", Desk::technician, Desk::office},
                                   {{kGood, kGood, Pace::too_fast}, "", Desk::homeroom, Desk::office},
                                   {{kGood, kGood, Pace::too_long}, "眼睛累", Desk::office, Desk::office}}) {
    INFO(to_string(taps.picture) << to_string(taps.sound) << to_string(taps.pace) << text);
    CHECK(desk_for(people, here, taps, text) == first);
    CHECK(desk_for(people, elsewhere, taps, text) == second);
  }
  auto left = *people.find(kTechnician);
  left.standing = people::Standing::left;
  auto without = people;
  without.put(left);
  CHECK(desk_for(without, here, {.picture = kPoor}, "") == Desk::office);
}

TEST_CASE("feedback: the clock counts school days") {
  struct Case {
    int day;  // 1 Monday … 7 Sunday
    int technician;
    int others;
  };
  for (const auto& [day, technician, others] :
       {Case{1, 2, 3}, Case{3, 4, 5}, Case{4, 5, 8}, Case{5, 8, 9}, Case{6, 8, 9}, Case{7, 8, 9}}) {
    INFO(day);
    CHECK(due_of(Desk::technician, at(day, 23h + 30min), kZone) == at(technician, 23h + 30min));
    CHECK(due_of(Desk::homeroom, at(day, 8h), kZone) == at(others, 8h));
    CHECK(due_of(Desk::office, at(day, 8h), kZone) == at(others, 8h));
  }
  Ticket ticket{.due = kMonday};
  CHECK_FALSE(is_overdue(ticket, kMonday));
  CHECK(is_overdue(ticket, kMonday + 1ms));
  ticket.answered = kMonday;
  CHECK_FALSE(is_overdue(ticket, kMonday + 1ms));
}

TEST_CASE("feedback: a length of time counts school days") {
  struct Case {
    int from;
    std::chrono::minutes at;
    std::chrono::minutes length;
    int to;
    std::chrono::minutes then;
  };
  for (const auto& [from, time, length, to, then] :
       {Case{1, 10h, 24h, 2, 10h}, Case{1, 10h, 1h, 1, 11h}, Case{5, 18h, 24h, 8, 18h},
        Case{4, 18h, 48h, 8, 18h}, Case{5, 23h + 59min, 1min, 8, 0h}, Case{6, 9h, 24h, 9, 0h},
        Case{7, 9h, 30min, 8, 30min}, Case{1, 0h, 24h * 10, 15, 0h}}) {
    INFO(from << " " << time.count() << " + " << length.count());
    CHECK(school_time_after(at(from, time), length, kZone) == at(to, then));
  }
}

TEST_CASE("feedback: what nobody answers climbs to the office and to the principal, by its age alone") {
  auto people = district();
  const auto& here = *people.find(people::ClassId{1});
  const Rule rule{.climb = {.to_office = 24h, .to_principal = 6h}, .zone = kZone};
  using Next = Holding::Next;
  const auto held = [&](const Ticket& ticket, base::WallTime now) {
    return holding(ticket, people, here, rule, now);
  };
  Ticket ticket{.owner = Desk::homeroom, .since = at(5, 8h)};  // a Friday
  CHECK(held(ticket, at(5, 8h)) == Holding{Desk::homeroom, at(5, 8h), Next{Desk::office, at(8, 8h)}});
  CHECK(held(ticket, at(8, 8h) - 1ms).desk == Desk::homeroom);
  // A school without a principal: the office has it, and nobody after it.
  CHECK(held(ticket, at(12, 8h)) == Holding{Desk::office, at(8, 8h), std::nullopt});
  auto head = *people.find(kPrincipal);
  head.duties = people::with_what_comes(people::Duty::principal);
  people.put(head);
  CHECK(head.has(people::Duty::school_office));
  CHECK(principal_of(people, {1})->id == kPrincipal);
  CHECK(principal_of(people, {2}) == nullptr);
  CHECK(held(ticket, at(8, 8h)) == Holding{Desk::office, at(8, 8h), Next{Desk::principal, at(8, 14h)}});
  CHECK(held(ticket, at(8, 14h)) == Holding{Desk::principal, at(8, 14h), std::nullopt});
  // An answer stops the clock where it was; passing on starts it again.
  ticket.answered = at(8, 9h);
  CHECK(held(ticket, at(12, 8h)) == Holding{Desk::office, at(8, 8h), std::nullopt});
  const Ticket passed{.owner = Desk::technician, .since = at(9, 8h)};
  CHECK(held(passed, at(9, 9h)) == Holding{Desk::technician, at(9, 8h), Next{Desk::office, at(10, 8h)}});
  const Ticket offices{.owner = Desk::office, .since = at(1, 8h)};
  CHECK(held(offices, at(1, 13h)).desk == Desk::office);
  CHECK(held(offices, at(1, 14h)).desk == Desk::principal);
  // Zero: it stays where it is.
  CHECK(holding(passed, people, here, {.climb = {.to_office = 0h}, .zone = kZone}, at(30, 8h)) ==
        Holding{Desk::technician, at(9, 8h), std::nullopt});
}

TEST_CASE("feedback: climbing adds who may answer and takes it from nobody") {
  auto people = district();
  auto head = *people.find(kPrincipal);
  head.duties = people::with_what_comes(people::Duty::principal);
  people.put(head);
  auto said = word_of(people, 1, {.sound = Mark::poor});
  said.ticket = Ticket{.owner = Desk::technician, .since = kMonday};
  const auto now = at(12, 8h);
  REQUIRE(holding(*said.ticket, people, *people.find(people::ClassId{1}), {}, now).desk == Desk::principal);
  for (const auto staff : {kPrincipal, kTechnician, people::StaffId{1}})
    CHECK(may_answer(people, {.staff = staff}, said));
  CHECK_FALSE(may_answer(people, {.staff = kElsewhere}, said));
}

TEST_CASE("feedback: a text is 300 characters on one line") {
  std::string chinese;
  for (int i = 0; i < 300; ++i) chinese += "好";
  CHECK(check_text(chinese, "text"));
  CHECK(check_text("", "text"));
  for (const auto& bad : {chinese + "好", std::string("两\n行"), std::string("\xff")}) {
    const auto refused = check_text(bad, "text");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().field == "text");
  }
}

TEST_CASE("feedback: the school's own office, the class's teacher and the technician of his desk answer") {
  const auto people = district();
  auto said = word_of(people, 1, {.sound = Mark::poor});
  said.ticket = Ticket{.owner = Desk::technician};
  const auto reads = [&](const Asker& asker) { return may_read(people, asker, said); };
  const auto answers = [&](const Asker& asker) { return may_answer(people, asker, said); };
  const Asker homeroom{.staff = {1}};
  CHECK((reads({.staff = kPrincipal}) && answers({.staff = kPrincipal})));
  CHECK((reads(homeroom) && answers(homeroom)));
  CHECK((!reads({.staff = kTechnician}) && answers({.staff = kTechnician})));
  for (const Asker& nobody : {Asker{.staff = kElsewhere}, Asker{.staff = {3}}, Asker{}})
    CHECK((!reads(nobody) && !answers(nobody)));
  const Asker family{.home = people.find(people::PupilId{1})->home};
  CHECK((reads(family) && !answers(family)));
  CHECK_FALSE(reads({.home = people.find(people::PupilId{2})->home}));
  said.ticket->owner = Desk::homeroom;
  CHECK_FALSE(answers({.staff = kTechnician}));
  said.ticket.reset();
  CHECK_FALSE(answers({.staff = kPrincipal}));
}

TEST_CASE("feedback: once a week a child, and its ticket is answered, passed on and closed") {
  ON_BOTH_STORES;
  auto store = at.open();
  const auto people = district();
  const auto kept = give(store, people, word_of(people, 1, {.picture = Mark::poor}, "花屏"), kZone);
  REQUIRE(kept);
  CHECK(kept->week.monday == kZone.local(kMonday).date);
  REQUIRE(kept->ticket);
  CHECK(kept->ticket->owner == Desk::technician);
  CHECK(store::load_feedback(store, kept->id).value() == *kept);

  const auto again = give(store, people, word_of(people, 1, {}, "", ::at(7, 20h)), kZone);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == Errc::conflict);
  const auto later = give(store, people, word_of(people, 1, {}, "", ::at(8, 0h)), kZone);
  REQUIRE(later);
  CHECK_FALSE(later->ticket);
  CHECK(give(store, people, word_of(people, 1, {}, "两\n行", ::at(15, 8h)), kZone).error().field == "text");
  REQUIRE(give(store, people, word_of(people, 9, {.pace = Pace::too_long}), kZone));
  const auto of_child = store::load_feedback_of(store, {1}).value();
  REQUIRE(of_child.size() == 2);
  CHECK(of_child.front() == *later);

  const May nobody = [](const Feedback&) { return false; };
  CHECK(answer(store, kept->id, nobody, "好", {1}, kMonday).error().kind == Errc::not_found);
  CHECK(answer(store, "x", anybody(), "好", {1}, kMonday).error().kind == Errc::not_found);
  CHECK(answer(store, later->id, anybody(), "好", {1}, kMonday).error().kind == Errc::not_found);
  CHECK(answer(store, kept->id, anybody(), "", {1}, kMonday).error().field == "text");
  CHECK(close(store, kept->id, anybody(), kMonday).error().kind == Errc::conflict);

  const auto passed = pass_on(store, people, kept->id, anybody(), Desk::homeroom, kMonday + 30min);
  REQUIRE(passed);
  CHECK(passed->ticket->owner == Desk::homeroom);
  CHECK(passed->ticket->due == kept->ticket->due);
  CHECK(passed->ticket->since == kMonday + 30min);
  const auto answered = answer(store, kept->id, anybody(), "换了线路", kPrincipal, kMonday + 1h);
  REQUIRE(answered);
  CHECK(answered->ticket->state() == Ticket::State::answered);
  REQUIRE(answer(store, kept->id, anybody(), "换了线路，请再看看", kPrincipal, kMonday + 2h));
  const auto closed = close(store, kept->id, anybody(), kMonday + 3h);
  REQUIRE(closed);
  CHECK(store::load_feedback(store, kept->id).value() == *closed);
  CHECK(closed->ticket->answer == "换了线路，请再看看");
  CHECK(answer(store, kept->id, anybody(), "晚了", {1}, kMonday).error().kind == Errc::conflict);
  CHECK(pass_on(store, people, kept->id, anybody(), Desk::office, kMonday).error().kind == Errc::conflict);
  CHECK(close(store, kept->id, anybody(), kMonday).error().kind == Errc::conflict);
}

TEST_CASE("feedback: once a lesson a child, beside the week") {
  ON_BOTH_STORES;
  auto store = at.open();
  const auto people = district();
  const auto of_lesson = [&](const char* lesson, Taps taps, base::WallTime said) {
    auto word = word_of(people, 1, taps, "", said);
    word.lesson = lesson;
    word.lesson_title = "认识负数";
    return give(store, people, word, kZone);
  };
  REQUIRE(give(store, people, word_of(people, 1, {}), kZone));
  const auto kept = of_lesson("maths", {.sound = Mark::poor}, kMonday + 1h);
  REQUIRE(kept);
  CHECK(kept->ticket->since == kMonday + 1h);
  CHECK(store::load_feedback(store, kept->id).value() == *kept);
  REQUIRE(of_lesson("chinese", {}, kMonday + 2h));
  for (const auto later : {kMonday + 3h, ::at(8, 9h)}) {
    const auto again = of_lesson("maths", {}, later);
    REQUIRE_FALSE(again);
    CHECK(again.error().field == "lesson");
  }
  CHECK(give(store, people, word_of(people, 1, {}), kZone).error().field == "week");
  CHECK(store::load_feedback_of(store, {1}).value().size() == 3);
}

TEST_CASE("feedback: a school without a technician cannot pass anything on to one") {
  ON_BOTH_STORES;
  auto store = at.open();
  const auto people = district();
  const auto kept = give(store, people, word_of(people, 9, {.picture = Mark::poor}), kZone);
  REQUIRE(kept);
  CHECK(pass_on(store, people, kept->id, anybody(), Desk::technician, kMonday).error().field == "to");
}

TEST_CASE("feedback: the board has a school's tickets, unanswered first, and forgets what is over") {
  ON_BOTH_STORES;
  auto store = at.open();
  const auto people = district();
  const auto ticket = [&](std::uint32_t pupil, base::WallTime said) {
    auto kept = give(store, people, word_of(people, pupil, {.pace = Pace::too_long}, "", said), kZone);
    REQUIRE(kept);
    return kept->id;
  };
  const auto second = ticket(1, ::at(2, 8h));
  const auto first = ticket(2, ::at(1, 8h));
  const auto done = ticket(3, ::at(1, 7h));
  const auto over = ticket(4, ::at(1, 6h));
  const auto other = ticket(9, ::at(1, 5h));
  REQUIRE(give(store, people, word_of(people, 5, {}), kZone));
  for (const auto& id : {done, over}) REQUIRE(answer(store, id, anybody(), "好", kPrincipal, kMonday));
  REQUIRE(close(store, over, anybody(), kMonday));

  const auto ids = [&](people::SchoolId school, bool closed, std::size_t limit = 100) {
    std::vector<std::string> all;
    const auto loaded = store::load_tickets(store, school, closed, limit);
    REQUIRE(loaded);
    for (const auto& one : *loaded) all.push_back(one.id);
    return all;
  };
  CHECK(ids({1}, false) == std::vector{first, second, done});
  CHECK(ids({}, false) == std::vector{other, first, second, done});
  CHECK(ids({1}, false, 1) == std::vector{first});
  CHECK(ids({1}, true) == std::vector{over});

  CHECK(store::drop_feedback(store, ::at(30, 0h)).value() == 2);  // the closed one, and what was well
  CHECK(ids({}, true).empty());
  CHECK(ids({}, false).size() == 4);
}

TEST_CASE("feedback: an erased child's goes with it, in the same step") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto registry = people::Registry::open(store).value();
  REQUIRE(registry.commit(store, everybody()));
  const auto& people = *registry.current();
  for (const std::uint32_t pupil : {1, 2})
    REQUIRE(give(store, people, word_of(people, pupil, {.sound = Mark::poor}, "听不清"), kZone));
  people::Changes erased;
  erased.erased_pupils = {{1}};
  REQUIRE(registry.commit(store, erased));
  CHECK(store::load_feedback_of(store, {1}).value().empty());
  CHECK(store::load_feedback_of(store, {2}).value().size() == 1);
  CHECK(store::load_tickets(store, {}, false, 100).value().size() == 1);
}
