#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "pipeline/worker/av/handle.hpp"

namespace tongke::pipeline::worker::av {
namespace {

constexpr int kLinesPerMinute = 20;

// Garbage makes libav talkative.
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

std::string& hidden() {
  static std::string text;
  return text;
}

void forward(void* /*context*/, int level, const char* format, va_list arguments) noexcept {
  if (level > AV_LOG_WARNING) return;
  static base::Mutex mutex;
  const base::Lock lock(mutex);
  if (too_many()) return;
  std::array<char, 2048> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  std::string text(line.data());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::string& secret = hidden();
  for (std::size_t at = 0; !secret.empty() && (at = text.find(secret, at)) != std::string::npos;)
    text.replace(at, secret.size(), "***");
  base::log::warn("libav", {{"text", text}});
}

}  // namespace

void route_log(const std::string& secret) {
  hidden() = secret;
  av_log_set_callback(forward);
}

}  // namespace tongke::pipeline::worker::av
