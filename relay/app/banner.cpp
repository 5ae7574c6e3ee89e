#include "relay/app/banner.hpp"

#include <qrencode.h>

#include <memory>

#include "relay/app/text.hpp"

namespace tongke::relay::app {
namespace {

constexpr int kQuiet = 2;  // light modules around the code, or phones do not find it

void line(std::string& out, std::string_view key, const std::string& value) {
  out += "  " + text(key) + "\n    " + value + "\n";
}

}  // namespace

std::string banner(const Addresses& addresses, const Settings& settings, const std::string& demo_token) {
  std::string out = "\n" + text("ready") + "\n\n";
  line(out, "ready.home", addresses.pages + "/");
  if (!demo_token.empty()) {
    line(out, "ready.demo", addresses.watch(demo_token));
    const std::string network = network_address();
    if (settings.server.host.empty() && settings.http.public_url.empty() && !network.empty()) {
      Addresses phones = addresses;
      phones.pages.replace(phones.pages.find("127.0.0.1"), std::string_view("127.0.0.1").size(), network);
      line(out, "ready.demo_phone", phones.watch(demo_token));
      out += qr_code(phones.watch(demo_token));
    } else {
      out += qr_code(addresses.watch(demo_token));
    }
  }
  line(out, "ready.publish", "tongke lesson create --title ...");
  line(out, "ready.rtmp", addresses.rtmp);
  line(out, "ready.srt", addresses.srt);
  line(out, "ready.signal", addresses.signal);
  line(out, "ready.health", addresses.pages + "/healthz  " + addresses.pages + "/metrics");
  return out + "\n";
}

std::string qr_code(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1), QRcode_free);
  if (!code) return {};
  const auto dark = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < code->width && y < code->width &&
           (code->data[static_cast<std::size_t>(y) * static_cast<std::size_t>(code->width) +
                       static_cast<std::size_t>(x)] &
            1U) != 0;
  };
  std::string out;
  for (int y = -kQuiet; y < code->width + kQuiet; y += 2) {
    out += "    ";
    // Terminals are mostly dark: blocks draw the light modules.
    for (int x = -kQuiet; x < code->width + kQuiet; ++x) {
      const bool top = !dark(x, y);
      const bool bottom = !dark(x, y + 1);
      out += top && bottom ? "█" : top ? "▀" : bottom ? "▄" : " ";
    }
    out += "\n";
  }
  return out;
}

}  // namespace tongke::relay::app
