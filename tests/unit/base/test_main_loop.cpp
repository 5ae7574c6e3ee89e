#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::base;
using namespace std::chrono_literals;

TEST_CASE("main loop: tasks from many threads all run, on its thread, in each poster's order") {
  glib::MainLoop loop;
  std::vector<std::vector<int>> seen(4);
  std::atomic<int> left = 4 * 1000;
  const auto here = std::this_thread::get_id();
  {
    std::vector<std::jthread> posters;
    for (std::size_t t = 0; t < seen.size(); ++t) {
      posters.emplace_back([&, t] {
        for (int i = 0; i < 1000; ++i) {
          loop.post([&, t, i] {
            CHECK(std::this_thread::get_id() == here);
            seen[t].push_back(i);
            if (--left == 0) loop.quit();
          });
        }
      });
    }
    loop.run();
  }
  for (const auto& order : seen) {
    REQUIRE(order.size() == 1000);
    CHECK(std::ranges::is_sorted(order));
  }
}

TEST_CASE("main loop: a quit before run is not lost; an exception in a task is contained") {
  glib::MainLoop loop;
  loop.post([] { throw std::runtime_error("contained"); });
  loop.quit();
  loop.run();
}

TEST_CASE("main loop: watches a descriptor until told to stop") {
  glib::MainLoop loop;
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const Fd in(ends[0]);
  const Fd out(ends[1]);
  std::string got;
  const glib::FdWatch watch(loop.context(), in.get(), G_IO_IN, [&](GIOCondition) {
    char c = 0;
    REQUIRE(read(in.get(), &c, 1) == 1);
    got += c;
    if (got == "ab") loop.quit();
    return got != "ab";
  });
  REQUIRE(write(out.get(), "abc", 3) == 3);
  loop.run();
  CHECK(got == "ab");
}
