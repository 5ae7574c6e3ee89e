#include "relay/record/recorder.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;

// What a queued part takes besides its bytes.
constexpr std::size_t kItemBytes = 256;
// A recording that could not be begun is tried again at segment starts, this far apart.
constexpr auto kOpenAgainAfter = std::chrono::seconds(2);
// Syncing waits for a quiet moment, but not longer than this.
constexpr auto kSyncWithin = std::chrono::milliseconds(500);

base::metrics::Counter& parts_dropped() {
  static auto& counter = base::metrics::counter("tongke_record_queue_dropped_total",
                                                "Parts dropped because the recorder's queue was full.");
  return counter;
}
base::metrics::Gauge& level_gauge() {
  static auto& gauge = base::metrics::gauge(
      "tongke_record_level", "What is recorded: 4 all, 3 source, 2 source audio, 1 audio, 0 nothing.");
  return gauge;
}

Trouble trouble_of(const Error& error) {
  if (error.kind == Errc::conflict) return Trouble::conflict;
  return error.kind == Errc::overload ? Trouble::disk_full : Trouble::io_error;
}

}  // namespace

// ---- LessonRecording ----

LessonRecording::LessonRecording(Recorder& recorder, std::shared_ptr<LessonWriter> writer)
    : recorder_(recorder), writer_(std::move(writer)) {}

LessonRecording::~LessonRecording() {
  if (!ended_) recorder_.push({writer_, Recorder::Close{}}, 0);
}

void LessonRecording::init(const std::string& rendition, live::TrackKind kind,
                           std::shared_ptr<const live::RenditionInit> init) {
  auto& feed = feeds_[rendition];
  feed.kind = kind;
  feed.unsent = std::move(init);
}

void LessonRecording::part(const std::string& rendition, std::uint32_t msn, const live::MediaPart& part,
                           std::uint32_t init, bool discontinuity, bool ends_segment) {
  auto& feed = feeds_[rendition];
  if (feed.dropping && part.index != 0) {
    parts_dropped().Increment();
    return;
  }
  const bool sent = send(rendition, feed,
                         {.rendition = rendition,
                          .msn = msn,
                          .init = init,
                          .part = part,
                          .discontinuity = discontinuity,
                          .ends_segment = ends_segment,
                          .after_drop = feed.dropping});
  if (!sent) {
    parts_dropped().Increment();
    if (part.index == 0) recorder_.notify(LostSegment{writer_->lesson(), rendition, msn});
  }
  feed.dropping = !sent;
  set_overloaded(std::ranges::any_of(feeds_, [](const auto& entry) { return entry.second.dropping; }));
}

bool LessonRecording::send(const std::string& rendition, Feed& feed, PartWrite write) {
  if (feed.unsent) {
    const std::size_t weight = kItemBytes + feed.unsent->bytes.size();
    if (!recorder_.push({writer_, Recorder::Announce{rendition, feed.kind, feed.unsent}}, weight))
      return false;
    feed.unsent.reset();
  }
  const std::size_t weight = kItemBytes + write.part.bytes.size();
  return recorder_.push({writer_, std::move(write)}, weight);
}

void LessonRecording::set_overloaded(bool overloaded) {
  if (std::exchange(overloaded_, overloaded) == overloaded) return;
  recorder_.notify_overload(writer_->lesson(), overloaded);
}

void LessonRecording::gap(const live::Gap& gap) { recorder_.push({writer_, gap}, 0); }

void LessonRecording::fill(FillWrite write, OnEnded done) {
  std::size_t weight = kItemBytes;
  for (const auto& track : write.tracks) weight += track.file.size();
  if (ended_) return recorder_.answer(done, Error{Errc::conflict, "the recording has ended"});
  if (!recorder_.push({writer_, Recorder::FillIn{std::move(write), done}}, weight))
    recorder_.answer(done, Error{Errc::overload, "the disk is too slow"});
}

void LessonRecording::end(OnEnded on_ended) {
  if (std::exchange(ended_, true)) return;
  recorder_.push({writer_, Recorder::End{std::move(on_ended)}}, 0);
}

// ---- Recorder: any thread ----

Recorder::Recorder(Catalog& catalog, Options options, base::Executor& control, Reports reports)
    : catalog_(catalog),
      control_(control),
      reports_(std::make_shared<const Reports>(std::move(reports))),
      queue_(options.queue_bytes),
      disk_(catalog.layout(), options.disk),
      thread_([this] { run(); }) {}

Recorder::~Recorder() {
  queue_.close();
  thread_.join();
}

base::Result<std::unique_ptr<LessonRecording>> Recorder::begin(const std::string& lesson,
                                                               base::WallTime started) {
  if (!valid_id(lesson)) return Error{Errc::invalid, "not a lesson id"};
  return start(lesson, started);
}

base::Result<std::unique_ptr<LessonRecording>> Recorder::resume(const std::string& lesson) {
  if (!valid_id(lesson)) return Error{Errc::invalid, "not a lesson id"};
  return start(lesson, std::nullopt);
}

std::unique_ptr<LessonRecording> Recorder::start(const std::string& lesson,
                                                 std::optional<base::WallTime> started) {
  auto lost = [this, lesson](const std::string& rendition, std::uint32_t msn) {
    notify(LostSegment{lesson, rendition, msn});
  };
  auto writer = std::make_shared<LessonWriter>(lesson, started, disk_, catalog_, std::move(lost));
  push({writer, Open{}}, 0);
  return std::unique_ptr<LessonRecording>(new LessonRecording(*this, std::move(writer)));
}

