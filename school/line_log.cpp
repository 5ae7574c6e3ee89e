#include "school/line_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::school {
namespace {

namespace log = base::log;

constexpr std::size_t kMaxOpen = 256;
constexpr std::size_t kBatch = 4096;  // lines taken before they are written

base::metrics::Counter& lost_lines() {
  static auto& counter = base::metrics::counter("tongke_line_log_lost_total",
                                                "Lines of attendance and notes that could not be kept");
  return counter;
}

/// Where the last whole line ends.
std::uint64_t whole_lines(int fd, std::uint64_t size) {
  std::array<char, 4096> block{};
  while (size > 0) {
    const std::uint64_t from = size > block.size() ? size - block.size() : 0;
    const auto length = static_cast<std::size_t>(size - from);
    if (pread(fd, block.data(), length, static_cast<off_t>(from)) != static_cast<ssize_t>(length))
      return size;
    for (std::size_t i = length; i > 0; --i) {
      if (block[i - 1] == '\n') return from + i;
    }
    size = from;
  }
  return 0;
}

}  // namespace

LineLog::LineLog(std::filesystem::path folder)
    : folder_(std::move(folder)), queue_(kQueueLines), thread_([this] { run(); }) {}

LineLog::~LineLog() {
  queue_.close();
  thread_.join();
}

bool LineLog::append(const std::string& name, std::string line) {
  if (queue_.push({name, std::move(line)})) return true;
  lost_lines().Increment();
  return false;
}

base::Result<std::string> LineLog::read(const std::string& name) const {
  const auto path = folder_ / name;
  const auto failed = [&] {
    return base::Error{base::Errc::io, path.string() + ": " + std::strerror(errno)};
  };
  const base::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::string();
    return failed();
  }
  std::string text;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t n = ::read(fd.get(), block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed();
    if (n == 0) break;
    text.append(block.data(), static_cast<std::size_t>(n));
  }
  const std::size_t end = text.rfind('\n');
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

base::Result<std::set<std::string>> LineLog::names() const {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    names.insert(entry.path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return base::Error{base::Errc::io, folder_.string() + ": " + error.message()};
  }
  return names;
}

void LineLog::run() {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);  // failing shows at the first line
  for (;;) {
    // With files still to be synced there is work to do; without, wait for lines.
    auto item = unsynced_.empty() ? queue_.pop() : queue_.try_pop();
    if (!item && unsynced_.empty()) break;
    for (std::size_t taken = 0; item; item = ++taken < kBatch ? queue_.try_pop() : std::nullopt) {
      take(std::move(*item));
    }
    write_all();
    sync_one();
    close_idle();
  }
  write_all();
}

void LineLog::take(Item item) {
  File& file = files_[item.name];
  if (file.pending.size() + item.line.size() >= kMaxPending) return lost_lines().Increment();
  file.pending += item.line;
  file.pending += '\n';
  unwritten_.insert(std::move(item.name));
}

void LineLog::write_all() {
  for (const auto& name : unwritten_) write(name, files_[name]);
  std::erase_if(unwritten_, [this](const auto& name) { return files_[name].pending.empty(); });
}

void LineLog::write(const std::string& name, File& file) {
  if (!file.fd) {
    file.fd.reset(open((folder_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
    struct stat info {};
    const bool opened = file.fd && fstat(file.fd.get(), &info) == 0;
    if (opened) file.size = whole_lines(file.fd.get(), static_cast<std::uint64_t>(info.st_size));
    if (!opened || ftruncate(file.fd.get(), static_cast<off_t>(file.size)) != 0) {
      report(name, file, errno);
      return file.fd.reset();
    }
  }
  std::size_t done = 0;
  while (done < file.pending.size()) {
    const ssize_t n = pwrite(file.fd.get(), file.pending.data() + done, file.pending.size() - done,
                             static_cast<off_t>(file.size + done));
    if (n < 0 && errno == EINTR) continue;
    // The disk is full: half a line is overwritten by the next try, or cut off at the next start.
    if (n <= 0) return report(name, file, n == 0 ? ENOSPC : errno);
    done += static_cast<std::size_t>(n);
  }
  file.size += done;
  file.pending.clear();
  file.failed = false;
  unsynced_.insert(name);
}

void LineLog::sync_one() {
  if (unsynced_.empty()) return;
  const auto first = unsynced_.begin();
  File& file = files_[*first];
  if (fdatasync(file.fd.get()) != 0) report(*first, file, errno);
  unsynced_.erase(first);
}

void LineLog::close_idle() {
  if (files_.size() <= kMaxOpen) return;
  std::erase_if(files_, [this](const auto& entry) {
    return entry.second.pending.empty() && !unsynced_.contains(entry.first);
  });
}

void LineLog::report(const std::string& name, File& file, int error) {
  if (std::exchange(file.failed, true)) return;
  log::error("lines not written; kept in memory for now", {{"file", name}, {"why", std::strerror(error)}});
}

}  // namespace tongke::school
