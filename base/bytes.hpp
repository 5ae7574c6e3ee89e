#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tongke::base {

/// Borrowed bytes; valid only as long as their owner says.
using ByteView = std::span<const std::uint8_t>;

/// Immutable bytes with shared ownership: what crosses threads. Copying costs one
/// reference count; the bytes never change after construction.
class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(std::vector<std::uint8_t> bytes)
      : bytes_(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))) {}

  [[nodiscard]] ByteView view() const noexcept { return bytes_ ? ByteView(*bytes_) : ByteView(); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_ ? bytes_->size() : 0; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

 private:
  std::shared_ptr<const std::vector<std::uint8_t>> bytes_;
};

/// Text seen as bytes, and back. No copy; the view lives as long as the argument's owner.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace tongke::base
