#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"

namespace tongke::tests {

/// Turns the loop in this thread until `done` or the deadline; what `done` says then.
bool turn_until(base::glib::MainLoop& loop, std::chrono::milliseconds deadline,
                const std::function<bool()>& done);

/// A foreign program run by the shell beside the test's loop, its output collected; killed
/// when it outlives this object.
class Program {
 public:
  explicit Program(const std::string& command);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// Turns `loop` until the program has ended; false when the deadline came first.
  bool wait(base::glib::MainLoop& loop, std::chrono::milliseconds deadline);
  [[nodiscard]] bool running();
  /// Exit status; -1 when killed by a signal.
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& output() const noexcept { return output_; }

 private:
  void read_output();

  pid_t pid_ = -1;
  base::Fd out_;
  int status_ = -1;
  std::string output_;
};

/// How this process's threads are called.
[[nodiscard]] std::multiset<std::string> thread_names();

/// What ffprobe makes of media when it decodes all of it.
struct Decoded {
  int video_frames = 0;
  int audio_frames = 0;
  std::string complaints;  ///< empty when there was nothing to complain about
};
[[nodiscard]] Decoded decode(const std::vector<std::uint8_t>& media, const std::string& format);

}  // namespace tongke::tests
