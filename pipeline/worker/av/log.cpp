#include <array>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "pipeline/worker/av/handle.hpp"

namespace tongke::pipeline::worker::av {
namespace {

constexpr int kLinesPerMinute = 20;

// Garbage makes libav talkative. One thread calls libav here.
bool too_many() {
  static base::Steady::time_point window{};
  static int lines = 0;
  const auto now = base::Steady::now();
  if (now - window > std::chrono::minutes(1)) {
    window = now;
    lines = 0;
  }
  return ++lines > kLinesPerMinute;
}

void forward(void* /*context*/, int level, const char* format, va_list arguments) noexcept {
  if (level > AV_LOG_WARNING || too_many()) return;
  std::array<char, 512> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  std::string_view text(line.data());
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  base::log::warn("libav", {{"text", text}});
}

}  // namespace

void route_log() { av_log_set_callback(forward); }

}  // namespace tongke::pipeline::worker::av
