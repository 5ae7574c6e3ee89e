#include "relay/app/banner.hpp"

#include <string_view>

#include "relay/app/invocation.hpp"
#include "relay/app/text.hpp"
#include "school/exchange/qr.hpp"

namespace tongke::relay::app {
namespace {

constexpr std::string_view kHere = "127.0.0.1";  // what addresses say while no host is configured
constexpr int kQuiet = 2;                        // light modules around the code, or phones do not find it

void line(std::string& out, std::string_view key, const std::string& value) {
  out += "  " + text(key) + "\n    " + value + "\n";
}

}  // namespace

std::string banner(const Addresses& addresses, const Settings& settings, const std::string& data,
                   const DemoLinks& demo) {
  const std::string network =
      settings.server.host.empty() && settings.http.public_url.empty() ? network_address() : "";
  std::string out = "\n" + text("ready") + "\n\n";
  line(out, "ready.home", addresses.pages + "/");
  if (!demo.watch.empty()) {
    line(out, "ready.demo", addresses.watch(demo.watch));
    Addresses phones = addresses;
    if (!network.empty()) {
      phones.pages.replace(phones.pages.find(kHere), kHere.size(), network);
      line(out, "ready.demo_phone", phones.watch(demo.watch));
    }
    out += qr_code(phones.watch(demo.watch));
  }
  if (!demo.desk.empty()) line(out, "ready.demo_desk", addresses.desk(demo.desk));
  // On this machine's own address: browsers give cameras to no other page without https.
  if (!demo.studio.empty()) line(out, "ready.studio", addresses.studio(demo.studio));
  line(out, "ready.publish", invocation("lesson create --title " + text_zh("ready.title"), data));
  line(out, "ready.rtmp", addresses.rtmp);
  if (!addresses.rtmps.empty()) line(out, "ready.rtmps", addresses.rtmps);
  line(out, "ready.srt", addresses.srt);
  line(out, "ready.whip", addresses.pages + "/whip/...");
  if (!network.empty()) line(out, "ready.host", "TONGKE_SERVER_HOST=" + network);
  line(out, "ready.signal", addresses.signal);
  line(out, "ready.health", addresses.pages + "/healthz  " + addresses.pages + "/metrics");
  return out + "\n";
}

std::string qr_code(const std::string& text) {
  const auto code = school::exchange::QrCode::encode(text);
  if (!code) return {};
  std::string out;
  for (int y = -kQuiet; y < code->size() + kQuiet; y += 2) {
    out += "    ";
    // Terminals are mostly dark: blocks draw the light modules.
    for (int x = -kQuiet; x < code->size() + kQuiet; ++x) {
      const bool top = !code->dark(x, y);
      const bool bottom = !code->dark(x, y + 1);
      out += top && bottom ? "█" : top ? "▀" : bottom ? "▄" : " ";
    }
    out += "\n";
  }
  return out;
}

}  // namespace tongke::relay::app
