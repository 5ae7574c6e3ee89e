#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "tests/support/catch.hpp"

namespace tongke::test {

/// Starts `argv`, lets it live for `life` from its first output on, and kills it.
/// What it had printed by then, up to the last whole line.
inline std::string printed_until_killed(std::vector<std::string> argv, std::chrono::microseconds life) {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const base::Fd in(ends[0]);
  base::Fd out(ends[1]);
  std::vector<char*> arguments;
  for (std::string& argument : argv) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const pid_t victim = fork();
  if (victim == 0) {
    dup2(out.get(), STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  out.reset();
  std::string text;
  std::array<char, 65536> buffer{};
  const auto read_some = [&] {
    const ssize_t n = read(in.get(), buffer.data(), buffer.size());
    if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0;
  };
  REQUIRE(read_some());
  const auto deadline = base::Steady::now() + life;
  while (base::Steady::now() < deadline) std::this_thread::sleep_until(deadline);
  kill(victim, SIGKILL);
  int status = 0;
  REQUIRE(waitpid(victim, &status, 0) == victim);
  CHECK(WIFSIGNALED(status));
  while (read_some()) {
  }
  text.resize(text.rfind('\n') + 1);
  return text;
}

}  // namespace tongke::test
