#include "relay/record/salvage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "base/fd.hpp"
#include "base/log.hpp"
#include "relay/record/boxes.hpp"
#include "relay/record/journal.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;

constexpr std::uint64_t kMaxJournal = 256U << 20U;
constexpr std::uint64_t kMaxInit = 1U << 20U;
// Older segments were synced long before whatever happened to the newest ones.
constexpr std::size_t kSegmentsInDoubt = 2;
// What the journal lost is cut into segments of about the usual length.
constexpr MediaTime kRecoveredSegment{1'500'000};

constexpr MediaTime kLongestLesson = std::chrono::hours(48);

struct MediaFile {
  base::Fd fd;
  std::uint64_t size = 0;
  InitFacts facts;
};

base::Result<base::Fd> open_file(const std::filesystem::path& path, int flags, std::uint64_t& size) {
  base::Fd fd(::open(path.c_str(), flags | O_CLOEXEC));
  struct stat info {};
  if (!fd || fstat(fd.get(), &info) != 0) return file_error(errno, path);
  if (!S_ISREG(info.st_mode)) return Error{Errc::io, path.string() + ": not a file"};
  size = static_cast<std::uint64_t>(info.st_size);
  return fd;
}

base::Result<std::vector<std::uint8_t>> read_some(int fd, std::uint64_t size,
                                                  const std::filesystem::path& path) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  if (!read_from(fd)(0, bytes)) return file_error(EIO, path);
  return bytes;
}

base::Result<std::string> read_text(const std::filesystem::path& path) {
  std::uint64_t size = 0;
  auto fd = open_file(path, O_RDONLY, size);
  if (!fd) return std::move(fd).error();
  if (size > kMaxJournal) return Error{Errc::invalid, path.string() + ": too large"};
  auto bytes = read_some(fd->get(), size, path);
  if (!bytes) return std::move(bytes).error();
  return std::string(base::as_text(*bytes));
}

// At most kLongestLesson, whatever the file says.
MediaTime to_media_time(std::uint64_t ticks, std::uint32_t timescale) {
  const auto micros = static_cast<long double>(ticks) * 1e6L / timescale + 0.5L;
  constexpr auto kMost = static_cast<long double>(kLongestLesson.count());
  return MediaTime(static_cast<std::int64_t>(std::min(micros, kMost)));
}

// Opens the file of one init and loads the init's bytes.
base::Result<MediaFile> open_media(const std::filesystem::path& path, std::uint64_t init_size, bool repair,
                                   base::SharedBytes& init_bytes) {
  MediaFile file;
  auto fd = open_file(path, repair ? O_RDWR : O_RDONLY, file.size);
  if (!fd) return std::move(fd).error();
  file.fd = std::move(*fd);
  if (init_size > kMaxInit || init_size > file.size)
    return Error{Errc::invalid, path.string() + ": no whole init"};
  auto bytes = read_some(file.fd.get(), init_size, path);
  if (!bytes) return std::move(bytes).error();
  const auto facts = read_init(*bytes);
  if (!facts) return Error{Errc::invalid, path.string() + ": not an init segment"};
  file.facts = *facts;
  init_bytes = base::SharedBytes(std::move(*bytes));
  return file;
}

// Shortens the newest segments of an open recording to what is whole on disk, back to
// where enough of them are.
void verify_tail(std::vector<Segment>& segments, const MediaFile& file) {
  std::size_t whole_segments = 0;
  for (std::size_t i = segments.size(); i > 0 && whole_segments < kSegmentsInDoubt; --i) {
    auto& segment = segments[i - 1];
    const auto fragments = walk_fragments(read_from(file.fd.get()), segment.offset,
                                          std::min(segment.end(), file.size), file.facts);
    const std::uint64_t whole = fragments.empty() ? segment.offset : fragments.back().end();
    if (whole == segment.end()) {
      ++whole_segments;
      continue;
    }
    segment.info.bytes = whole - segment.offset;
    std::uint64_t ticks = 0;
    for (const auto& fragment : fragments) ticks += fragment.duration;
    segment.info.duration = std::min(segment.info.duration, to_media_time(ticks, file.facts.timescale));
  }
  std::erase_if(segments, [](const Segment& segment) { return segment.info.bytes == 0; });
}

// Takes in whole fragments behind the last segment: written, but not yet in the journal.
void take_in(Rendition& rendition, std::uint32_t init, std::uint64_t known_end, const MediaFile& file) {
  const auto fragments = walk_fragments(read_from(file.fd.get()), known_end, file.size, file.facts);
  if (fragments.empty()) return;
  // Media time against decode time, from a segment that has both.
  MediaTime shift{0};
  if (!rendition.segments.empty() && rendition.segments.back().info.init == init) {
    const auto& last = rendition.segments.back();
    const auto known = walk_fragments(read_from(file.fd.get()), last.offset, last.end(), file.facts, 1);
    if (!known.empty())
      shift = last.info.start - to_media_time(known.front().decode_time, file.facts.timescale);
  }
  bool fresh = false;  // the last segment is one of ours
  for (const auto& fragment : fragments) {
    PartLine part{.rendition = rendition.id,
                  .init = init,
                  .start = to_media_time(fragment.decode_time, file.facts.timescale) + shift,
                  .duration = to_media_time(fragment.duration, file.facts.timescale),
                  .offset = fragment.offset,
                  .size = fragment.size,
                  .independent = fragment.independent};
    const bool empty = rendition.segments.empty();
    const bool begins =
        empty || rendition.segments.back().info.init != init ||
        (fragment.independent && (!fresh || rendition.segments.back().info.duration >= kRecoveredSegment));
    part.msn = empty ? 0 : rendition.segments.back().info.msn + (begins ? 1 : 0);
    part.index = begins ? 0 : 1;
    const bool plausible = part.start >= MediaTime{0} && part.start + part.duration < kLongestLesson;
    if (!plausible || !add_part(rendition, part)) return;
    fresh = fresh || begins;
  }
}

