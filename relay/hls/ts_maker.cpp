#include "relay/hls/ts_maker.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/file_io.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::hls {
namespace {

using base::Errc;
using base::Error;
using base::SharedBytes;

/// Descriptors of a child: the result, then the inputs.
constexpr int kFirstFd = 3;

struct Metrics {
  base::metrics::Counter& made =
      base::metrics::counter("tongke_compat_made_total", "MPEG-TS stretches made for old players");
  base::metrics::Counter& failed =
      base::metrics::counter("tongke_compat_failures_total", "MPEG-TS stretches that could not be made");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

/// As /proc has it.
constexpr const char* kMemoryFile = "tongke-ts";

bool fill(int fd, const TsInput::File& file) {
  return std::ranges::all_of(file,
                             [fd](const SharedBytes& piece) { return base::write_all(fd, piece.view()); });
}

base::Result<SharedBytes> stretch_in(int fd) {
  auto bytes = base::contents_of(fd);
  if (!bytes) return Error{Errc::internal, "the stretch cannot be read"};
  if (bytes->empty()) return Error{Errc::internal, "an empty stretch"};
  return SharedBytes(std::move(*bytes));
}

}  // namespace

struct TsMaker::Job {
  std::string key;
  TsInput input;
  std::vector<Done> waiting;
  base::Fd output;
  base::glib::Process process;
  base::glib::Timer deadline;
  bool started = false;
};

TsMaker::TsMaker(base::glib::MainLoop& control, Options options)
    : control_(control), options_(std::move(options)) {}
TsMaker::~TsMaker() = default;

void TsMaker::make(std::string key, TsInput input, Done done) {
  // std::function wants what it holds copyable: pieces are shared, so a copy is cheap.
  control_.post(
      [weak = weak_from_this(), key = std::move(key), input = std::move(input), done = std::move(done)] {
        if (const auto self = weak.lock()) self->request(key, input, done);
      });
}

void TsMaker::request(std::string key, TsInput input, Done done) {
  if (const auto found = std::ranges::find(kept_, key, &Kept::key); found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return done(found->bytes);
  }
  const auto same = std::ranges::find_if(jobs_, [&](const auto& job) { return job->key == key; });
  if (same != jobs_.end()) return (*same)->waiting.push_back(std::move(done));
  if (jobs_.size() >= options_.waiting) {
    metrics().failed.Increment();
    return done(Error{Errc::overload, "too many stretches are being made"});
  }
  auto job = std::make_shared<Job>();
  job->key = std::move(key);
  job->input = std::move(input);
  job->waiting.push_back(std::move(done));
  jobs_.push_back(std::move(job));
  start_next();
}

void TsMaker::start_next() {
  while (running_ < options_.at_once) {
    const auto next = std::ranges::find_if(jobs_, [](const auto& job) { return !job->started; });
    if (next == jobs_.end()) return;
    const auto job = *next;
    job->started = true;
    ++running_;
    if (auto spawned = spawn(*job); !spawned) finish(job->key, std::move(spawned).error());
  }
}

base::Result<void> TsMaker::spawn(Job& job) {
  job.output = base::memory_file(kMemoryFile);
  if (!job.output) return Error{Errc::unavailable, "no memory file"};
  std::vector<base::Fd> inputs;
  base::glib::SpawnOptions options;
  options.argv = {options_.pipeline, job.input.rest ? "rest" : "ts", "--out", base::inherited_path(kFirstFd)};
  if (const auto& rest = job.input.rest)
    options.argv.insert(options.argv.end(), {"--heading", rest->heading, "--text", rest->text, "--half",
                                             rest->second ? "1" : "0"});
  options.fds = {{.ours = job.output.get(), .theirs = kFirstFd}};
  options.nice = options_.nice;
  for (const auto& [name, files] : {std::pair{"--video", &job.input.video}, {"--audio", &job.input.audio}}) {
    std::string paths;
    for (const auto& file : *files) {
      base::Fd fd = base::memory_file(kMemoryFile);
      if (!fd || !fill(fd.get(), file)) return Error{Errc::unavailable, "no memory file"};
      const int theirs = kFirstFd + static_cast<int>(options.fds.size());
      options.fds.push_back({.ours = fd.get(), .theirs = theirs});
      paths += (paths.empty() ? "" : ",") + base::inherited_path(theirs);
      inputs.push_back(std::move(fd));
    }
    if (!paths.empty()) options.argv.insert(options.argv.end(), {name, std::move(paths)});
  }
  job.input = {};
  auto process = base::glib::Process::spawn(
      control_.context(), options, [this, key = job.key](const base::glib::ProcessExit& exit) {
        const auto found = std::ranges::find_if(jobs_, [&](const auto& each) { return each->key == key; });
        if (found == jobs_.end()) return;
        finish(key, exit.ok() ? stretch_in((*found)->output.get())
                              : base::Result<SharedBytes>(
                                    Error{Errc::internal, "the remuxer ended with " + exit.text()}));
      });
  if (!process) return Error{Errc::unavailable, process.error().message};
  job.process = std::move(*process);
  job.deadline =
      base::glib::Timer(control_.context(), options_.deadline, [&job] { job.process.kill(SIGKILL); });
  return {};
}

void TsMaker::finish(const std::string& key, base::Result<SharedBytes> result) {
  const auto found = std::ranges::find_if(jobs_, [&](const auto& job) { return job->key == key; });
  const auto job = *found;
  jobs_.erase(found);
  --running_;
  job->deadline.reset();
  if (result) {
    metrics().made.Increment();
    keep(key, *result);
  } else {
    metrics().failed.Increment();
    base::log::warn("no MPEG-TS", {{"stretch", key}, {"why", result.error().message}});
  }
  start_next();
  for (const Done& done : job->waiting) done(result);
}

void TsMaker::keep(const std::string& key, const SharedBytes& bytes) {
  kept_.push_front({key, bytes});
  kept_bytes_ += bytes.size();
  while (kept_bytes_ > options_.kept_bytes) {
    kept_bytes_ -= kept_.back().bytes.size();
    kept_.pop_back();
  }
}

}  // namespace tongke::relay::hls
