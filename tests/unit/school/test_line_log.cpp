#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "school/line_log.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using school::LineLog;
namespace fs = std::filesystem;

namespace {

bool not_b(const std::string& line) { return !line.starts_with('b'); }

std::string all_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("line log: a file is rewritten line by line, those queued just now too") {
  struct Case {
    const char* name;
    std::vector<std::string> lines;
    LineLog::Edit edit;
    std::size_t changed;
    std::string after;
  };
  const std::vector<Case> cases = {{"nothing of it", {"a 1", "c 2"}, not_b, 0, "a 1\nc 2\n"},
                                   {"some of it", {"b 1", "a 2", "b 3", "b 4"}, not_b, 3, "a 2\n"},
                                   {"all of it", {"b 1", "b 2"}, not_b, 2, ""},
                                   {"a line in place of another",
                                    {"a 1", "b 2", "a 3"},
                                    [](std::string& line) {
                                      if (!not_b(line)) line = "x";
                                      return true;
                                    },
                                    1,
                                    "a 1\nx\na 3\n"},
                                   {"empty lines stay", {"", "b", ""}, not_b, 1, "\n\n"}};
  for (const auto& [name, lines, edit, changed, after] : cases) {
    INFO(name);
    const test::TempDir dir;
    LineLog log(dir.path());
    for (const auto& line : lines) CHECK(log.append("l1.talk", line));
    CHECK(log.append("l2.talk", "b stays"));
    CHECK(log.rewrite("l1.talk", edit).value() == changed);
    CHECK(all_of(dir.path() / "l1.talk") == after);
    // It goes on where it ends now.
    CHECK(log.append("l1.talk", "b again"));
    REQUIRE(log.settle());
    CHECK(all_of(dir.path() / "l1.talk") == after + "b again\n");
    CHECK(all_of(dir.path() / "l2.talk") == "b stays\n");
  }
}

TEST_CASE("line log: rewriting what is not there, or was not opened in this life") {
  const test::TempDir dir;
  {
    LineLog log(dir.path());
    CHECK(log.rewrite("nobody", not_b).value() == 0);
    CHECK(log.names().value().empty());
    CHECK(log.append("old", "b 1"));
    CHECK(log.append("old", "a 1"));
  }
  std::ofstream(dir.path() / "old", std::ios::app) << "b torn";
  LineLog log(dir.path());
  CHECK(log.rewrite("old", not_b).value() == 1);
  CHECK(all_of(dir.path() / "old") == "a 1\n");
}

TEST_CASE("line log: a file that cannot take another's place leaves the old one as it was") {
  const test::TempDir dir;
  LineLog log(dir.path());
  CHECK(log.append("l1", "b 1"));
  REQUIRE(log.settle());
  fs::create_directory(dir.path() / ".replacement");
  const auto refused = log.rewrite("l1", not_b);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == base::Errc::io);
  CHECK(log.append("l1", "a 2"));
  REQUIRE(log.settle());
  CHECK(all_of(dir.path() / "l1") == "b 1\na 2\n");
  fs::remove(dir.path() / ".replacement");
  CHECK(log.rewrite("l1", not_b).value() == 1);
  CHECK(all_of(dir.path() / "l1") == "a 2\n");
}

TEST_CASE("line log: what a kill left of a replacement is nobody's file, and goes") {
  const test::TempDir dir;
  std::ofstream(dir.path() / ".replacement") << "half a fi";
  std::ofstream(dir.path() / "l1") << "a 1\n";
  LineLog log(dir.path());
  REQUIRE(log.settle());
  CHECK_FALSE(fs::exists(dir.path() / ".replacement"));
  CHECK(log.names().value() == std::set<std::string>{"l1"});
}

TEST_CASE("line log: with a disk that takes nothing, nothing is settled or rewritten") {
  LineLog log("/proc/nowhere");
  CHECK(log.settle());  // nothing waits
  CHECK(log.append("l1", "b 1"));
  REQUIRE_FALSE(log.settle());
  CHECK(log.settle().error().kind == base::Errc::io);
  CHECK(log.rewrite("l1", not_b).error().kind == base::Errc::io);
}

TEST_CASE("line log: lines from many threads outlive rewriting, each once and in order") {
  const test::TempDir dir;
  LineLog log(dir.path());
  constexpr int kLines = 5000;
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (const char who : {'a', 'b', 'c'}) {
    threads.emplace_back([&log, &refused, who] {
      for (int i = 0; i < kLines; ++i) refused += log.append("l1", who + std::to_string(i)) ? 0 : 1;
    });
  }
  for (int i = 0; i < 50; ++i) REQUIRE(log.rewrite("l1", not_b));
  for (auto& thread : threads) thread.join();
  CHECK(refused == 0);
  REQUIRE(log.rewrite("l1", not_b));
  std::map<char, int> next;
  std::istringstream lines(log.read("l1").value());
  for (std::string line; std::getline(lines, line);) CHECK(std::stoi(line.substr(1)) == next[line.front()]++);
  CHECK(next == std::map<char, int>{{'a', kLines}, {'c', kLines}});
}
