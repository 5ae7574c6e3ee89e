#include "relay/record/lesson_writer.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;

base::metrics::Counter& bytes_written() {
  static auto& counter =
      base::metrics::counter("tongke_record_bytes_total", "Media bytes written to recordings.");
  return counter;
}
base::metrics::Counter& parts_skipped() {
  static auto& counter =
      base::metrics::counter("tongke_record_parts_skipped_total",
                             "Parts not recorded: the disk is full or failing, or their init is unknown.");
  return counter;
}
base::metrics::Counter& write_errors() {
  static auto& counter = base::metrics::counter("tongke_record_errors_total", "Failed writes and syncs.");
  return counter;
}

}  // namespace

LessonWriter::LessonWriter(std::string lesson, std::optional<base::WallTime> started, Disk& disk,
                           Catalog& catalog, OnLost on_lost)
    : lesson_(std::move(lesson)),
      started_(started),
      disk_(disk),
      catalog_(catalog),
      on_lost_(std::move(on_lost)) {}

base::Result<void> LessonWriter::open() {
  auto index = catalog_.acquire(lesson_, started_);
  if (!index) return std::move(index).error();
  auto opened = open_journal(**index);
  if (opened) {
    index_ = std::move(*index);
  } else {
    catalog_.release(lesson_);
  }
  return opened;
}

base::Result<void> LessonWriter::open_journal(const Index& index) {
  const auto path = catalog_.layout().journal(lesson_);
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return file_error(error.value(), path);
  auto journal = AppendFile::open(path, size);
  if (!journal) return std::move(journal).error();
  journal_ = std::move(*journal);
  for (const auto& rendition : index.snapshot().renditions) {
    auto& tape = tapes_[rendition.id];
    tape.id = rendition.id;
    tape.kind = rendition.kind;
    if (!tape.init) tape.init = rendition.inits.back();
    if (!rendition.segments.empty()) {
      const auto& last = rendition.segments.back().info;
      tape.end = tape.seen = last.start + last.duration;
      tape.last_msn = last.msn;
    }
  }
  return {};
}

void LessonWriter::init(const std::string& rendition, live::TrackKind kind,
                        std::shared_ptr<const live::RenditionInit> init) {
  auto& tape = tapes_[rendition];
  tape.id = rendition;
  tape.kind = kind;
  tape.init = std::move(init);
}

void LessonWriter::part(const PartWrite& write) {
  const auto found = tapes_.find(write.rendition);
  const bool known = writing() && found != tapes_.end() && found->second.init;
  if (known && take(found->second, write)) {
    if (write.ends_segment) publish(found->second);
    return;
  }
  parts_skipped().Increment();
  if (write.part.index == 0 && on_lost_) on_lost_(write.rendition, write.msn);
}

bool LessonWriter::take(Tape& tape, const PartWrite& write) {
  const bool want = wanted(tape, write);
  tape.seen = std::max(tape.seen, write.part.start + write.part.duration);
  if (!want) return false;
  auto written = this->write(tape, write);
  if (written) return true;
  if (written.error().kind == Errc::conflict) {
    base::log::error("recording: part refused", {{"lesson", lesson_}, {"why", written.error().message}});
    return false;
  }
  disk_failed(written.error(), needs(tape.id, tape.kind));
  pause(tape, disk_.trouble(), write.part.start);
  return false;
}

// Recording of a rendition stops and resumes at segment starts only, unless a write fails.
bool LessonWriter::wanted(Tape& tape, const PartWrite& write) {
  if (write.after_drop) pause(tape, Trouble::overload, write.part.start);
  if (write.part.index == 0) {
    publish(tape);
    disk_.poll();
    if (disk_.level() < needs(tape.id, tape.kind)) {
      pause(tape, disk_.trouble(), write.part.start);
      return false;
    }
    return true;
  }
  return tape.paused == Trouble::none;
}

