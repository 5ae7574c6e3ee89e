#include <cstdlib>
#include <string_view>

#include "relay/hls/names.hpp"
#include "relay/live/timeline.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;

namespace {

/// A lesson at its 100th segment, three parts into it.
const live::LessonSnapshot& lesson() {
  static const auto snapshot = [] {
    live::Timeline timeline("l1", base::WallTime());
    timeline.init({.rendition = "src", .codecs = "avc1.42c01f", .bytes = base::SharedBytes({1})});
    for (std::uint32_t i = 0; i < 1003; ++i) {
      timeline.part({.rendition = "src",
                     .msn = i / 10,
                     .index = i % 10,
                     .ends_segment = i % 10 == 9,
                     .start = i * 200ms,
                     .duration = 200ms,
                     .bytes = base::SharedBytes({1})});
    }
    return timeline.snapshot();
  }();
  return *snapshot;
}

std::string_view line(std::string_view& left) {
  const std::size_t end = std::min(left.find('\n'), left.size());
  const std::string_view taken = left.substr(0, end);
  left.remove_prefix(std::min(end + 1, left.size()));
  return taken;
}

std::string spelled(const hls::MediaName& name) {
  switch (name.kind) {
    case hls::MediaName::Kind::playlist:
      return "media.m3u8";
    case hls::MediaName::Kind::init:
      return "init-" + std::to_string(name.number) + ".mp4";
    case hls::MediaName::Kind::segment:
      return std::to_string(name.number) + ".m4s";
    case hls::MediaName::Kind::part:
      return std::to_string(name.number) + "." + std::to_string(name.part) + ".m4s";
  }
  std::abort();
}

}  // namespace

// Four lines: file name, _HLS_msn, _HLS_part, _HLS_skip ("-": absent) and Accept-Encoding in
// the rest. A name that is understood has one spelling; directives never reach what is not there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view left(reinterpret_cast<const char*>(data), size);
  const std::string_view file = line(left);
  if (const auto name = hls::parse_media_name(file); name && spelled(*name) != file) std::abort();

  const auto maybe = [](std::string_view text) { return text == "-" ? std::nullopt : std::optional(text); };
  const auto msn = maybe(line(left));
  const auto part = maybe(line(left));
  const auto skip = maybe(line(left));
  (void)hls::accepts_gzip(left);
  const auto directives = hls::parse_directives(msn, part, skip);
  if (!directives) return 0;
  if (directives->part && !directives->msn) std::abort();
  const auto& src = *lesson().renditions.front();
  const auto reach = hls::reach(lesson(), src, *directives);
  const bool beyond = directives->msn && *directives->msn > src.edge().msn;
  if (beyond && reach == hls::Reach::there) std::abort();
  return 0;
}
