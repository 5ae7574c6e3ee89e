#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"

namespace tongke::base::glib {

/// How a child ended.
struct ProcessExit {
  int code = 0;    ///< exit status; 0 when it died of a signal
  int signal = 0;  ///< the signal it died of; 0 when it exited by itself

  [[nodiscard]] bool ok() const noexcept { return code == 0 && signal == 0; }
  /// "exit status 1" or "signal 9", for logs.
  [[nodiscard]] std::string text() const;
};

/// What to run and with which descriptors.
struct SpawnOptions {
  /// A descriptor of ours and the number under which the child finds it. Ours stays ours:
  /// close it after the spawn if only the child shall hold it.
  struct Passed {
    int ours = -1;
    int theirs = -1;
  };

  std::vector<std::string> argv;  ///< argv[0]: a path, or a name looked up in PATH
  std::vector<Passed> fds;        ///< unless passed: 0 is /dev/null, 1 and 2 are ours, nothing else is open
  int nice = 0;                   ///< added to our own nice value; >= 0
};

/// A running child process that this object owns: destroying it kills the child (SIGKILL)
/// and has it reaped in the background. Watched through a pidfd, so no SIGCHLD handler is
/// involved and no other child of the process is touched; nobody may wait for "any child".
/// The child leads its own process group, so a terminal's Ctrl-C reaches only us, and it
/// starts with default signal handling and an empty signal mask.
/// @thread create, use and destroy on the thread that runs `context`
class Process {
 public:
  using OnExit = std::function<void(ProcessExit)>;

  /// Starts a child. `on_exit` is called once, from `context`, after the child is reaped; it
  /// may destroy this object, and is not called once that has happened.
  /// @errors invalid (empty argv), not_found (no such program), unavailable (no more
  ///         processes, memory or descriptors)
  [[nodiscard]] static Result<Process> spawn(GMainContext* context, const SpawnOptions& options,
                                             OnExit on_exit);

  Process() noexcept;
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  /// False for a default-constructed one and once the child has been reaped.
  [[nodiscard]] bool running() const noexcept;
  /// Of a running child, else 0. For logs and statistics; signal it by kill().
  [[nodiscard]] pid_t pid() const noexcept;
  /// Sends a signal; nothing happens when the child has gone.
  void kill(int signal) noexcept;

 private:
  struct State;
  explicit Process(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace tongke::base::glib
