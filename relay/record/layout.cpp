#include "relay/record/layout.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/fd.hpp"

namespace tongke::relay::record {

bool valid_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::filesystem::path Layout::media(std::string_view id, std::string_view rendition,
                                    std::uint32_t init) const {
  return lesson(id) / (std::string(rendition) + "." + std::to_string(init) + ".mp4");
}

std::filesystem::path Layout::fill(std::string_view id, std::string_view rendition,
                                   std::uint32_t number) const {
  return lesson(id) / (std::string(rendition) + ".fill" + std::to_string(number) + ".mp4");
}

std::filesystem::path Layout::doomed(std::string_view id) const {
  return root_ / (std::string(kDoomedPrefix) + std::string(id));
}

std::filesystem::path Layout::damaged(std::string_view id, base::WallTime now) const {
  return root_ / (".damaged-" + std::string(id) + "-" + std::to_string(now.time_since_epoch().count()));
}

base::Result<void> sync_directory(const std::filesystem::path& directory) {
  const base::Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return file_error(errno, directory);
  return {};
}

base::Error file_error(int error, const std::filesystem::path& path) {
  base::Errc kind = base::Errc::io;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) kind = base::Errc::overload;
  if (error == ENOENT) kind = base::Errc::not_found;
  return {kind, path.string() + ": " + std::generic_category().message(error)};
}

}  // namespace tongke::relay::record
