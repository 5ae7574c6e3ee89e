#include <array>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "base/log.hpp"
#include "pipeline/worker/av/handle.hpp"

namespace tongke::pipeline::worker::av {
namespace {

void forward(void* /*context*/, int level, const char* format, va_list arguments) noexcept {
  if (level > AV_LOG_WARNING) return;
  std::array<char, 512> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  std::string_view text(line.data());
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  base::log::warn("libav", {{"text", text}});
}

}  // namespace

void route_log() { av_log_set_callback(forward); }

}  // namespace tongke::pipeline::worker::av
