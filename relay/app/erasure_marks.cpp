#include "relay/app/erasure_marks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/fd.hpp"

namespace tongke::relay::app {

namespace people = school::people;
using base::Errc;
using base::Error;
using base::Result;

Result<void> ErasureMarks::sync() const {
  const base::Fd folder(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0)
    return Error{Errc::io, folder_.string() + ": " + std::strerror(errno)};
  return {};
}

Result<void> ErasureMarks::add(people::PupilId pupil) const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return Error{Errc::io, folder_.string() + ": " + error.message()};
  const auto path = folder_ / std::to_string(pupil.value);
  const base::Fd mark(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
  if (!mark) return Error{Errc::io, path.string() + ": " + std::strerror(errno)};
  return sync();
}

Result<void> ErasureMarks::remove(people::PupilId pupil) const {
  const auto path = folder_ / std::to_string(pupil.value);
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) return Error{Errc::io, path.string() + ": " + error.message()};
  return sync();
}

Result<std::vector<people::PupilId>> ErasureMarks::all() const {
  std::vector<people::PupilId> marked;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    people::PupilId pupil;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pupil.value);
    if (bad == std::errc() && end == name.data() + name.size() && pupil) marked.push_back(pupil);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return Error{Errc::io, folder_.string() + ": " + error.message()};
  return marked;
}

}  // namespace tongke::relay::app
