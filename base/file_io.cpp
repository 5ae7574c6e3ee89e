#include "base/file_io.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace tongke::base {

Fd memory_file(const char* name) { return Fd(memfd_create(name, MFD_CLOEXEC)); }

std::string inherited_path(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written == 0) errno = ENOSPC;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

std::optional<std::vector<std::uint8_t>> contents_of(int fd, std::uint64_t most) {
  struct stat info {};
  if (fstat(fd, &info) != 0 || static_cast<std::uint64_t>(info.st_size) > most) return std::nullopt;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(info.st_size));
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace tongke::base
