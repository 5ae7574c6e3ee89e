#include "relay/app/data_dir.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/fd.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;

constexpr std::size_t kSecretBytes = 32;

}  // namespace

base::Result<DataDir> DataDir::open(const std::filesystem::path& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (!error) {
    const bool made = std::filesystem::create_directories(absolute, error);
    if (made && !error) std::filesystem::permissions(absolute, std::filesystem::perms::owner_all, error);
  }
  if (error) return Error{Errc::io, path.string() + ": " + error.message()};
  return DataDir(absolute);
}

base::Result<std::vector<std::uint8_t>> DataDir::secret() const {
  const auto file = path_ / "secret";
  const auto failed = [&] { return Error{Errc::io, file.string() + ": " + std::strerror(errno)}; };
  std::vector<std::uint8_t> secret(kSecretBytes);
  base::Fd in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in) {
    if (::read(in.get(), secret.data(), secret.size()) == static_cast<ssize_t>(secret.size())) return secret;
    // Making a new one would silently turn every link given out into "not found".
    return Error{Errc::io,
                 file.string() + ": damaged; restore it from a backup, or delete it and hand out new links"};
  }
  if (errno != ENOENT) return failed();
  secret = school::crypto::random_bytes(kSecretBytes);
  const auto fresh = path_ / "secret.new";
  const base::Fd out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out || ::write(out.get(), secret.data(), secret.size()) != static_cast<ssize_t>(secret.size()) ||
      ::fsync(out.get()) != 0 || ::rename(fresh.c_str(), file.c_str()) != 0) {
    return failed();
  }
  return secret;
}

}  // namespace tongke::relay::app
