#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/executor.hpp"
#include "base/result.hpp"

namespace tongke::relay::hls {

/// Where segments are once they have left memory; the recorder, in a server.
class ArchiveReader {
 public:
  using Done = std::function<void(base::Result<base::SharedBytes>)>;
  virtual ~ArchiveReader() = default;
  /// Reads one segment and calls `done` once, from any thread, now or later. Never blocks
  /// the caller for the disk.  @thread any
  virtual void read(const std::string& lesson, const std::string& rendition, std::uint32_t msn,
                    Done done) = 0;
};

/// The segments read lately, so that a class rewinding together reads each but once.
/// @thread its worker
class ArchiveCache : public std::enable_shared_from_this<ArchiveCache> {
 public:
  using Done = std::function<void(const base::Result<base::SharedBytes>&)>;

  struct Limits {
    std::size_t bytes = 0;                  ///< kept; the least lately used go first
    std::size_t reads = 0;                  ///< under way at once; more fail with overload
    std::chrono::milliseconds deadline{0};  ///< for one read
  };

  ArchiveCache(ArchiveReader& reader, base::Executor& worker, Limits limits);

  /// Answers at once from memory, or when the disk has.  @errors the reader's; overload; timeout
  void get(std::string_view lesson, std::string_view rendition, std::uint32_t msn, Done done);

 private:
  struct Kept {
    std::string key;
    base::SharedBytes bytes;
  };
  struct Reading {
    std::uint64_t number = 0;
    std::vector<Done> waiting;
  };
  void finish(const std::string& key, std::uint64_t number, const base::Result<base::SharedBytes>& result);
  void keep(const std::string& key, const base::SharedBytes& bytes);

  ArchiveReader& reader_;
  base::Executor& worker_;
  const Limits limits_;
  std::list<Kept> kept_;  ///< most lately used first
  std::unordered_map<std::string, std::list<Kept>::iterator> by_key_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, Reading> reading_;
  std::uint64_t reads_ = 0;
};

}  // namespace tongke::relay::hls
