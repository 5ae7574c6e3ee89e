#include "relay/hls/archive.hpp"

#include <utility>

#include "base/metrics.hpp"

namespace tongke::relay::hls {

namespace {

struct Metrics {
  base::metrics::Counter& reads =
      base::metrics::counter("tongke_hls_archive_reads_total", "Old segments read from recordings");
  base::metrics::Counter& hits =
      base::metrics::counter("tongke_hls_archive_hits_total", "Old segments answered without reading");
  base::metrics::Counter& failed =
      base::metrics::counter("tongke_hls_archive_failures_total", "Old segments that could not be read");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

}  // namespace

ArchiveCache::ArchiveCache(ArchiveReader& reader, base::Executor& worker, Limits limits)
    : reader_(reader), worker_(worker), limits_(limits) {}

void ArchiveCache::get(std::string_view lesson, std::string_view rendition, std::uint32_t msn, Done done) {
  std::string key(lesson);
  key.append("/").append(rendition).append("/").append(std::to_string(msn));
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    kept_.splice(kept_.begin(), kept_, found->second);
    metrics().hits.Increment();
    done(kept_.front().bytes);
    return;
  }
  if (const auto found = reading_.find(key); found != reading_.end()) {
    metrics().hits.Increment();
    found->second.waiting.push_back(std::move(done));
    return;
  }
  if (reading_.size() >= limits_.reads) {
    metrics().failed.Increment();
    done(base::Error{base::Errc::overload, "too many old segments are being read"});
    return;
  }
  metrics().reads.Increment();
  const std::uint64_t number = ++reads_;
  Reading& reading = reading_[key];
  reading.number = number;
  reading.waiting.push_back(std::move(done));
  worker_.post_after(limits_.deadline, [weak = weak_from_this(), key, number] {
    if (const auto self = weak.lock()) {
      self->finish(key, number, base::Error{base::Errc::timeout, "the recording did not answer"});
    }
  });
  reader_.read(
      std::string(lesson), std::string(rendition), msn,
      [weak = weak_from_this(), &worker = worker_, key, number](base::Result<base::SharedBytes> result) {
        worker.post([weak, key, number, result = std::move(result)] {
          if (const auto self = weak.lock()) self->finish(key, number, result);
        });
      });
}

void ArchiveCache::finish(const std::string& key, std::uint64_t number,
                          const base::Result<base::SharedBytes>& result) {
  const auto found = reading_.find(key);
  if (found == reading_.end() || found->second.number != number) return;
  const Reading reading = std::move(found->second);
  reading_.erase(found);
  if (result) {
    keep(key, *result);
  } else {
    metrics().failed.Increment();
  }
  for (const Done& done : reading.waiting) done(result);
}

void ArchiveCache::keep(const std::string& key, const base::SharedBytes& bytes) {
  if (bytes.size() > limits_.bytes) return;
  kept_.push_front({key, bytes});
  by_key_[key] = kept_.begin();
  bytes_ += bytes.size();
  while (bytes_ > limits_.bytes) {
    bytes_ -= kept_.back().bytes.size();
    by_key_.erase(kept_.back().key);
    kept_.pop_back();
  }
}

}  // namespace tongke::relay::hls
