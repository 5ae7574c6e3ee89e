#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <string>

#include "base/fd.hpp"
#include "base/log.hpp"
#include "tests/support/catch.hpp"

namespace tongke::test {
namespace {

/// What is written to a descriptor while `act` runs.
template <class F>
std::string written_to(int descriptor, F&& act) {
  std::fflush(nullptr);
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const base::Fd out(ends[0]);
  const base::Fd before(::dup(descriptor));
  ::dup2(ends[1], descriptor);
  ::close(ends[1]);
  act();
  std::fflush(nullptr);
  ::dup2(before.get(), descriptor);  // closes the pipe's last writing end
  std::string all;
  std::array<char, 512> piece{};
  for (ssize_t got = 0; (got = ::read(out.get(), piece.data(), piece.size())) > 0;) {
    all.append(piece.data(), static_cast<std::size_t>(got));
  }
  return all;
}

void say() { base::log::warn("something happened", {{"lesson", "l1"}, {"why", "two words"}}); }

}  // namespace

TEST_CASE("without start(), as in a child of the server, lines have the log's form on standard error") {
  const std::string said = written_to(STDERR_FILENO, say);
  INFO(said);
  std::string shape = said;
  std::ranges::replace_if(
      shape, [](unsigned char c) { return std::isdigit(c) != 0; }, '0');
  CHECK(shape.starts_with("0000-00-00 00:00:00.000 warn"));
  CHECK(shape.ends_with(" something happened lesson=l0 why=\"two words\"\n"));
}

TEST_CASE("logging leaves standard output to programs") {
  std::string said;
  written_to(STDERR_FILENO, [&] { said = written_to(STDOUT_FILENO, say); });
  CHECK(said.empty());
}

}  // namespace tongke::test