void Recorder::remove(const std::string& lesson, Done done) {
  push({nullptr, Remove{lesson, std::move(done)}}, 0);
}

// Weight 0 passes a full queue: what opens and closes recordings must not be lost, and is rare.
bool Recorder::push(Item item, std::size_t weight) { return queue_.push(std::move(item), weight); }

void Recorder::notify(Notice notice) {
  control_.post([weak = std::weak_ptr(reports_), notice = std::move(notice)] {
    const auto reports = weak.lock();
    if (reports && reports->notice) reports->notice(notice);
  });
}

void Recorder::notify(LostSegment lost) {
  control_.post([weak = std::weak_ptr(reports_), lost = std::move(lost)] {
    const auto reports = weak.lock();
    if (reports && reports->lost) reports->lost(lost);
  });
}

// When dropping is over, something else may still be wrong.
void Recorder::notify_overload(const std::string& lesson, bool overloaded) {
  const Level level = reported_;
  const bool over = !overloaded && level == Level::all;
  notify(Notice{.lesson = lesson,
                .trouble = overloaded || over ? Trouble::overload : reported_trouble_.load(),
                .over = over,
                .level = level});
}

void Recorder::answer(const Done& done, base::Result<void> result) {
  if (!done) return;
  control_.post([weak = std::weak_ptr(reports_), done, result = std::move(result)] {
    if (!weak.expired()) done(result);
  });
}

// ---- Recorder: writer thread ----

void Recorder::run() {
  while (true) {
    auto item = dirty_.empty() ? queue_.pop() : queue_.try_pop();
    if (item) {
      handle(*item);
      report_level();
    }
    const bool quiet = !item && !dirty_.empty();
    if (quiet || (!dirty_.empty() && base::Steady::now() - dirty_since_ > kSyncWithin)) {
      sync_all();
    } else if (!item) {
      break;  // closed and drained
    }
  }
  for (const auto& [lesson, writer] : active_) writer->close();
}

void Recorder::handle(Item& item) {
  const auto& writer = item.writer;
  if (const auto* what = std::get_if<PartWrite>(&item.what)) {
    write(writer, *what);
  } else if (const auto* announce = std::get_if<Announce>(&item.what)) {
    writer->init(announce->rendition, announce->kind, announce->init);
  } else if (const auto* gap = std::get_if<live::Gap>(&item.what)) {
    writer->gap(*gap);
  } else if (const auto* fill = std::get_if<FillIn>(&item.what)) {
    answer(fill->done, writer->fill(fill->write));
  } else if (const auto* removal = std::get_if<Remove>(&item.what)) {
    answer(removal->done, catalog_.remove(removal->lesson));
  } else if (std::holds_alternative<Open>(item.what)) {
    disk_.poll();
    open(writer);
  } else {
    finish(writer, std::get_if<End>(&item.what));
  }
}

void Recorder::write(const std::shared_ptr<LessonWriter>& writer, const PartWrite& what) {
  if (what.part.index == 0) {
    const auto retry = unopened_.find(writer.get());
    if (retry != unopened_.end() && base::Steady::now() >= retry->second) open(writer);
  }
  writer->part(what);
  mark_dirty(*writer);
}

void Recorder::mark_dirty(LessonWriter& writer) {
  if (!writer.dirty() || !dirty_.insert(&writer).second) return;
  if (dirty_.size() == 1) dirty_since_ = base::Steady::now();
}

void Recorder::open(const std::shared_ptr<LessonWriter>& writer) {
  auto opened = writer->open();
  if (opened) {
    const bool was_reported = unopened_.erase(writer.get()) > 0;
    active_[writer->lesson()] = writer;
    if (was_reported || disk_.level() != Level::all) {
      notify(Notice{.lesson = writer->lesson(),
                    .trouble = disk_.trouble(),
                    .over = disk_.level() == Level::all,
                    .level = disk_.level()});
    }
    return;
  }
  const Error& error = opened.error();
  const bool first = unopened_.insert_or_assign(writer.get(), base::Steady::now() + kOpenAgainAfter).second;
  if (!first) return;
  base::log::error("recording: cannot be written", {{"lesson", writer->lesson()}, {"why", error.message}});
  notify(Notice{.lesson = writer->lesson(),
                .trouble = trouble_of(error),
                .level = Level::nothing,
                .detail = error.message});
}

// @param end  nullptr: leave the recording open
void Recorder::finish(const std::shared_ptr<LessonWriter>& writer, const End* end) {
  base::Result<void> result;
  if (!writer->writing()) {
    result = Error{Errc::conflict, "nothing was being recorded"};
  } else if (end) {
    result = writer->end();
  } else {
    writer->close();
  }
  dirty_.erase(writer.get());
  unopened_.erase(writer.get());
  if (const auto found = active_.find(writer->lesson()); found != active_.end() && found->second == writer) {
    active_.erase(found);
  }
  if (end) answer(end->done, std::move(result));
}

void Recorder::sync_all() {
  for (auto* writer : dirty_) writer->sync();
  dirty_.clear();
  report_level();
}

void Recorder::report_level() {
  const Level level = disk_.level();
  reported_trouble_ = disk_.trouble();
  if (reported_.exchange(level) == level) return;
  level_gauge().Set(static_cast<double>(level));
  const bool over = level == Level::all;
  base::log::warn(over ? "recording: everything again" : "recording: less", {{"level", to_string(level)}});
  for (const auto& [lesson, writer] : active_) {
    notify(Notice{.lesson = lesson, .trouble = disk_.trouble(), .over = over, .level = level});
  }
}

}  // namespace tongke::relay::record
