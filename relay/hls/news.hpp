#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "relay/hls/rendered.hpp"
#include "relay/live/snapshot.hpp"

namespace tongke::relay::hls {

/// What workers are told of a lesson; a null snapshot withdraws it.
struct News {
  std::string lesson;
  std::shared_ptr<const live::LessonSnapshot> snapshot;
  PlaylistCache::Histories histories;
};

/// News on their way to all workers, put up for all of them at once: what a player learnt
/// at one worker, every other worker knows when its next request arrives there. Holds at
/// most the newest of each lesson per worker.  @thread any
class NewsBoard {
 public:
  explicit NewsBoard(std::size_t workers) : fresh_(workers) {
    boxes_.with([&](Boxes& boxes) { boxes.resize(workers); });
  }

  /// @return the workers to be woken: those whose players wait, and now and then the others,
  ///         which would keep old media in memory
  std::vector<std::size_t> put(const News& news) {
    const auto now = base::Steady::now();
    return boxes_.with([&](Boxes& boxes) {
      std::vector<std::size_t> woken;
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        Box& box = boxes[i];
        put(box.news, news);
        fresh_[i].store(true, std::memory_order_release);
        if (box.called || !(box.awaited || news.snapshot == nullptr || now - box.taken > kPatience)) continue;
        box.called = true;
        woken.push_back(i);
      }
      return woken;
    });
  }

  /// Cheap enough to ask before every request.
  [[nodiscard]] bool fresh(std::size_t worker) const noexcept {
    return fresh_[worker].load(std::memory_order_acquire);
  }

  [[nodiscard]] std::vector<News> take(std::size_t worker) {
    return boxes_.with([&](Boxes& boxes) {
      fresh_[worker].store(false, std::memory_order_release);
      Box& box = boxes[worker];
      box.called = false;
      box.taken = base::Steady::now();
      return std::exchange(box.news, {});
    });
  }

  /// Whether a worker's players wait for news.
  /// @return whether there are some already, for which nobody will wake it
  [[nodiscard]] bool await(std::size_t worker, bool awaited) {
    return boxes_.with([&](Boxes& boxes) {
      Box& box = boxes[worker];
      box.awaited = awaited;
      if (!awaited || box.called || box.news.empty()) return false;
      return box.called = true;
    });
  }

 private:
  static constexpr std::chrono::seconds kPatience{1};

  struct Box {
    std::vector<News> news;
    bool awaited = false;
    bool called = false;  ///< it has been woken, and is on its way
    base::Steady::time_point taken{};
  };
  using Boxes = std::vector<Box>;

  static void put(std::vector<News>& box, const News& news) {
    for (News& old : box) {
      if (old.lesson != news.lesson) continue;
      old = news;
      return;
    }
    box.push_back(news);
  }

  base::Guarded<Boxes> boxes_;
  std::deque<std::atomic<bool>> fresh_;
};

}  // namespace tongke::relay::hls
