#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"

namespace tongke::relay::http {

/// An open regular file, as its answer needs it.
struct OpenedFile {
  std::shared_ptr<const base::Fd> fd;
  std::uint64_t size = 0;
  std::string etag;  ///< strong: changes with size, time of change and file identity
};

/// The thread on which a worker's files are opened and read, since a disk may take its
/// time. Bound: kJobs jobs; a job refused answers `overload`.
class FileReader {
 public:
  using Opened = std::function<void(base::Result<OpenedFile>)>;
  using Piece = std::function<void(base::Result<base::SharedBytes>)>;

  FileReader();
  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// Callbacks run on the reader's thread (or at once, refused, on the caller's).
  /// @errors not_found (missing, unreadable or no regular file), overload
  void open(std::string path, Opened done);
  /// @errors io (also: the file has become shorter), overload
  void read(std::shared_ptr<const base::Fd> fd, std::uint64_t offset, std::size_t length, Piece done);

 private:
  static constexpr std::size_t kJobs = 4096;
  base::BoundedQueue<std::function<void()>> jobs_{kJobs};
  std::jthread thread_;
};

}  // namespace tongke::relay::http
