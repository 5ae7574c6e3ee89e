#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"
#include "relay/record/catalog.hpp"

namespace tongke::relay::record {

/// Reads recordings for those who must not wait for a disk: rewind, replay, the API.
/// Callbacks run on one of its threads, or on the caller's when the request is refused; keep
/// them short. Requests for one lesson are answered in order. When too many wait, a new one
/// is refused (overload) and counted.
/// @thread any
class ArchiveReader {
 public:
  struct Options {
    std::size_t threads = 2;
    std::size_t waiting = 256;  ///< requests a thread
  };
  using OnBytes = std::function<void(base::Result<base::SharedBytes>)>;
  using OnContents = std::function<void(base::Result<std::shared_ptr<const Contents>>)>;

  ArchiveReader(Catalog& catalog, Options options);
  /// Answers what waits, then stops.
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /// A whole segment: all its parts, one after the other.
  /// @errors not_found (also: not yet whole, or lost), overload, io
  void read(std::string lesson, std::string rendition, std::uint32_t msn, OnBytes done);
  /// An init segment.  @errors not_found, overload, io
  void read_init(std::string lesson, std::string rendition, std::uint32_t number, OnBytes done);
  /// Everything known of a recording as of now: segments, gaps, losses, duration, size.
  /// @errors not_found, invalid, overload, io
  void read_contents(std::string lesson, OnContents done);

 private:
  using Job = std::function<void()>;
  struct Worker {
    explicit Worker(std::size_t bound) : queue(bound) {}
    base::BoundedQueue<Job> queue;
    std::thread thread;
  };
  [[nodiscard]] bool push(const std::string& lesson, Job job);
  [[nodiscard]] base::Result<base::SharedBytes> segment(const std::string& lesson,
                                                        const std::string& rendition, std::uint32_t msn);
  [[nodiscard]] base::Result<base::SharedBytes> init(const std::string& lesson, const std::string& rendition,
                                                     std::uint32_t number);

  Catalog& catalog_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace tongke::relay::record
