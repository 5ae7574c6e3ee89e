#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/fd.hpp"

namespace tongke::base {

/// A file that lives in memory, and nowhere by name: what a child reads or makes. Closed where it is not
/// wanted.
/// @param name  for whoever looks at /proc   @return nothing (false) when the system has no more
[[nodiscard]] Fd memory_file(const char* name);

/// How a child names the descriptor it inherited under this number.
[[nodiscard]] std::string inherited_path(int fd);

/// Writes all of it at the descriptor's place.
/// @return false with errno set
[[nodiscard]] bool write_all(int fd, ByteView bytes);

/// What is in a file from its beginning, wherever the descriptor's place is.
/// @return nothing when it is longer than `most` or cannot be read
[[nodiscard]] std::optional<std::vector<std::uint8_t>> contents_of(int fd, std::uint64_t most = INT64_MAX);

}  // namespace tongke::base
