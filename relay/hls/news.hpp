#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

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

  /// @return the workers that had read everything before, and so have to be woken
  std::vector<std::size_t> put(const News& news) {
    return boxes_.with([&](Boxes& boxes) {
      std::vector<std::size_t> idle;
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].empty()) idle.push_back(i);
        put(boxes[i], news);
        fresh_[i].store(true, std::memory_order_release);
      }
      return idle;
    });
  }

  /// Cheap enough to ask before every request.
  [[nodiscard]] bool fresh(std::size_t worker) const noexcept {
    return fresh_[worker].load(std::memory_order_acquire);
  }

  [[nodiscard]] std::vector<News> take(std::size_t worker) {
    return boxes_.with([&](Boxes& boxes) {
      fresh_[worker].store(false, std::memory_order_release);
      return std::exchange(boxes[worker], {});
    });
  }

 private:
  using Boxes = std::vector<std::vector<News>>;

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
