#include "relay/record/exporter.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/fd.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "relay/record/append_file.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;

constexpr std::size_t kMaxProgressLine = 4096;

std::string_view suffix(ExportKind kind) { return kind == ExportKind::mp4 ? ".mp4" : ".m4a"; }

base::metrics::Counter& exports_failed() {
  static auto& counter =
      base::metrics::counter("tongke_exports_failed_total", "Downloads that could not be made.");
  return counter;
}

// One output track: the files of a rendition, in order.
struct Track {
  std::vector<std::filesystem::path> files;
  std::vector<std::filesystem::path> fills = {};  ///< what was sent in later for its gaps
  std::string signature;                          ///< changes when there is more to export
  std::uint64_t bytes = 0;
};

std::optional<Track> track_of(const Contents& contents, const Layout& layout, std::string_view rendition) {
  const Rendition* found = contents.find(rendition);
  if (!found || found->segments.empty()) return std::nullopt;
  Track out;
  for (const auto& init : found->inits) {
    if (std::ranges::none_of(found->segments, [&](const auto& s) { return s.info.init == init->number; }))
      continue;
    out.files.push_back(layout.media(contents.lesson, found->id, init->number));
    const std::uint64_t size = found->file_size(init->number);
    out.bytes += size;
    out.signature += out.files.back().filename().string() + " " + std::to_string(size) + "\n";
  }
  // A picture's last frame stands until the next one anyway.
  if (found->kind == live::TrackKind::audio) {
    for (const auto& fill : found->fills) {
      auto path = layout.fill(contents.lesson, found->id, fill.number);
      out.bytes += fill.segment.info.bytes;
      if (std::ranges::find(out.fills, path) != out.fills.end()) continue;
      out.signature += path.filename().string() + "\n";
      out.fills.push_back(std::move(path));
    }
  }
  return out;
}

base::MediaTime length_of(const Contents& contents, std::string_view rendition) {
  base::MediaTime length{0};
  if (const Rendition* found = contents.find(rendition)) {
    for (const auto& segment : found->segments) length += segment.info.duration;
    for (const auto& fill : found->fills) length += fill.segment.info.duration;
  }
  return length;
}

/// Whether the source's own sound is one track of the whole lesson. It is not when publishers
/// with different encoders followed each other, and a WebRTC publisher's is not there at all;
/// `audio` is the same from beginning to end.
bool has_one_source_sound(const Contents& contents, const Layout& layout) {
  constexpr base::MediaTime kSeams{std::chrono::seconds(1)};
  const auto track = track_of(contents, layout, "src-audio");
  return track && track->files.size() == 1 &&
         length_of(contents, "src-audio") + kSeams >= length_of(contents, "audio");
}

std::vector<Track> tracks_of(const Contents& contents, const Layout& layout, ExportKind kind) {
  std::vector<Track> out;
  const auto add_first_of = [&](std::initializer_list<std::string_view> renditions) {
    for (const auto rendition : renditions) {
      if (auto track = track_of(contents, layout, rendition)) return out.push_back(std::move(*track));
    }
  };
  if (kind == ExportKind::mp4) {
    add_first_of({"src"});
    if (has_one_source_sound(contents, layout)) {
      add_first_of({"src-audio"});
    } else {
      add_first_of({"audio", "src-audio"});
    }
  } else {
    add_first_of({"audio", "src-audio"});
  }
  return out;
}

std::string read_small(const std::filesystem::path& path) {
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 65536> buffer{};
  const ssize_t n = fd ? read(fd.get(), buffer.data(), buffer.size()) : 0;
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0))};
}

std::uint64_t free_space(const std::filesystem::path& path) {
  struct statvfs info {};
  if (statvfs(path.c_str(), &info) != 0) return 0;
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace

struct Exporter::Job {
  std::string lesson;
  ExportKind kind = ExportKind::mp4;
  std::vector<OnDone> waiting;
  double progress = 0;
  bool timed_out = false;
  std::string signature;
  std::filesystem::path target;
  std::filesystem::path partial;
  base::Fd output;
  std::string line;
  base::glib::FdWatch watch;
  base::glib::Timer deadline;
  base::glib::Process process;

  [[nodiscard]] std::filesystem::path sidecar() const { return target.string() + ".from"; }
};

Exporter::Exporter(base::glib::MainLoop& control, Catalog& catalog, ArchiveReader& archive, Options options)
    : control_(control), catalog_(catalog), archive_(archive), options_(std::move(options)) {}

Exporter::~Exporter() = default;

void Exporter::request(const std::string& lesson, ExportKind kind, OnDone done) {
  const auto same = std::ranges::find_if(
      jobs_, [&](const auto& job) { return job->lesson == lesson && job->kind == kind; });
  if (same != jobs_.end()) return (*same)->waiting.push_back(std::move(done));
  if (jobs_.size() >= options_.waiting) {
    control_.post([done = std::move(done)] {
      done(Error{Errc::overload, "too many downloads are being made"});
    });
    return;
  }
  auto job = std::make_shared<Job>();
  job->lesson = lesson;
  job->kind = kind;
  job->waiting.push_back(std::move(done));
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1) start_next();
}

std::optional<double> Exporter::progress(const std::string& lesson, ExportKind kind) const {
  const auto job =
      std::ranges::find_if(jobs_, [&](const auto& j) { return j->lesson == lesson && j->kind == kind; });
  return job == jobs_.end() ? std::nullopt : std::optional((*job)->progress);
}

