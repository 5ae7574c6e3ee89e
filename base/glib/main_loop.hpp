#pragma once

#include <chrono>
#include <functional>

#include "base/executor.hpp"
#include "base/glib/handle.hpp"

namespace tongke::base::glib {

/// Executor over one private GMainContext: one thread calls run(), everybody may post().
class MainLoop final : public Executor {
 public:
  MainLoop();
  ~MainLoop() override;
  MainLoop(const MainLoop&) = delete;
  MainLoop& operator=(const MainLoop&) = delete;

  /// Runs until quit(); makes the context the thread's default meanwhile.
  void run();
  /// @thread any
  void quit();

  void post(Task task) override;
  void post_after(std::chrono::milliseconds delay, Task task) override;

  [[nodiscard]] GMainContext* context() const noexcept { return context_.get(); }

 private:
  Handle<GMainContext> context_;
  Handle<GMainLoop> loop_;
};

/// Calls back while a descriptor is ready, until destroyed. The callback returns false to
/// stop. The descriptor must outlive the watch.  @thread create and destroy on the loop's
class FdWatch {
 public:
  using Callback = std::function<bool(GIOCondition)>;
  FdWatch() = default;
  FdWatch(GMainContext* context, int fd, GIOCondition conditions, Callback callback);

  explicit operator bool() const noexcept { return source_ != nullptr; }
  void reset() noexcept { source_.reset(); }

 private:
  Handle<GSource> source_;
};

/// Calls back every `interval` until destroyed.  @thread create and destroy on the loop's
class Timer {
 public:
  Timer() = default;
  Timer(GMainContext* context, std::chrono::milliseconds interval, std::function<void()> callback);

  explicit operator bool() const noexcept { return source_ != nullptr; }
  void reset() noexcept { source_.reset(); }

 private:
  Handle<GSource> source_;
};

}  // namespace tongke::base::glib