// Brings one rendition's inits and segments in line with its files. The journal's part
// lines have been merged into segments; a part torn off by the end of its file shows up as
// a segment that reaches behind it.
base::Result<void> settle(const Layout& layout, const std::string& lesson, Rendition& rendition,
                          const std::vector<std::uint64_t>& init_sizes, bool repair) {
  std::vector<std::shared_ptr<const live::RenditionInit>> inits;
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < rendition.inits.size(); ++i) {
    live::RenditionInit init = *rendition.inits[i];
    const auto path = layout.media(lesson, rendition.id, init.number);
    auto file = open_media(path, init_sizes[i], repair, init.bytes);
    if (!file) {
      base::log::warn("recording: file unusable", {{"lesson", lesson}, {"why", file.error().message}});
      continue;
    }
    Rendition one{.id = rendition.id, .kind = rendition.kind, .inits = {}, .segments = {}};
    one.inits.push_back(std::make_shared<const live::RenditionInit>(init));
    for (const auto& segment : rendition.segments) {
      if (segment.info.init == init.number && segment.offset >= init.bytes.size() &&
          segment.offset < file->size) {
        one.segments.push_back(segment);
        auto& kept = one.segments.back();
        if (!repair) kept.info.bytes = std::min(kept.info.bytes, file->size - kept.offset);
      }
    }
    if (repair) {
      // What reaches behind the file's end is cut by verify_tail, too: it walks whole fragments only.
      verify_tail(one.segments, *file);
      const bool newest = i + 1 == rendition.inits.size();
      if (newest) {
        // Numbers go on from the segments of earlier inits.
        const bool numberless = one.segments.empty() && !segments.empty();
        if (numberless) one.segments.push_back(segments.back());
        take_in(one, init.number, std::max<std::uint64_t>(one.file_size(init.number), init.bytes.size()),
                *file);
        if (numberless) one.segments.erase(one.segments.begin());
      }
      const std::uint64_t keep = one.file_size(init.number);
      if (keep < file->size && ftruncate(file->fd.get(), static_cast<off_t>(keep)) != 0)
        return file_error(errno, path);
    }
    inits.push_back(one.inits.front());
    segments.insert(segments.end(), one.segments.begin(), one.segments.end());
  }
  rendition.inits = std::move(inits);
  rendition.segments = std::move(segments);
  // Their files were on the disk before the journal named them: what is shorter is damage.
  std::erase_if(rendition.fills, [&](const Fill& fill) {
    std::error_code error;
    const auto size = std::filesystem::file_size(layout.fill(lesson, rendition.id, fill.number), error);
    const bool known = std::ranges::any_of(
        rendition.inits, [&](const auto& init) { return init->number == fill.segment.info.init; });
    return error || size < fill.segment.end() || !known;
  });
  return {};
}

base::Result<Contents> load(const Layout& layout, const std::string& lesson,
                            const std::filesystem::path& path, bool repair) {
  auto text = read_text(path);
  if (!text) return std::move(text).error();
  auto reading = read_journal(*text);
  if (!reading) return std::move(reading).error().in(path.string());
  if (reading->contents.lesson != lesson) return Error{Errc::invalid, path.string() + ": of another lesson"};
  if (reading->dropped > 0) {
    base::log::warn("recording: journal lines dropped", {{"lesson", lesson}, {"lines", reading->dropped}});
  }
  for (std::size_t i = 0; i < reading->contents.renditions.size(); ++i) {
    auto ok = settle(layout, lesson, reading->contents.renditions[i], reading->init_sizes[i], repair);
    if (!ok) return std::move(ok).error();
  }
  std::erase_if(reading->contents.renditions,
                [](const Rendition& rendition) { return rendition.inits.empty(); });
  return std::move(reading->contents);
}

}  // namespace

base::Result<Contents> load_recording(const Layout& layout, const std::string& lesson) {
  if (!valid_id(lesson)) return Error{Errc::not_found, "no such recording"};
  const auto journal = layout.journal(lesson);
  auto ended = load(layout, lesson, layout.index(lesson), false);
  if (ended && ended->ended) {
    std::remove(journal.c_str());  // left when the end was interrupted
    return ended;
  }
  auto open = load(layout, lesson, journal, true);
  if (!open) return std::move(open).error();
  const bool end_was_interrupted = open->ended;
  if (auto saved = save_journal(end_was_interrupted ? layout.index(lesson) : journal, *open); !saved) {
    return std::move(saved).error().in("recording " + lesson);
  }
  if (end_was_interrupted) std::remove(journal.c_str());
  return open;
}

}  // namespace tongke::relay::record
