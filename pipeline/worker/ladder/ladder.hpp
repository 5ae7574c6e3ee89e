#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/guarded.hpp"
#include "base/queue.hpp"
#include "pipeline/worker/ladder/history.hpp"
#include "pipeline/worker/ladder/made.hpp"

namespace tongke::pipeline::worker::ladder {

/// The smaller renditions of a lesson's picture, each only while it is wanted: one thread that
/// decodes and encodes, started with the first wish and idle without one. What has just been
/// asked for begins a few seconds back.
/// @thread the owner's; `wake` is called on the ladder's own
class Ladder {
 public:
  /// @param wake  there is something to take()
  explicit Ladder(std::function<void()> wake) : wake_(std::move(wake)) {}
  ~Ladder();
  Ladder(const Ladder&) = delete;
  Ladder& operator=(const Ladder&) = delete;

  void want(const wire::LadderStep& step, bool on);
  void want_stills(bool on);
  /// The source's next picture, in decode order.
  void add(Unit unit);

  /// What has been made since the last call, in order within a rendition.
  [[nodiscard]] std::vector<Made> take();

  /// Waits until everything is made; take() then has it. Nothing may follow.
  void finish();

  /// Pictures that were passed over because the machine is too slow.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_ + mill_dropped_.load(); }

 private:
  using Work = std::variant<Wishes, std::shared_ptr<const Unit>>;
  /// Pictures and wishes that may wait; Mill::kPatience is reached long before.
  static constexpr std::size_t kMaxWaiting = 2'000;

  void tell(Wishes wishes);
  void send(std::shared_ptr<const Unit> unit);
  void send_history();
  void run();
  void made(Made made);

  std::function<void()> wake_;
  Wishes wishes_;
  History history_;
  bool lost_ = false;  ///< the queue refused a unit since the last that it took
  std::uint64_t dropped_ = 0;
  base::BoundedQueue<Work> queue_{kMaxWaiting};
  std::atomic<bool> awake_{false};  ///< wake_() was called and nobody has taken since
  std::atomic<std::uint64_t> mill_dropped_{0};
  base::Guarded<std::vector<Made>> made_;  ///< as much as was added since take() at most
  std::thread thread_;
};

}  // namespace tongke::pipeline::worker::ladder
