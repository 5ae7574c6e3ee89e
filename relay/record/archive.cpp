#include "relay/record/archive.hpp"

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "base/fd.hpp"
#include "base/metrics.hpp"
#include "relay/record/boxes.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;

base::metrics::Counter& refused() {
  static auto& counter = base::metrics::counter("tongke_archive_refused_total",
                                                "Reads of recordings refused because too many were waiting.");
  return counter;
}

Error busy() { return {Errc::overload, "too many reads of recordings are waiting"}; }

}  // namespace

ArchiveReader::ArchiveReader(Catalog& catalog, Options options) : catalog_(catalog) {
  for (std::size_t i = 0; i < options.threads; ++i) {
    auto& worker = *workers_.emplace_back(std::make_unique<Worker>(options.waiting));
    worker.thread = std::thread([&queue = worker.queue] {
      while (auto job = queue.pop()) (*job)();
    });
  }
}

ArchiveReader::~ArchiveReader() {
  for (auto& worker : workers_) worker->queue.close();
  for (auto& worker : workers_) worker->thread.join();
}

bool ArchiveReader::push(const std::string& lesson, Job job) {
  auto& worker = *workers_[std::hash<std::string>{}(lesson) % workers_.size()];
  if (worker.queue.push(std::move(job))) return true;
  refused().Increment();
  return false;
}

void ArchiveReader::read(std::string lesson, std::string rendition, std::uint32_t msn, OnBytes done) {
  const bool queued = push(lesson, [this, lesson, rendition = std::move(rendition), msn, done] {
    done(segment(lesson, rendition, msn));
  });
  if (!queued) done(busy());
}

void ArchiveReader::read_init(std::string lesson, std::string rendition, std::uint32_t number, OnBytes done) {
  const bool queued = push(lesson, [this, lesson, rendition = std::move(rendition), number, done] {
    done(init(lesson, rendition, number));
  });
  if (!queued) done(busy());
}

void ArchiveReader::read_contents(std::string lesson, OnContents done) {
  const bool queued = push(lesson, [this, lesson, done] {
    auto index = catalog_.open(lesson);
    if (!index) return done(std::move(index).error());
    done(std::make_shared<const Contents>((*index)->snapshot()));
  });
  if (!queued) done(busy());
}

base::Result<base::SharedBytes> ArchiveReader::segment(const std::string& lesson,
                                                       const std::string& rendition, std::uint32_t msn) {
  auto index = catalog_.open(lesson);
  if (!index) return std::move(index).error();
  const auto place = (*index)->locate(rendition, msn);
  if (!place) return Error{Errc::not_found, "no such segment"};
  const auto& layout = catalog_.layout();
  const auto path = place->fill ? layout.fill(lesson, rendition, *place->fill)
                                : layout.media(lesson, rendition, place->init);
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error(errno, path);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(place->size));
  if (!read_from(fd.get())(place->offset, bytes)) return file_error(EIO, path);
  return base::SharedBytes(std::move(bytes));
}

base::Result<base::SharedBytes> ArchiveReader::init(const std::string& lesson, const std::string& rendition,
                                                    std::uint32_t number) {
  auto index = catalog_.open(lesson);
  if (!index) return std::move(index).error();
  const auto init = (*index)->init(rendition, number);
  if (!init) return Error{Errc::not_found, "no such init segment"};
  return init->bytes;
}

}  // namespace tongke::relay::record
