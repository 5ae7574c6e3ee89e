#include "relay/record/gap_filler.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/file_io.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "relay/record/boxes.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;
using base::SharedBytes;

/// Descriptors of a child: sound and picture that come out, then the pieces.
constexpr int kSoundFd = 3;
constexpr int kPictureFd = 4;
constexpr std::uint64_t kMostOutput = std::uint64_t{64} << 20U;
/// As /proc has it.
constexpr const char* kMemoryFile = "tongke-fill";

struct Metrics {
  base::metrics::Counter& seconds =
      base::metrics::counter("tongke_backfill_seconds_total", "Sound put into recordings' gaps after a drop");
  base::metrics::Counter& refused =
      base::metrics::counter("tongke_backfill_refused_total",
                             "Kept sound that was not put into a recording: no gap for it, undecodable, "
                             "too much at once or no room");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

std::vector<std::uint8_t> made_in(const base::Fd& file) {
  return base::contents_of(file.get(), kMostOutput).value_or(std::vector<std::uint8_t>());
}

/// The segments in what the child wrote: ftyp and moov, then one fragment for each that has sound.
/// @param init  number of the recording's init that they need
FillWrite::Track track_of(std::string rendition, std::vector<std::uint8_t> file, const FillPlan& plan,
                          std::uint32_t init) {
  FillWrite::Track track{
      .rendition = std::move(rendition), .file = SharedBytes(std::move(file)), .segments = {}};
  const auto view = track.file.view();
  const auto facts = read_init(view);
  if (!facts) return track;
  for (const auto& fragment : walk_fragments(read_from(view), facts->size, view.size(), *facts)) {
    const MediaTime at(
        static_cast<std::int64_t>(static_cast<long double>(fragment.decode_time) * 1e6L / facts->timescale));
    // A sound's first frame begins up to its own length after the cut; rounding may put it just before.
    const auto next = std::ranges::upper_bound(plan.cuts, at + std::chrono::milliseconds(1));
    if (next == plan.cuts.begin() || next == plan.cuts.end()) continue;
    const auto place = static_cast<std::uint32_t>(next - plan.cuts.begin()) - 1;
    if (!track.segments.empty() && track.segments.back().info.msn >= plan.first_msn + place) continue;
    track.segments.push_back({.info = {.msn = plan.first_msn + place,
                                       .init = init,
                                       .independent = true,
                                       .discontinuity = false,
                                       .start = *std::prev(next),
                                       .duration = *next - *std::prev(next),
                                       .bytes = fragment.size,
                                       .filled = true},
                              .offset = fragment.offset});
  }
  return track;
}

}  // namespace

struct GapFiller::Job {
  std::string lesson;
  KeptSound sound;
  OnDone done;
  FillPlan plan;
  std::vector<std::string> argv;
  base::Fd made_sound;
  base::Fd made_picture;
  bool timed_out = false;
  base::glib::Process process;
  base::glib::Timer deadline;
};

GapFiller::GapFiller(base::glib::MainLoop& control, Catalog& catalog, ArchiveReader& archive, Options options,
                     Write write)
    : control_(control),
      catalog_(catalog),
      archive_(archive),
      options_(std::move(options)),
      write_(std::move(write)) {}

GapFiller::~GapFiller() = default;

void GapFiller::fill(const std::string& lesson, KeptSound sound, OnDone done) {
  if (jobs_.size() >= options_.waiting) {
    metrics().refused.Increment();
    return done(Error{Errc::overload, "too many gaps are being filled"});
  }
  auto job = std::make_shared<Job>();
  job->lesson = lesson;
  job->sound = std::move(sound);
  job->done = std::move(done);
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1) start_next();
}

void GapFiller::start_next() {
  if (jobs_.empty()) return;
  // The reader answers on a thread of its own, perhaps after we are gone: only control may look.
  archive_.read_contents(jobs_.front()->lesson,
                         [this, &control = control_, weak = std::weak_ptr(jobs_.front())](auto contents) {
                           control.post([this, weak, contents = std::move(contents)] {
                             if (const auto job = weak.lock()) plan(*job, contents);
                           });
                         });
}

void GapFiller::plan(Job& job, const base::Result<std::shared_ptr<const Contents>>& contents) {
  if (!contents) return finish(job, contents.error());
  auto planned = plan_fill(**contents, job.sound.pieces.front().start, job.sound.end);
  if (!planned) return finish(job, planned.error());
  job.plan = std::move(*planned);
  if (auto spawned = spawn(job); !spawned) finish(job, spawned.error());
}

