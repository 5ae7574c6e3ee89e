#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"

namespace tongke::school {

/// Text files that grow by whole lines, one file a name: what must not be lost when the process
/// is killed. Lines go to the kernel as soon as the writer thread gets them
/// (a kill -9 costs what came in that instant), and within kSyncAfter to the disk (a power cut
/// costs that much), all files together.
/// A torn last line, as a power cut leaves it, is cut off when the file is opened again.
class LineLog {
 public:
  static constexpr std::size_t kQueueLines = 1U << 16U;
  /// Kept for later when a file cannot be written; beyond it lines are lost and counted.
  static constexpr std::size_t kMaxPending = 1U << 20U;

  static constexpr std::chrono::milliseconds kSyncAfter{500};

  explicit LineLog(std::filesystem::path folder);
  /// Writes and syncs what is queued.
  ~LineLog();
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;

  /// @param name  names the file: letters, digits, ., - and _   @param line  without a line feed
  /// @return false when the queue is full (counted): the line is not kept
  /// @thread any; never waits for the disk
  [[nodiscard]] bool append(const std::string& name, std::string line);

  /// The whole lines of a file; empty when there is no such file. Lines queued just now may
  /// be missing.  @thread any; waits for the disk   @errors io
  [[nodiscard]] base::Result<std::string> read(const std::string& name) const;

  /// Names of all files.  @errors io   @thread any; waits for the disk
  [[nodiscard]] base::Result<std::set<std::string>> names() const;

  /// Waits until every line queued before is in its file.
  /// @errors io: some cannot be written now; overload (queue full)   @thread as rewrite
  [[nodiscard]] base::Result<void> settle();

  /// May change the line it is given, whole; false takes it away.
  using Edit = std::function<bool(std::string& line)>;
  /// Puts every line of a file through `edit`, those queued before among them, and waits until
  /// that is on the disk. Another file takes the place of the old one: whenever the machine
  /// stops, there is one of them, whole.
  /// @param edit  called on the writer thread
  /// @return how many lines changed or went; with none, and without a file, nothing is written
  /// @errors io: the file is as it was; overload (queue full)
  /// @thread any that may wait, so neither control nor a worker
  [[nodiscard]] base::Result<std::size_t> rewrite(const std::string& name, Edit edit);

 private:
  /// Something to do between two lines.
  struct Task {
    Edit edit;  ///< none: only what is queued is to be written
    std::promise<base::Result<std::size_t>> done;
  };
  struct Item {
    std::string name;
    std::string line;
    std::unique_ptr<Task> task = nullptr;  ///< in place of a line
  };
  struct File {
    base::Fd fd;
    std::uint64_t size = 0;
    std::string pending;  ///< not written yet
    bool failed = false;
  };

  // ---- on the writer thread ----
  void run();
  void take(Item item);
  [[nodiscard]] base::Result<std::size_t> carry_out(const std::string& name, const Task& task);
  [[nodiscard]] base::Result<std::size_t> edit_file(const std::string& name, const Edit& edit);
  [[nodiscard]] base::Result<void> replace(const std::string& name, const std::string& text);
  void write_all();
  void write(const std::string& name, File& file);
  void sync_all();
  void close_idle();
  void report(const std::string& name, File& file, int error);

  /// Hands a task to the writer thread and waits for it.
  [[nodiscard]] base::Result<std::size_t> have_done(const std::string& name, Edit edit);

  const std::filesystem::path folder_;
  base::BoundedQueue<Item> queue_;
  std::map<std::string, File> files_;
  std::set<std::string> unwritten_;
  std::set<std::string> unsynced_;
  base::Steady::time_point sync_at_;  ///< for what is in unsynced_
  std::thread thread_;
};

}  // namespace tongke::school
