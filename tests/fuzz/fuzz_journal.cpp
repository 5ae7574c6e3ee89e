#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/log.hpp"
#include "relay/record/append_file.hpp"
#include "relay/record/journal.hpp"
#include "relay/record/salvage.hpp"

using namespace tongke;
using namespace tongke::relay::record;

namespace {

// A folder in memory for the life of the process: salvage works on real files.
const Layout& layout() {
  static const Layout instance = [] {
    base::log::set_level(base::log::Level::error);
    std::string pattern = "/dev/shm/tongke-fuzz-XXXXXX";
    if (!mkdtemp(pattern.data())) std::abort();
    static const std::string folder = pattern;
    std::atexit([] {
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    });
    Layout made{pattern};
    std::filesystem::create_directories(made.lesson("l1"));
    return made;
  }();
  return instance;
}

void put(const std::filesystem::path& path, base::ByteView bytes) {
  auto file = AppendFile::open(path, 0);
  if (!file || !file->append(bytes)) std::abort();
}

void check(const Contents& contents) {
  for (const auto& rendition : contents.renditions) {
    const Segment* before = nullptr;
    for (const auto& segment : rendition.segments) {
      const auto file = layout().media("l1", rendition.id, segment.info.init);
      if (segment.info.bytes == 0 || segment.end() > std::filesystem::file_size(file)) std::abort();
      if (before && (segment.info.msn <= before->info.msn || segment.info.start < before->info.start))
        std::abort();
      before = &segment;
    }
  }
}

}  // namespace

// Any journal beside any media file loads or fails; what loads lies inside the files, and
// loading it again finds the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::size_t split = std::min<std::size_t>(data[0] | data[1] << 8U, size - 3);
  const bool ended = (data[2] & 1U) != 0;
  const base::ByteView rest(data + 3, size - 3);
  const auto text = rest.first(split);
  const auto media = rest.subspan(split);
  if (const auto reading = read_journal(base::as_text(text))) {
    for (const auto& rendition : reading->contents.renditions) {
      if (rendition.inits.size() > 4) return 0;  // slow, and nothing new
      for (const auto& init : rendition.inits) put(layout().media("l1", rendition.id, init->number), media);
    }
  }
  std::remove(layout().journal("l1").c_str());
  std::remove(layout().index("l1").c_str());
  put(ended ? layout().index("l1") : layout().journal("l1"), text);
  const auto once = load_recording(layout(), "l1");
  if (once) {
    check(*once);
    const auto twice = load_recording(layout(), "l1");
    if (!twice || twice->bytes() != once->bytes() || twice->duration() != once->duration()) std::abort();
  }
  for (const auto& entry : std::filesystem::directory_iterator(layout().lesson("l1"))) {
    std::filesystem::remove(entry.path());
  }
  return 0;
}
