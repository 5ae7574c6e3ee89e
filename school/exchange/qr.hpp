#pragma once

#include <memory>
#include <optional>
#include <string>

namespace tongke::school::exchange {

/// A QR code's modules; libqrencode's border.
class QrCode {
 public:
  /// nullopt when the text is too long for any code (about 2,900 bytes).
  [[nodiscard]] static std::optional<QrCode> encode(const std::string& text);

  /// Modules along a side, without the light border that scanners need.
  [[nodiscard]] int size() const noexcept { return size_; }
  /// Light outside.
  [[nodiscard]] bool dark(int x, int y) const noexcept {
    return x >= 0 && y >= 0 && x < size_ && y < size_ &&
           modules_[static_cast<std::size_t>(y * size_ + x)] == '1';
  }
  /// As an SVG element that scales, border included.
  [[nodiscard]] std::string svg() const;

 private:
  int size_ = 0;
  std::string modules_;  // '1' is dark
};

}  // namespace tongke::school::exchange
