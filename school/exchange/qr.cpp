#include "school/exchange/qr.hpp"

#include <qrencode.h>

namespace tongke::school::exchange {
namespace {

constexpr int kQuiet = 4;  // light modules around the code (ISO/IEC 18004)

}  // namespace

std::optional<QrCode> QrCode::encode(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L), QRcode_free);
  if (!made) return std::nullopt;
  QrCode code;
  code.size_ = made->width;
  const auto modules = static_cast<std::size_t>(code.size_ * code.size_);
  code.modules_.reserve(modules);
  for (std::size_t i = 0; i < modules; ++i) code.modules_ += (made->data[i] & 1U) != 0 ? '1' : '0';
  return code;
}

std::string QrCode::svg() const {
  const std::string side = std::to_string(size_ + 2 * kQuiet);
  std::string out =
      "<svg viewBox=\"0 0 " + side + ' ' + side + "\" shape-rendering=\"crispEdges\"><path d=\"";
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      if (!dark(x, y)) continue;
      int run = 1;
      while (dark(x + run, y)) ++run;
      out += 'M' + std::to_string(x + kQuiet) + ' ' + std::to_string(y + kQuiet) + 'h' + std::to_string(run) +
             "v1h-" + std::to_string(run) + 'z';
      x += run;
    }
  }
  return out + "\"/></svg>";
}

}  // namespace tongke::school::exchange