base::Result<void> GapFiller::spawn(Job& job) {
  const auto& layout = catalog_.layout();
  const auto& plan = job.plan;
  job.made_sound = base::memory_file(kMemoryFile);
  if (!job.made_sound) return Error{Errc::unavailable, "no memory file"};
  std::string cuts;
  for (const auto cut : plan.cuts) cuts += (cuts.empty() ? "" : ",") + std::to_string(cut.count());
  base::glib::SpawnOptions options;
  options.argv = {options_.pipeline, "fill",
                  "--container",     job.sound.container == KeptSound::Container::webm ? "webm" : "mp4",
                  "--cuts",          cuts,
                  "--like",          layout.media(job.lesson, "audio", plan.sound_init).string(),
                  "--out",           base::inherited_path(kSoundFd)};
  options.fds = {{.ours = job.made_sound.get(), .theirs = kSoundFd}};
  options.nice = options_.nice;
  if (plan.picture_init) {
    job.made_picture = base::memory_file(kMemoryFile);
    if (!job.made_picture) return Error{Errc::unavailable, "no memory file"};
    options.fds.push_back({.ours = job.made_picture.get(), .theirs = kPictureFd});
    options.argv.insert(options.argv.end(),
                        {"--picture", layout.media(job.lesson, "src", *plan.picture_init).string(),
                         "--picture-out", base::inherited_path(kPictureFd)});
  }
  std::vector<base::Fd> inputs;
  int theirs = kPictureFd;
  for (const auto& piece : job.sound.pieces) {
    base::Fd fd = base::memory_file(kMemoryFile);
    if (!fd || !base::write_all(fd.get(), piece.bytes.view()))
      return Error{Errc::unavailable, "no memory file"};
    options.fds.push_back({.ours = fd.get(), .theirs = ++theirs});
    options.argv.insert(options.argv.end(), {"--sound", base::inherited_path(theirs), "--at",
                                             std::to_string(piece.start.count())});
    inputs.push_back(std::move(fd));
  }
  job.sound.pieces.clear();
  auto process = base::glib::Process::spawn(
      control_.context(), options, [this, &job](const base::glib::ProcessExit& exit) { exited(job, exit); });
  if (!process) return Error{Errc::unavailable, process.error().message};
  job.process = std::move(*process);
  job.deadline = base::glib::Timer(control_.context(), options_.deadline, [&job] {
    job.timed_out = true;
    job.process.kill(SIGKILL);
  });
  return {};
}

void GapFiller::exited(Job& job, const base::glib::ProcessExit& exit) {
  job.deadline.reset();
  if (job.timed_out) return finish(job, Error{Errc::timeout, "the sound took too long to put in"});
  if (!exit.ok()) return finish(job, Error{Errc::invalid, "sound that cannot be decoded"});
  FillWrite write;
  write.tracks.push_back(track_of("audio", made_in(job.made_sound), job.plan, job.plan.sound_init));
  MediaTime sound{0};
  for (const auto& segment : write.tracks.front().segments) sound += segment.info.duration;
  if (sound == MediaTime{0}) return finish(job, Error{Errc::not_found, "this sound falls into no gap"});
  if (job.plan.picture_init) {
    auto picture = track_of("src", made_in(job.made_picture), job.plan, *job.plan.picture_init);
    if (!picture.segments.empty()) write.tracks.push_back(std::move(picture));
  }
  write_(job.lesson, std::move(write),
         [this, sound, weak = std::weak_ptr(jobs_.front())](const base::Result<void>& written) {
           const auto kept = weak.lock();
           if (!kept) return;
           if (!written) return finish(*kept, written.error());
           metrics().seconds.Increment(base::seconds(sound));
           base::log::info("gap filled", {{"lesson", kept->lesson}, {"seconds", base::seconds(sound)}});
           finish(*kept, sound);
         });
}

void GapFiller::finish(Job& job, const base::Result<MediaTime>& result) {
  const auto keep = jobs_.front();  // `job` itself: only the first one runs
  jobs_.pop_front();
  if (!result) {
    metrics().refused.Increment();
    base::log::info("gap not filled", {{"lesson", job.lesson}, {"why", result.error().message}});
  }
  start_next();
  // Last: it may do anything, even ask again.
  keep->done(result);
}

}  // namespace tongke::relay::record
