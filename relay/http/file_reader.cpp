#include "relay/http/file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace tongke::relay::http {
namespace {

std::string hex(std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), digits[value & 15U]);
    value >>= 4U;
  } while (value != 0);
  return out;
}

base::Result<OpenedFile> open_file(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  auto fd = std::make_shared<const base::Fd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!*fd || ::fstat(fd->get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return base::Error{base::Errc::not_found, "no such file"};
  }
  const auto changed = static_cast<std::uint64_t>(info.st_mtim.tv_sec) * 1'000'000'000U +
                       static_cast<std::uint64_t>(info.st_mtim.tv_nsec);
  const auto size = static_cast<std::uint64_t>(info.st_size);
  return OpenedFile{std::move(fd), size, '"' + hex(info.st_ino) + '-' + hex(size) + '-' + hex(changed) + '"'};
}

base::Result<base::SharedBytes> read_piece(int fd, std::uint64_t offset, std::size_t length) {
  std::vector<std::uint8_t> bytes(length);
  std::size_t have = 0;
  while (have < length) {
    const auto count = ::pread(fd, bytes.data() + have, length - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::Error{base::Errc::io, std::string("read: ") + std::strerror(errno)};
    if (count == 0) return base::Error{base::Errc::io, "file became shorter while it was sent"};
    have += static_cast<std::size_t>(count);
  }
  return base::SharedBytes(std::move(bytes));
}

base::Error refused() { return {base::Errc::overload, "too many files being read"}; }

}  // namespace

FileReader::FileReader()
    : thread_([this] {
        while (auto job = jobs_.pop()) (*job)();
      }) {}

FileReader::~FileReader() { jobs_.close(); }

void FileReader::open(std::string path, Opened done) {
  if (!jobs_.push([path = std::move(path), done] { done(open_file(path)); })) done(refused());
}

void FileReader::read(std::shared_ptr<const base::Fd> fd, std::uint64_t offset, std::size_t length,
                      Piece done) {
  if (!jobs_.push(
          [fd = std::move(fd), offset, length, done] { done(read_piece(fd->get(), offset, length)); })) {
    done(refused());
  }
}

}  // namespace tongke::relay::http
