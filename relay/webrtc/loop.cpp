#include "relay/webrtc/loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace tongke::relay::webrtc {
namespace {

constexpr int kMaxEvents = 64;

}  // namespace

base::Result<std::unique_ptr<Loop>> Loop::create() {
  base::Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  base::Fd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!epoll || !wake) return base::Error{base::Errc::io, "webrtc: no event loop"};
  std::unique_ptr<Loop> loop(new Loop(std::move(epoll), std::move(wake)));
  loop->watch(loop->wake_.get(), EPOLLIN, [raw = loop.get()](std::uint32_t) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(raw->wake_.get(), &count, sizeof(count));
    raw->run_posted();
  });
  return loop;
}

void Loop::run() {
  std::array<epoll_event, kMaxEvents> events{};
  while (!quit_) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), kMaxEvents, wait_ms());
    // Before any packet: the first one of a session may be there already when the session is posted.
    run_posted();
    for (int i = 0; i < std::max(count, 0); ++i) {
      const auto found = watches_.find(events[static_cast<std::size_t>(i)].data.fd);
      if (found == watches_.end()) continue;
      // A copy: the callback may unwatch itself.
      const auto ready = found->second;
      (*ready)(events[static_cast<std::size_t>(i)].events);
    }
    run_timers();
    if (after_round_) after_round_();
  }
  run_posted();
}

void Loop::quit() {
  post([this] { quit_ = true; });
}

void Loop::post(Task task) {
  const bool first = posted_.with([&](auto& tasks) {
    tasks.push_back(std::move(task));
    return tasks.size() == 1;
  });
  if (!first) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof(one));
}

void Loop::post_after(std::chrono::milliseconds delay, Task task) {
  const auto at = base::Steady::now() + delay;
  post([this, at, task = std::move(task)]() mutable { add_timer(at, std::move(task)); });
}

void Loop::run_posted() {
  posted_.with([&](auto& tasks) { std::swap(tasks, running_); });
  for (auto& task : running_) task();
  running_.clear();
}

void Loop::run_timers() {
  const auto now = base::Steady::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    auto task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    task();
  }
}

int Loop::wait_ms() const {
  if (timers_.empty()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - base::Steady::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void Loop::watch(int fd, std::uint32_t events, Ready ready) {
  watches_[fd] = std::make_shared<Ready>(std::move(ready));
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Loop::change(int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Loop::unwatch(int fd) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  watches_.erase(fd);
}

}  // namespace tongke::relay::webrtc
