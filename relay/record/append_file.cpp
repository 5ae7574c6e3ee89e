#include "relay/record/append_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "relay/record/layout.hpp"

namespace tongke::relay::record {

base::Result<AppendFile> AppendFile::open(const std::filesystem::path& path, std::uint64_t size) {
  AppendFile file;
  file.path_ = path;
  file.fd_.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file.fd_) return file_error(errno, path);
  struct stat info {};
  if (fstat(file.fd_.get(), &info) != 0) return file_error(errno, path);
  if (static_cast<std::uint64_t>(info.st_size) < size) {
    return base::Error{base::Errc::io, path.string() + ": shorter than its journal says"};
  }
  file.size_ = size;
  if (static_cast<std::uint64_t>(info.st_size) > size) file.cut(size);
  return file;
}

base::Result<void> AppendFile::append(base::ByteView bytes) {
  if (tail_in_doubt_) cut(size_);
  if (tail_in_doubt_) return base::Error{base::Errc::io, path_.string() + ": cannot be cut back"};
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        pwrite(fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int error = n == 0 ? ENOSPC : errno;
      cut(size_);
      return file_error(error, path_);
    }
    done += static_cast<std::size_t>(n);
  }
  size_ += bytes.size();
  return {};
}

void AppendFile::cut(std::uint64_t size) noexcept {
  size_ = size;
  tail_in_doubt_ = ftruncate(fd_.get(), static_cast<off_t>(size)) != 0;
}

base::Result<void> AppendFile::sync() {
  if (fdatasync(fd_.get()) != 0) return file_error(errno, path_);
  return {};
}

}  // namespace tongke::relay::record
