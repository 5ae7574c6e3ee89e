#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "base/fd.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"

namespace tongke::school {

/// Text files that only ever grow by whole lines, one file a name: what must not be lost when
/// the process is killed. Lines go to the kernel as soon as the writer thread gets them
/// (a kill -9 costs what came in that instant) and to the disk in groups, file after file.
/// A torn last line, as a power cut leaves it, is cut off when the file is opened again.
class LineLog {
 public:
  static constexpr std::size_t kQueueLines = 1U << 16U;
  /// Kept for later when a file cannot be written; beyond it lines are lost and counted.
  static constexpr std::size_t kMaxPending = 1U << 20U;

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

 private:
  struct Item {
    std::string name;
    std::string line;
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
  void write_all();
  void write(const std::string& name, File& file);
  void sync_one();
  void close_idle();
  void report(const std::string& name, File& file, int error);

  const std::filesystem::path folder_;
  base::BoundedQueue<Item> queue_;
  std::map<std::string, File> files_;
  std::set<std::string> unwritten_;
  std::set<std::string> unsynced_;
  std::thread thread_;
};

}  // namespace tongke::school