base::Result<void> LessonWriter::write(Tape& tape, const PartWrite& write) {
  if (tape.init->number != write.init) return Error{Errc::conflict, "part of an init that was not announced"};
  if (tape.file_init != write.init) {
    publish(tape);
    if (tape.dirty) sync();
    if (auto opened = open_file(tape); !opened) return opened;
  }
  if (tape.open && tape.open->msn != write.msn) publish(tape);
  if (!tape.open && tape.last_msn && write.msn <= *tape.last_msn) {
    return Error{Errc::conflict, "segment number goes back"};
  }
  const std::optional<Loss> loss = loss_until(tape, write.part.start);
  const PartLine line{.rendition = tape.id,
                      .init = write.init,
                      .msn = write.msn,
                      .index = write.part.index,
                      .start = write.part.start,
                      .duration = write.part.duration,
                      .offset = tape.file.size(),
                      .size = write.part.bytes.size(),
                      .independent = write.part.independent,
                      .discontinuity = write.discontinuity};
  if (auto media = tape.file.append(write.part.bytes.view()); !media) return media;
  if (auto said = append_journal((loss ? to_text(LossLine{*loss}) : std::string()) + to_text(line)); !said) {
    tape.file.cut(line.offset);
    return said;
  }
  if (loss) index_->add_loss(*loss);
  tape.paused = Trouble::none;
  tape.end = line.start + line.duration;
  tape.last_msn = line.msn;
  if (tape.open) {
    tape.open->duration = *tape.end - tape.open->start;
    tape.open->size += line.size;
  } else {
    tape.open = line;
  }
  bytes_written().Increment(static_cast<double>(line.size));
  return {};
}

// Opens the file of tape.init: goes on with it, or begins it with the init segment.
base::Result<void> LessonWriter::open_file(Tape& tape) {
  const auto& layout = catalog_.layout();
  const auto path = layout.media(lesson_, tape.id, tape.init->number);
  const auto known = index_->init(tape.id, tape.init->number);
  if (known && !std::ranges::equal(known->bytes.view(), tape.init->bytes.view())) {
    return Error{Errc::conflict, "init changed under its number"};
  }
  const Contents contents = index_->snapshot();
  const Rendition* rendition = contents.find(tape.id);
  if (!known && rendition && rendition->inits.back()->number > tape.init->number) {
    return Error{Errc::conflict, "init number goes back"};
  }
  auto file = AppendFile::open(path, known ? rendition->file_size(tape.init->number) : 0);
  if (!file) return std::move(file).error();
  if (!known) {
    live::RenditionInit facts = *tape.init;
    facts.bytes = {};
    auto begun = file->append(tape.init->bytes.view());
    if (begun) begun = file->sync();
    if (begun) begun = sync_directory(layout.lesson(lesson_));
    if (begun)
      begun =
          append_journal(to_text(InitLine{tape.id, tape.kind, std::move(facts), tape.init->bytes.size()}));
    if (!begun) return begun;
    index_->add_init(tape.id, tape.kind, tape.init);
  }
  tape.file = std::move(*file);
  tape.file_init = tape.init->number;
  return {};
}

base::Result<void> LessonWriter::append_journal(std::string_view text) {
  auto written = journal_.append(base::as_bytes(text));
  if (!written && written.error().kind == Errc::overload && disk_.release_reserve()) {
    written = journal_.append(base::as_bytes(text));
  }
  return written;
}

// The segment being written is whole: readers may have it.
void LessonWriter::publish(Tape& tape) {
  if (!tape.open) return;
  const PartLine& open = *tape.open;
  index_->add_segment(tape.id, {.info = {.msn = open.msn,
                                         .init = open.init,
                                         .independent = open.independent,
                                         .discontinuity = open.discontinuity,
                                         .start = open.start,
                                         .duration = open.duration,
                                         .bytes = open.size},
                                .offset = open.offset});
  tape.open.reset();
  tape.dirty = true;
}

void LessonWriter::pause(Tape& tape, Trouble why, base::MediaTime at) {
  if (tape.paused != Trouble::none) return;
  publish(tape);
  tape.paused = why;
  tape.lost_from = tape.end.value_or(at);
}

std::optional<Loss> LessonWriter::loss_until(const Tape& tape, base::MediaTime time) const {
  if (tape.paused == Trouble::none || time <= tape.lost_from) return std::nullopt;
  return Loss{tape.id, tape.lost_from, time - tape.lost_from, std::string(to_string(tape.paused))};
}

