#include "pipeline/worker/output/pacer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongke::pipeline::worker::output {

Pacer::Pacer(std::uint32_t rate_bps, Send send)
    : rate_bps_(rate_bps), send_(std::move(send)), thread_([this] { run(); }) {}

Pacer::~Pacer() {
  {
    const base::Lock lock(mutex_);
    over_ = true;
  }
  more_.notify_one();
  thread_.join();
}

void Pacer::push(base::ByteView bytes) {
  {
    const base::Lock lock(mutex_);
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  }
  more_.notify_one();
}

// By the clock, not by bytes: a stream begins with a keyframe, which comes all at once.
bool Pacer::preload() {
  const base::Lock lock(mutex_);
  while (!over_ && waiting_.empty()) more_.wait(mutex_);
  const auto begin = base::Steady::now() + kPreload;
  while (!over_ && more_.wait_until(mutex_, begin) != std::cv_status::timeout) {
  }
  return !over_;
}

void Pacer::run() {
  std::array<std::uint8_t, kDatagram> datagram{};
  while (preload()) {
    const auto begun = base::Steady::now();
    std::uint64_t run = 0;  // bytes since then
    for (;;) {
      std::this_thread::sleep_until(begun +
                                    std::chrono::nanoseconds(static_cast<std::int64_t>(
                                        static_cast<double>(run) * 8e9 / static_cast<double>(rate_bps_))));
      {
        const base::Lock lock(mutex_);
        if (over_) return;
        if (waiting_.size() < kDatagram) break;
        const auto end = waiting_.begin() + kDatagram;
        std::copy(waiting_.begin(), end, datagram.begin());
        waiting_.erase(waiting_.begin(), end);
      }
      if (const int code = send_(datagram); code < 0) {
        failure_ = code;
        return;
      }
      run += kDatagram;
      sent_ += kDatagram;
    }
    ++underruns_;
  }
}

}  // namespace tongke::pipeline::worker::output
