#include <thread>

#include "base/queue.hpp"
#include "tests/support/catch.hpp"

using tongke::base::BoundedQueue;

TEST_CASE("queue: refuses past its bound, keeps what it holds, counts") {
  BoundedQueue<int> queue(10);
  CHECK(queue.push(1, 6));
  CHECK_FALSE(queue.push(2, 5));
  CHECK(queue.push(3, 4));
  CHECK(queue.dropped() == 1);
  CHECK(queue.pop() == 1);
  CHECK(queue.try_pop() == 3);
  CHECK(queue.try_pop() == std::nullopt);
  CHECK(queue.push(4, 99));  // an empty queue takes any item, or a big one could never pass
  queue.close();
  CHECK_FALSE(queue.push(5));
  CHECK(queue.pop() == 4);
  CHECK(queue.pop() == std::nullopt);
}

TEST_CASE("queue: hands everything over between threads, in order") {
  BoundedQueue<int> queue(100000);
  std::jthread producer([&] {
    for (int i = 0; i < 50000; ++i) queue.push(i);
    queue.close();
  });
  int expected = 0;
  while (auto item = queue.pop()) REQUIRE(*item == expected++);
  CHECK(expected == 50000);
}
