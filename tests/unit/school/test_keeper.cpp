#include "school/people/keeper.hpp"
#include "tests/support/turned_control.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using base::Errc;
using base::Error;
using base::Result;

TEST_CASE("keeper: a change is on disk, read and told by the time it is answered") {
  ON_BOTH_STORES;
  test::TurnedControl control;
  auto keeper = people::Keeper::open(at.location(), control);
  REQUIRE(keeper);
  std::vector<std::size_t> told;
  (*keeper)->watch([&](const people::Snapshot& now) { told.push_back(now->pupil_count()); });
  const auto before = (*keeper)->current();
  bool done = false;
  (*keeper)->change(
      [](people::Registry& registry, store::Store& store) -> Result<void> {
        auto saved = registry.commit(store, test::small_district());
        if (!saved) return std::move(saved).error();
        return {};
      },
      control,
      [&](const Result<void>& result) {
        done = true;
        CHECK(result);
        CHECK((*keeper)->current()->pupil_count() == 9);
        CHECK(told == std::vector<std::size_t>{9});
      });
  control.turn_until(done);
  CHECK(before->pupil_count() == 0);

  done = false;
  (*keeper)->change(
      [](people::Registry&, store::Store&) -> Result<void> {
        return Error{Errc::conflict, "no"};
      },
      control,
      [&](const Result<void>& result) {
        done = true;
        CHECK_FALSE(result);
      });
  control.turn_until(done);
  CHECK(told.size() == 1);
  CHECK(people::Keeper::open(at.location(), control).value()->current()->pupil_count() == 9);
}
