#include <catch2/catch.hpp>

#include "relay/hls/news.hpp"

using tongke::relay::hls::News;
using tongke::relay::hls::NewsBoard;

namespace {

using Workers = std::vector<std::size_t>;

News news(std::string lesson) {
  return {std::move(lesson), std::make_shared<const tongke::relay::live::LessonSnapshot>(), {}};
}
News gone(std::string lesson) { return {std::move(lesson), nullptr, {}}; }

TEST_CASE("news wakes those whose players wait, once, and the others only now and then") {
  NewsBoard board(2);
  CHECK(board.put(news("L1")) == Workers{0, 1});  // both have read nothing for long
  CHECK(board.put(news("L1")).empty());           // and are on their way
  CHECK(board.take(0).size() == 1);
  CHECK(board.take(1).size() == 1);

  CHECK_FALSE(board.await(1, true));
  CHECK(board.put(news("L1")) == Workers{1});
  CHECK(board.put(news("L2")).empty());
  CHECK(board.fresh(0));
  CHECK(board.take(1).size() == 2);
  CHECK_FALSE(board.fresh(1));

  CHECK_FALSE(board.await(1, false));
  CHECK(board.put(news("L1")).empty());
}

TEST_CASE("a player that begins to wait beside unread news is not forgotten") {
  NewsBoard board(1);
  static_cast<void>(board.put(news("L1")));
  static_cast<void>(board.take(0));
  CHECK(board.put(news("L1")).empty());  // comes between a worker's look and its waiting
  CHECK(board.await(0, true));
  CHECK_FALSE(board.await(0, true));  // is on its way
  CHECK(board.take(0).size() == 1);
}

TEST_CASE("a lesson's end reaches everybody at once") {
  NewsBoard board(2);
  static_cast<void>(board.put(news("L1")));
  static_cast<void>(board.take(0));
  static_cast<void>(board.take(1));
  CHECK(board.put(news("L1")).empty());
  CHECK(board.put(gone("L1")) == Workers{0, 1});
  const auto last = board.take(0);
  REQUIRE(last.size() == 1);  // the newest of a lesson alone
  CHECK(last.front().snapshot == nullptr);
}

}  // namespace
