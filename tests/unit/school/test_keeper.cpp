#include <condition_variable>
#include <deque>
#include <mutex>

#include "school/people/keeper.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using base::Errc;
using base::Error;
using base::Result;

namespace {

/// A control thread that the test turns by hand.
class Control final : public base::Executor {
 public:
  void post(Task task) override {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    ready_.notify_one();
  }
  void post_after(std::chrono::milliseconds /*delay*/, Task task) override { post(std::move(task)); }
  void turn_until(const bool& done) {
    while (!done) {
      Task task;
      {
        std::unique_lock lock(mutex_);
        REQUIRE(ready_.wait_for(lock, std::chrono::seconds(60), [&] { return !tasks_.empty(); }));
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
};

}  // namespace

TEST_CASE("keeper: a change is on disk, read and told by the time it is answered") {
  ON_BOTH_STORES;
  Control control;
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
