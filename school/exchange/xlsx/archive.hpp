#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

struct zip;

namespace tongke::school::exchange::xlsx {

/// A zip file in memory. What it unpacks to is bounded: a few kilobytes can claim to be gigabytes.
class Archive {
 public:
  /// Most bytes that all entries read may unpack to together.
  static constexpr std::size_t kMaxUnpacked = 256U << 20U;

  /// @param bytes  outlive the archive   @errors invalid: no zip file
  [[nodiscard]] static base::Result<Archive> open(base::ByteView bytes);

  /// An entry's bytes; nullopt when there is none of that name.
  /// @errors invalid: damaged, encrypted, or too large
  [[nodiscard]] base::Result<std::optional<std::string>> read(const std::string& name);

 private:
  struct Close {
    void operator()(zip* archive) const noexcept;
  };
  explicit Archive(zip* archive) : zip_(archive) {}

  std::unique_ptr<zip, Close> zip_;
  std::size_t left_ = kMaxUnpacked;
};

}  // namespace tongke::school::exchange::xlsx
