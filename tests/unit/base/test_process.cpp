#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "base/fd.hpp"
#include "base/glib/process.hpp"
#include "tests/support/catch.hpp"

using namespace tongke::base;
using glib::Process;
using glib::ProcessExit;
using glib::SpawnOptions;

namespace {

struct Outcome {
  ProcessExit exit;
  std::string output;
};

// Runs a shell script to its end; what it writes to `fd` comes back.
Outcome run(const std::string& script, int fd = 1, int nice = 0) {
  glib::MainLoop loop;
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const Fd in(ends[0]);
  Fd out(ends[1]);
  Outcome outcome;
  auto process =
      Process::spawn(loop.context(),
                     {.argv = {"sh", "-c", script}, .fds = {{.ours = out.get(), .theirs = fd}}, .nice = nice},
                     [&](ProcessExit exit) {
                       outcome.exit = exit;
                       loop.quit();
                     });
  REQUIRE(process);
  CHECK(process->running());
  CHECK(process->pid() > 0);
  out.reset();
  loop.run();
  CHECK_FALSE(process->running());
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(in.get(), buffer.data(), buffer.size())) > 0;) {
    outcome.output.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return outcome;
}

}  // namespace

TEST_CASE("process: exit status, signal and output come back") {
  struct Case {
    std::string script;
    int code, signal;
    std::string output;
  };
  const auto c = GENERATE(Case{"echo hello", 0, 0, "hello\n"}, Case{"exit 7", 7, 0, ""},
                          Case{"kill -TERM $$; sleep 9", 0, SIGTERM, ""},
                          Case{"cat", 0, 0, ""});  // standard input is /dev/null
  const auto outcome = run(c.script);
  CHECK(outcome.exit.code == c.code);
  CHECK(outcome.exit.signal == c.signal);
  CHECK(outcome.output == c.output);
  CHECK(outcome.exit.ok() == (c.code == 0 && c.signal == 0));
}

TEST_CASE("process: the child has the descriptors it was given and no others") {
  const Fd leaked(open("/dev/null", O_RDONLY));  // deliberately without O_CLOEXEC
  // ls opens the directory itself: that is its 3.
  CHECK(run("exec ls /proc/self/fd").output == "0\n1\n2\n3\n");
  CHECK(run("echo through >&3", 3).output == "through\n");
}

TEST_CASE("process: descriptors may swap numbers") {
  glib::MainLoop loop;
  std::array<int, 2> a{};
  std::array<int, 2> b{};
  REQUIRE(pipe2(a.data(), O_CLOEXEC) == 0);
  REQUIRE(pipe2(b.data(), O_CLOEXEC) == 0);
  const Fd a_in(a[0]), a_out(a[1]), b_in(b[0]), b_out(b[1]);
  auto process = Process::spawn(
      loop.context(),
      {.argv = {"sh", "-c", "printf A >&" + std::to_string(b[1]) + "; printf B >&" + std::to_string(a[1])},
       .fds = {{.ours = a[1], .theirs = b[1]}, {.ours = b[1], .theirs = a[1]}}},
      [&](ProcessExit) { loop.quit(); });
  REQUIRE(process);
  loop.run();
  char got_a = 0;
  char got_b = 0;
  REQUIRE(read(a_in.get(), &got_a, 1) == 1);
  REQUIRE(read(b_in.get(), &got_b, 1) == 1);
  CHECK(got_a == 'A');
  CHECK(got_b == 'B');
}

TEST_CASE("process: nice is added for the child and leaves us alone") {
  const int ours = getpriority(PRIO_PROCESS, 0);
  const auto outcome = run("cut -d ' ' -f 19 /proc/self/stat", 1, 5);
  CHECK(outcome.output == std::to_string(std::min(19, ours + 5)) + "\n");
  CHECK(getpriority(PRIO_PROCESS, 0) == ours);
}

TEST_CASE("process: what cannot be started is an error") {
  glib::MainLoop loop;
  auto missing = Process::spawn(loop.context(), {.argv = {"/nonexistent/program"}, .fds = {}}, {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == Errc::not_found);
  auto nothing = Process::spawn(loop.context(), {}, {});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().kind == Errc::invalid);
  auto bad_fd = Process::spawn(loop.context(), {.argv = {"true"}, .fds = {{.ours = 9999, .theirs = 3}}}, {});
  REQUIRE_FALSE(bad_fd);
}

TEST_CASE("process: destroying it kills and reaps, without a call") {
  glib::MainLoop loop;
  bool called = false;
  pid_t pid = 0;
  {
    auto process = Process::spawn(loop.context(), {.argv = {"sleep", "60"}, .fds = {}},
                                  [&](ProcessExit) { called = true; });
    REQUIRE(process);
    pid = process->pid();
    Process moved = std::move(*process);
    moved = Process();  // assignment lets the old one go as well
  }
  // Reaped means: no longer our child.
  const glib::Timer poll(loop.context(), std::chrono::milliseconds(5), [&] {
    if (kill(pid, 0) != 0 && errno == ESRCH) loop.quit();
  });
  const glib::Timer deadline(loop.context(), std::chrono::seconds(10), [&] {
    FAIL_CHECK("the child was never reaped");
    loop.quit();
  });
  loop.run();
  CHECK_FALSE(called);
}

TEST_CASE("process: the exit callback may destroy the process; kill after the end is harmless") {
  glib::MainLoop loop;
  std::optional<Process> process;
  int calls = 0;
  auto started = Process::spawn(loop.context(), {.argv = {"sleep", "60"}, .fds = {}}, [&](ProcessExit exit) {
    ++calls;
    CHECK(exit.signal == SIGINT);
    CHECK(exit.text() == "signal 2");
    process->kill(SIGTERM);
    process.reset();
    loop.quit();
  });
  REQUIRE(started);
  process = std::move(*started);
  process->kill(SIGINT);
  loop.run();
  CHECK(calls == 1);
}

TEST_CASE("process: many at once, each reaped by its own watch") {
  glib::MainLoop loop;
  std::vector<Process> all;
  int left = 40;
  for (int i = 0; i < 40; ++i) {
    auto process =
        Process::spawn(loop.context(), {.argv = {"sh", "-c", "exit " + std::to_string(i)}, .fds = {}},
                       [&, i](ProcessExit exit) {
                         CHECK(exit.code == i);
                         if (--left == 0) loop.quit();
                       });
    REQUIRE(process);
    all.push_back(std::move(*process));
  }
  loop.run();
  CHECK(left == 0);
}
