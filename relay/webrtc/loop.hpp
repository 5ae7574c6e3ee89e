#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/fd.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"

namespace tongke::relay::webrtc {

/// An executor over one epoll: leaner than a main loop of GLib where a socket wakes it
/// thousands of times a second.
class Loop final : public base::Executor {
 public:
  using Ready = std::function<void(std::uint32_t events)>;

  /// @errors io
  [[nodiscard]] static base::Result<std::unique_ptr<Loop>> create();

  /// Runs until quit().  @thread the one that owns it from then on
  void run();
  /// @thread any
  void quit();

  void post(Task task) override;
  void post_after(std::chrono::milliseconds delay, Task task) override;

  /// Calls back while `fd` has one of the EPOLL… events. Callbacks may unwatch anything.
  /// @thread the loop's (or before run())
  void watch(int fd, std::uint32_t events, Ready ready);
  void change(int fd, std::uint32_t events);
  void unwatch(int fd);
  /// Called after every round of events: what they left to be done together.
  void after_round(std::function<void()> task) { after_round_ = std::move(task); }

 private:
  Loop(base::Fd epoll, base::Fd wake) : epoll_(std::move(epoll)), wake_(std::move(wake)) {}
  void run_posted();
  void run_timers();
  [[nodiscard]] int wait_ms() const;
  void add_timer(base::Steady::time_point at, Task task) { timers_.emplace(at, std::move(task)); }

  base::Fd epoll_;
  base::Fd wake_;
  base::Guarded<std::vector<Task>> posted_;
  std::vector<Task> running_;
  std::multimap<base::Steady::time_point, Task> timers_;
  std::unordered_map<int, std::shared_ptr<Ready>> watches_;
  std::function<void()> after_round_;
  bool quit_ = false;
};

}  // namespace tongke::relay::webrtc
