#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"
#include "relay/app/erasure_marks.hpp"
#include "relay/app/own_data_files.hpp"
#include "relay/http/api/own_data.hpp"
#include "school/arrangements.hpp"
#include "school/lessons.hpp"

namespace tongke::relay::app {

/// What is kept of a child beside the roster: collected for its family, and erased. The lessons'
/// files are read and written on a thread of its own, one family after the other.
///
/// An erasure is marked on disk before the roster's row goes, and goes on at the next start, or
/// some minutes later, until all of it is done.  @thread control, except where said
class OwnDataDesk {
 public:
  /// Pieces of work that wait; more are refused.
  static constexpr std::size_t kMostWaiting = 64;
  /// Lessons in one answer, and how long they may take: a child has some 400 a term.
  static constexpr std::size_t kMostLessons = 1000;
  static constexpr std::chrono::seconds kLongest{20};
  /// An erasure that failed is tried again.
  static constexpr std::chrono::minutes kAgain{5};

  struct Use {
    base::Executor& control;
    const school::Lessons& lessons;
    const school::Arrangements& arrangements;
    std::function<school::people::Snapshot()> people;
    school::LineLog& log;
    school::attendance::Book& book;
    /// Forgets a child in the lessons that are in memory, then calls `done` on any thread.
    /// @return false when it cannot now; then nothing is called   @thread any
    std::function<bool(std::uint32_t seat, std::function<void()> done)> forget_seat;
    ErasureMarks marks;
  };
  /// What `use` names outlives the desk.
  explicit OwnDataDesk(Use use);
  /// Stops after the file in hand.
  ~OwnDataDesk();
  OwnDataDesk(const OwnDataDesk&) = delete;
  OwnDataDesk& operator=(const OwnDataDesk&) = delete;

  using Collected = std::function<void(base::Result<http::api::OwnLessons>)>;
  using Erased = std::function<void(base::Result<void>)>;

  void add_routes(http::Server& server, const http::api::Office& office,
                  const school::feedback::Rule& tickets);
  /// Goes on with the erasures that are marked.
  void start() { resume(); }
  /// @param answer  called on any thread   @thread any
  void collect(const school::people::Snapshot& people, school::people::PupilId pupil, Collected answer);
  /// @pre marked, and gone from the roster   @param answer  called on control
  void erase(school::people::PupilId pupil, Erased answer);

 private:
  using Job = std::function<void()>;
  using Jobs = base::BoundedQueue<Job>;
  struct Collection;

  void search(const std::shared_ptr<Collection>& job);
  void look_up(const std::shared_ptr<Collection>& job);
  void read(const std::shared_ptr<Collection>& job);
  void clear(school::people::PupilId pupil, const Erased& answer);
  void end_erasure(school::people::PupilId pupil, const base::Result<void>& done, const Erased& answer);
  void resume();
  /// Runs `task` on control, unless the desk is gone by then.  @thread any
  void on_control(std::function<void()> task);

  Use use_;
  OwnDataFiles files_;                         // the thread's
  std::set<school::people::PupilId> erasing_;  // control's
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::atomic<bool> stopping_{false};
  std::shared_ptr<Jobs> jobs_ = std::make_shared<Jobs>(kMostWaiting);  // who comes late finds it closed
  std::thread thread_;
};

}  // namespace tongke::relay::app
