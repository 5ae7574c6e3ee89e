#include "tests/unit/relay/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/clock.hpp"

namespace tongke::tests {

using namespace std::chrono_literals;

bool turn_until(base::glib::MainLoop& loop, std::chrono::milliseconds deadline,
                const std::function<bool()>& done) {
  const auto end = base::Steady::now() + deadline;
  // The timer wakes the loop for conditions that are not its own events.
  const base::glib::Timer wake(loop.context(), 10ms, [] {});
  while (!done()) {
    if (base::Steady::now() > end) return false;
    g_main_context_iteration(loop.context(), TRUE);
  }
  return true;
}

Program::Program(const std::string& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  out_ = base::Fd(ends[0]);
  const base::Fd in(ends[1]);
  fcntl(out_.get(), F_SETFL, O_NONBLOCK);
  pid_ = fork();
  if (pid_ == 0) {
    setpgid(0, 0);
    dup2(in.get(), STDOUT_FILENO);
    dup2(in.get(), STDERR_FILENO);
    execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
}

Program::~Program() {
  if (!running()) return;
  kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::read_output() {
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = read(out_.get(), buffer.data(), buffer.size())) > 0;) {
    output_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

bool Program::running() {
  if (pid_ < 0) return false;
  read_output();
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  read_output();
  pid_ = -1;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return false;
}

bool Program::wait(base::glib::MainLoop& loop, std::chrono::milliseconds deadline) {
  return turn_until(loop, deadline, [this] { return !running(); });
}

Decoded decode(const std::vector<std::uint8_t>& media, const std::string& format) {
  std::string name = "/tmp/tongke-media-XXXXXX";
  const base::Fd file(mkstemp(name.data()));
  std::ofstream(name, std::ios::binary)
      .write(reinterpret_cast<const char*>(media.data()), static_cast<std::streamsize>(media.size()));
  base::glib::MainLoop loop;
  Program probe("ffprobe -v error -f " + format +
                " -count_frames -show_entries stream=codec_type,nb_read_frames -of csv=p=0 " + name);
  Decoded result;
  if (!probe.wait(loop, 30s)) result.complaints = "ffprobe hangs";
  unlink(name.c_str());
  std::istringstream lines(probe.output());
  for (std::string line; std::getline(lines, line);) {
    if (std::sscanf(line.c_str(), "video,%d", &result.video_frames) == 1) continue;
    if (std::sscanf(line.c_str(), "audio,%d", &result.audio_frames) == 1) continue;
    if (line.starts_with("subtitle")) continue;  // what it calls metadata that is sent again
    if (!line.empty()) result.complaints += line + "\n";
  }
  return result;
}

std::multiset<std::string> thread_names() {
  std::multiset<std::string> names;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream comm(task.path() / "comm");
    std::string name;
    if (std::getline(comm, name)) names.insert(name);
  }
  return names;
}

}  // namespace tongke::tests
