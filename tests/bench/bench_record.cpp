// What recording costs: CPU of one lesson of 1 Mbit/s with its journal and syncs, and how
// long start-up takes over a lesson of 45 minutes that was killed. Prints JSON.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/glib/main_loop.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/recorder.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorded_media.hpp"

using namespace tongke;
using namespace std::chrono_literals;

namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double elapsed_ms(base::Steady::time_point since) {
  return std::chrono::duration<double, std::milli>(base::Steady::now() - since).count();
}

// A real fragment made as large as one of 1 Mbit/s by a free box before it.
base::SharedBytes padded(const base::SharedBytes& fragment, std::uint32_t size) {
  const auto free = size - static_cast<std::uint32_t>(fragment.size());
  std::vector<std::uint8_t> out = {static_cast<std::uint8_t>(free >> 24U),
                                   static_cast<std::uint8_t>(free >> 16U),
                                   static_cast<std::uint8_t>(free >> 8U),
                                   static_cast<std::uint8_t>(free),
                                   'f',
                                   'r',
                                   'e',
                                   'e'};
  out.resize(free);
  out.insert(out.end(), fragment.view().begin(), fragment.view().end());
  return base::SharedBytes(std::move(out));
}

}  // namespace

int main() {
  constexpr std::uint32_t kSegments = 45 * 60 / 2;
  constexpr std::uint32_t kParts = 10;
  constexpr std::uint32_t kPartBytes = 25'000;  // 200 ms at 1 Mbit/s
  const test::TempDir dir;
  const auto& media = test::cut_media();
  base::glib::MainLoop control;
  const double before = cpu_seconds();
  const auto begun = base::Steady::now();
  double worst_segment_ms = 0;
  {
    relay::record::Catalog catalog(dir.path());
    relay::record::Recorder recorder(catalog, {}, control, {});
    auto recording = recorder.begin("l1", base::wall_now());
    if (!recording) return 1;
    test::announce(**recording, media);
    const auto video = padded(media[0].parts[0].part.bytes, kPartBytes);
    for (std::uint32_t msn = 0; msn < kSegments; ++msn) {
      const auto since = base::Steady::now();
      for (std::uint32_t index = 0; index < kParts; ++index) {
        for (const auto& rendition : media) {
          if (rendition.id == "480p") continue;  // pass-through has none
          const bool is_src = rendition.id == "src";
          (*recording)
              ->part(rendition.id, msn,
                     {.index = index,
                      .independent = index == 0 || !is_src,
                      .start = msn * 2s + index * 200ms,
                      .duration = 200ms,
                      .bytes = is_src ? video : rendition.parts[index].part.bytes},
                     0, false, index + 1 == kParts);
        }
      }
      // One segment at a time; syncs come in groups, as they do when many lessons are on air.
      bool settled = false;
      recorder.remove("no-such-lesson", [&](const base::Result<void>&) { settled = true; });
      while (!settled) g_main_context_iteration(control.context(), TRUE);
      worst_segment_ms = std::max(worst_segment_ms, elapsed_ms(since));
    }
  }
  const double cpu = cpu_seconds() - before;
  const double wall_ms = elapsed_ms(begun);
  const auto since = base::Steady::now();
  relay::record::Catalog catalog(dir.path());
  const auto list = catalog.list();
  const double list_ms = elapsed_ms(since);
  const auto recorded = catalog.recorded("l1");
  const double load_ms = elapsed_ms(since);
  const auto again = base::Steady::now();
  relay::record::Catalog second(dir.path());
  const bool ok = second.recorded("l1").has_value() && recorded.has_value() && list.size() == 1;
  std::printf(
      "{\"cores_per_lesson\": %.5f, \"write_45_min_ms\": %.0f, \"worst_segment_ms\": %.1f, \"list_ms\": "
      "%.2f, \"load_journal_45_min_ms\": %.1f, "
      "\"load_compacted_ms\": %.1f, \"ok\": %s}\n",
      cpu / (kSegments * 2.0), wall_ms, worst_segment_ms, list_ms, load_ms, elapsed_ms(again),
      ok ? "true" : "false");
  return ok ? 0 : 1;
}