// Renditions that are paused when the recording stops have lost up to what arrived last.
void LessonWriter::note_losses() {
  for (auto& [id, tape] : tapes_) {
    publish(tape);
    const auto loss = loss_until(tape, tape.seen);
    if (!loss) continue;
    index_->add_loss(*loss);
    if (auto said = append_journal(to_text(LossLine{*loss})); !said)
      disk_failed(said.error(), Level::nothing);
    tape.paused = Trouble::none;
  }
}

void LessonWriter::gap(const live::Gap& gap) {
  if (!writing()) return;
  index_->add_gap(gap);
  if (auto said = append_journal(to_text(GapLine{gap})); !said) disk_failed(said.error(), Level::nothing);
}

base::Result<void> LessonWriter::fill(const FillWrite& write) {
  if (!writing()) return Error{Errc::conflict, "nothing is being recorded"};
  if (disk_.level() != Level::all) return Error{Errc::overload, "the disk is too full"};
  Contents contents = index_->snapshot();
  std::uint32_t number = 0;
  for (const auto& rendition : contents.renditions) {
    for (const auto& fill : rendition.fills) number = std::max(number, fill.number + 1);
  }
  std::vector<std::pair<std::string, Fill>> fills;
  std::string lines;
  for (const auto& track : write.tracks) {
    Rendition* rendition = contents.find(track.rendition);
    if (!rendition) return Error{Errc::conflict, "no such rendition"};
    for (const auto& segment : track.segments) {
      const Fill fill{.number = number, .segment = segment};
      if (auto placed = rendition->add_fill(fill); !placed) return placed;
      fills.emplace_back(track.rendition, fill);
      lines += to_text(FillLine{track.rendition, fill});
    }
  }
  auto written = write_fill(write, number);
  if (written) written = append_journal(lines);
  if (!written) {
    for (const auto& track : write.tracks)
      std::remove(catalog_.layout().fill(lesson_, track.rendition, number).c_str());
    disk_failed(written.error(), Level::all);
    return written;
  }
  index_->add_fills(fills);
  if (auto synced = journal_.sync(); !synced) disk_failed(synced.error(), Level::nothing);
  return {};
}

base::Result<void> LessonWriter::write_fill(const FillWrite& write, std::uint32_t number) {
  const auto& layout = catalog_.layout();
  for (const auto& track : write.tracks) {
    auto file = AppendFile::open(layout.fill(lesson_, track.rendition, number), 0);
    if (!file) return std::move(file).error();
    auto written = file->append(track.file.view());
    if (written) written = file->sync();
    if (!written) return written;
    bytes_written().Increment(static_cast<double>(track.file.size()));
  }
  return sync_directory(layout.lesson(lesson_));
}

base::Result<void> LessonWriter::end() {
  if (!writing()) return {};
  note_losses();
  sync();
  index_->set_ended(true);
  const auto& layout = catalog_.layout();
  auto saved = save_journal(layout.index(lesson_), index_->snapshot());
  if (saved) {
    std::remove(layout.journal(lesson_).c_str());
  } else {
    // No room to tidy up: the journal itself says it, and the next start tries again.
    saved = append_journal(to_text(EndLine{}));
    if (saved) saved = journal_.sync();
  }
  index_.reset();
  tapes_.clear();
  catalog_.release(lesson_);
  return saved;
}

void LessonWriter::close() {
  if (!writing()) return;
  note_losses();
  sync();
  index_.reset();
  tapes_.clear();
  catalog_.release(lesson_);
}

void LessonWriter::sync() {
  if (!writing()) return;
  bool any = false;
  for (auto& [id, tape] : tapes_) {
    if (!tape.dirty) continue;
    tape.dirty = false;
    any = true;
    if (auto synced = tape.file.sync(); !synced) disk_failed(synced.error(), needs(tape.id, tape.kind));
  }
  if (!any) return;
  if (auto synced = journal_.sync(); !synced) disk_failed(synced.error(), Level::nothing);
}

bool LessonWriter::dirty() const noexcept {
  return std::ranges::any_of(tapes_, [](const auto& entry) { return entry.second.dirty; });
}

void LessonWriter::disk_failed(const Error& error, Level needed) {
  write_errors().Increment();
  base::log::warn("recording: write failed", {{"lesson", lesson_}, {"why", error.message}});
  disk_.failed(error, needed);
}

}  // namespace tongke::relay::record
