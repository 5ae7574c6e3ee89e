#include "base/glib/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgets to say so itself
#include <sys/pidfd.h>
}

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>

#include "base/fd.hpp"
#include "base/log.hpp"

namespace tongke::base::glib {
namespace {

// Copies of passed descriptors start here, clear of every number a child asks for.
constexpr int kScratchFd = 64;

std::string errno_text(int error) { return std::generic_category().message(error); }

Error spawn_error(int error, const std::string& program) {
  const Errc kind =
      error == ENOENT || error == EACCES || error == ENOEXEC ? Errc::not_found : Errc::unavailable;
  return Error{kind, "cannot start " + program + ": " + errno_text(error)};
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t* get() noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

Result<pid_t> start(const SpawnOptions& options) {
  FileActions actions;
  Attributes attributes;
  // Through copies, so that one pair's `ours` may be another pair's `theirs`.
  std::vector<Fd> copies;
  int last = STDERR_FILENO;
  if (std::ranges::none_of(options.fds, [](const auto& fd) { return fd.theirs == STDIN_FILENO; })) {
    posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  for (const auto& fd : options.fds) {
    const int copy = fcntl(fd.ours, F_DUPFD_CLOEXEC, kScratchFd);
    if (copy < 0) return spawn_error(errno == EBADF ? EINVAL : errno, options.argv.front());
    copies.emplace_back(copy);
    posix_spawn_file_actions_adddup2(actions.get(), copy, fd.theirs);
    last = std::max(last, fd.theirs);
  }
  posix_spawn_file_actions_addclosefrom_np(actions.get(), last + 1);

  std::vector<char*> argv;
  argv.reserve(options.argv.size() + 1);
  for (const auto& argument : options.argv) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  pid_t pid = 0;
  int failed = 0;
  const auto spawn_now = [&] {
    failed = posix_spawnp(&pid, argv.front(), actions.get(), attributes.get(), argv.data(), environ);
  };
  if (options.nice > 0) {
    // A nice value belongs to a thread and is inherited: lent by a passing thread, it covers
    // the child's every thread from its first instruction, and ours stays as it was.
    std::thread([&] {
      setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()),
                  getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())) + options.nice);
      spawn_now();
    }).join();
  } else {
    spawn_now();
  }
  if (failed != 0) return spawn_error(failed, options.argv.front());
  return pid;
}

// nullopt while it still runs.
std::optional<ProcessExit> reap(int pidfd) {
  siginfo_t info{};
  if (waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG) != 0) {
    // Somebody else waited for it: gone, but nobody knows how.
    return ProcessExit{.code = -1};
  }
  if (info.si_pid == 0) return std::nullopt;
  if (info.si_code == CLD_EXITED) return ProcessExit{.code = info.si_status};
  return ProcessExit{.signal = info.si_status};
}

}  // namespace

std::string ProcessExit::text() const {
  return signal != 0 ? "signal " + std::to_string(signal) : "exit status " + std::to_string(code);
}

struct Process::State {
  GMainContext* context = nullptr;
  pid_t pid = 0;
  Fd pidfd;
  OnExit on_exit;
  FdWatch watch;

  void on_ready() {
    const auto exit = reap(pidfd.get());
    if (!exit) return;
    pid = 0;
    watch.reset();
    const OnExit call = std::move(on_exit);  // it may destroy us
    if (call) call(*exit);
  }
};

Process::Process() noexcept = default;
Process::Process(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Process::Process(Process&&) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
  Process old(std::move(*this));
  state_ = std::move(other.state_);
  return *this;
}

Process::~Process() {
  if (!running()) return;
  kill(SIGKILL);
  // Dying takes a moment: what is left behind is a source that owns the pidfd and reaps.
  GMainContext* context = state_->context;
  state_->watch.reset();
  struct Remains {
    Fd pidfd;
    FdWatch watch;
  };
  auto remains = std::make_shared<Remains>();
  remains->pidfd = std::move(state_->pidfd);
  const int fd = remains->pidfd.get();
  auto* raw = remains.get();
  raw->watch = FdWatch(context, fd, G_IO_IN, [remains = std::move(remains)](GIOCondition) mutable {
    if (!reap(remains->pidfd.get())) return true;
    remains->watch.reset();
    return false;
  });
}

Result<Process> Process::spawn(GMainContext* context, const SpawnOptions& options, OnExit on_exit) {
  if (options.argv.empty() || options.argv.front().empty()) return Error{Errc::invalid, "nothing to start"};
  auto pid = start(options);
  if (!pid) return std::move(pid).error();
  auto state = std::make_unique<State>();
  state->context = context;
  state->pid = *pid;
  state->on_exit = std::move(on_exit);
  state->pidfd.reset(pidfd_open(*pid, 0));
  if (!state->pidfd) {
    // Out of descriptors: without a watch the child would be nobody's.
    const int error = errno;
    ::kill(*pid, SIGKILL);
    waitpid(*pid, nullptr, 0);
    return spawn_error(error, options.argv.front());
  }
  state->watch = FdWatch(context, state->pidfd.get(), G_IO_IN, [raw = state.get()](GIOCondition) {
    raw->on_ready();
    return true;  // on_ready() removes the watch itself
  });
  return Process(std::move(state));
}

bool Process::running() const noexcept { return state_ && state_->pid != 0; }
pid_t Process::pid() const noexcept { return state_ ? state_->pid : 0; }

void Process::kill(int signal) noexcept {
  if (running()) pidfd_send_signal(state_->pidfd.get(), signal, nullptr, 0);
}

}  // namespace tongke::base::glib