void Exporter::start_next() {
  if (jobs_.empty()) return;
  // The reader answers on a thread of its own, perhaps after we are gone: only control may look.
  archive_.read_contents(jobs_.front()->lesson,
                         [this, &control = control_, weak = std::weak_ptr(jobs_.front())](auto contents) {
                           control.post([this, weak, contents = std::move(contents)] {
                             if (const auto job = weak.lock()) plan(*job, contents);
                           });
                         });
}

void Exporter::plan(Job& job, base::Result<std::shared_ptr<const Contents>> contents) {
  if (!contents) return finish(job, std::move(contents).error());
  const auto& layout = catalog_.layout();
  const auto tracks = tracks_of(**contents, layout, job.kind);
  if (tracks.empty()) return finish(job, Error{Errc::not_found, "nothing is recorded yet"});
  const auto folder = layout.exports(job.lesson);
  job.target = folder / ("recording" + std::string(suffix(job.kind)));
  job.partial = folder / ("partial" + std::string(suffix(job.kind)));
  std::vector<std::string> argv = {options_.pipeline, "export", "--out", job.partial.string()};
  std::uint64_t bytes = 0;
  for (const auto& track : tracks) {
    for (const auto& [option, paths] : {std::pair{"--track", &track.files}, {"--fill", &track.fills}}) {
      std::string files;
      for (const auto& file : *paths) files += (files.empty() ? "" : ",") + file.string();
      if (!files.empty()) argv.insert(argv.end(), {option, std::move(files)});
    }
    job.signature += track.signature;
    bytes += track.bytes;
  }
  if (read_small(job.sidecar()) == job.signature && access(job.target.c_str(), R_OK) == 0) {
    return finish(job, job.target);
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return finish(job, file_error(error.value(), folder));
  if (free_space(folder) < bytes + options_.min_free) {
    return finish(job, Error{Errc::overload, "too little disk space for a download"});
  }
  if (auto spawned = spawn(job, std::move(argv)); !spawned) finish(job, std::move(spawned).error());
}

base::Result<void> Exporter::spawn(Job& job, std::vector<std::string> argv) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Error{Errc::unavailable, "no more descriptors"};
  job.output.reset(ends[0]);
  const base::Fd theirs(ends[1]);
  fcntl(job.output.get(), F_SETFL, O_NONBLOCK);
  auto process =
      base::glib::Process::spawn(control_.context(),
                                 {.argv = std::move(argv),
                                  .fds = {{.ours = theirs.get(), .theirs = STDOUT_FILENO}},
                                  .nice = options_.nice},
                                 [this, &job](base::glib::ProcessExit exit) { exited(job, exit); });
  if (!process) return Error{Errc::unavailable, process.error().message};
  job.process = std::move(*process);
  job.watch =
      base::glib::FdWatch(control_.context(), job.output.get(), static_cast<GIOCondition>(G_IO_IN | G_IO_HUP),
                          [this, &job](GIOCondition condition) {
                            read_progress(job);
                            return (condition & G_IO_IN) != 0;
                          });
  job.deadline = base::glib::Timer(control_.context(), options_.deadline, [&job] {
    job.timed_out = true;
    job.process.kill(SIGKILL);
  });
  return {};
}

// Lines of JSON with "progress" from 0 to 1; anything else is passed over.
void Exporter::read_progress(Job& job) {
  std::array<char, 1024> buffer{};
  const ssize_t n = read(job.output.get(), buffer.data(), buffer.size());
  for (ssize_t i = 0; i < n; ++i) {
    if (buffer[static_cast<std::size_t>(i)] != '\n') {
      if (job.line.size() < kMaxProgressLine) job.line += buffer[static_cast<std::size_t>(i)];
      continue;
    }
    const auto said = nlohmann::json::parse(job.line, nullptr, false);
    job.line.clear();
    const auto progress = said.is_object() ? said.find("progress") : said.end();
    if (said.is_object() && progress != said.end() && progress->is_number()) {
      job.progress = std::clamp(progress->get<double>(), 0.0, 1.0);
    }
  }
}

void Exporter::exited(Job& job, const base::glib::ProcessExit& exit) {
  if (job.timed_out) return finish(job, Error{Errc::timeout, "the download took too long to make"});
  if (!exit.ok()) return finish(job, Error{Errc::internal, "export failed with " + exit.text()});
  std::error_code error;
  std::filesystem::rename(job.partial, job.target, error);
  if (error) return finish(job, file_error(error.value(), job.target));
  // Without it the next request only exports again.
  if (auto sidecar = AppendFile::open(job.sidecar(), 0)) (void)sidecar->append(base::as_bytes(job.signature));
  finish(job, job.target);
}

void Exporter::finish(Job& job, base::Result<std::filesystem::path> result) {
  const auto keep = jobs_.front();  // `job` itself: only the first one runs
  jobs_.pop_front();
  job.watch.reset();
  job.deadline.reset();
  if (!result) {
    std::error_code ignored;
    if (!job.partial.empty()) std::filesystem::remove(job.partial, ignored);
    if (result.error().kind != Errc::not_found) {
      exports_failed().Increment();
      base::log::warn("export failed", {{"lesson", job.lesson}, {"why", result.error().message}});
    }
  }
  start_next();
  // Last: they may do anything, even ask again or let us go.
  for (const auto& done : keep->waiting) done(result);
}

}  // namespace tongke::relay::record
