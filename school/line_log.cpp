#include "school/line_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file_io.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::school {
namespace {

namespace log = base::log;

constexpr std::size_t kMaxOpen = 256;
constexpr std::size_t kSyncSingly = 8;  // files to be synced; more are by one call
constexpr std::size_t kBatch = 4096;    // lines taken before they are written
// A file on its way to take another's place; names() passes over it.
constexpr const char* kReplacement = ".replacement";

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

base::Error failed(const std::filesystem::path& path, int error) {
  return {base::Errc::io, path.string() + ": " + std::strerror(error)};
}

/// @return how many lines changed or went; `text` is without them
std::size_t edit_lines(std::string& text, const LineLog::Edit& edit) {
  std::string kept;
  kept.reserve(text.size());
  std::size_t changed = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(before.size() + 1);
    std::string line(before);
    const bool stays = edit(line);
    if (!stays || line != before) ++changed;
    if (stays) kept.append(line).append(1, '\n');
  }
  text = std::move(kept);
  return changed;
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
  const base::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::string();
    return failed(path, errno);
  }
  std::string text;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t n = ::read(fd.get(), block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path, errno);
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
    auto name = entry.path().filename().string();
    if (name != kReplacement) names.insert(std::move(name));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return base::Error{base::Errc::io, folder_.string() + ": " + error.message()};
  }
  return names;
}

base::Result<std::size_t> LineLog::have_done(const std::string& name, Edit edit) {
  auto task = std::make_unique<Task>(Task{std::move(edit), {}});
  auto done = task->done.get_future();
  if (!queue_.push({name, {}, std::move(task)}))
    return base::Error{base::Errc::overload, "the disk does not keep up"};
  return done.get();
}

base::Result<void> LineLog::settle() {
  auto done = have_done({}, nullptr);
  return done ? base::Result<void>() : std::move(done).error();
}

base::Result<std::size_t> LineLog::rewrite(const std::string& name, Edit edit) {
  return have_done(name, std::move(edit));
}

void LineLog::run() {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);  // failing shows at the first line
  std::filesystem::remove(folder_ / kReplacement, ignored);
  for (;;) {
    auto item = unsynced_.empty() ? queue_.pop() : queue_.pop_until(sync_at_);
    if (!item && unsynced_.empty()) break;
    const bool idle = !item.has_value();
    for (std::size_t taken = 0; item; item = ++taken < kBatch ? queue_.try_pop() : std::nullopt) {
      take(std::move(*item));
    }
    write_all();
    if (idle || base::Steady::now() >= sync_at_) sync_all();
    close_idle();
  }
  write_all();
}

void LineLog::take(Item item) {
  if (item.task) return item.task->done.set_value(carry_out(item.name, *item.task));
  File& file = files_[item.name];
  if (file.pending.size() + item.line.size() >= kMaxPending) return lost_lines().Increment();
  file.pending += item.line;
  file.pending += '\n';
  unwritten_.insert(std::move(item.name));
}

base::Result<std::size_t> LineLog::carry_out(const std::string& name, const Task& task) {
  write_all();
  if (task.edit) return edit_file(name, task.edit);
  if (unwritten_.empty()) return std::size_t{0};
  return base::Error{base::Errc::io, "some lines cannot be written now"};
}

base::Result<std::size_t> LineLog::edit_file(const std::string& name, const Edit& edit) {
  // What cannot be written now would come after.
  if (unwritten_.contains(name)) return base::Error{base::Errc::io, name + ": cannot be written now"};
  auto text = read(name);
  if (!text) return std::move(text).error();
  const std::size_t changed = edit_lines(*text, edit);
  if (changed == 0) return changed;
  // Whatever comes of it, the next line opens the file that is there then.
  if (unsynced_.erase(name) > 0) (void)fdatasync(files_[name].fd.get());
  files_.erase(name);
  if (auto done = replace(name, *text); !done) return std::move(done).error();
  return changed;
}

base::Result<void> LineLog::replace(const std::string& name, const std::string& text) {
  const auto made = folder_ / kReplacement;
  const base::Fd fd(open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!fd) return failed(made, errno);
  if (!base::write_all(fd.get(), base::as_bytes(text))) return failed(made, errno);
  if (fsync(fd.get()) != 0) return failed(made, errno);
  if (rename(made.c_str(), (folder_ / name).c_str()) != 0) return failed(made, errno);
  const base::Fd folder(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) return failed(folder_, errno);
  return {};
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
  if (unsynced_.empty()) sync_at_ = base::Steady::now() + kSyncAfter;
  unsynced_.insert(name);
}

void LineLog::sync_all() {
  if (unsynced_.size() > kSyncSingly) {
    // One commit of the file system in place of one a file.
    const base::Fd folder(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder && syncfs(folder.get()) == 0) return unsynced_.clear();
  }
  for (const auto& name : unsynced_) {
    File& file = files_[name];
    if (fdatasync(file.fd.get()) != 0) report(name, file, errno);
  }
  unsynced_.clear();
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
