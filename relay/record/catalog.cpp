#include "relay/record/catalog.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/log.hpp"
#include "relay/record/journal.hpp"
#include "relay/record/salvage.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;

// About 100 kB for a lesson of 45 minutes.
constexpr std::size_t kRecentBound = 64;

}  // namespace

Catalog::Catalog(std::filesystem::path root) : layout_(std::move(root)) {}

std::vector<Catalog::Entry> Catalog::list() const {
  std::vector<Entry> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(layout_.root(), error)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (name.starts_with(kDoomedPrefix)) {
      std::filesystem::remove_all(entry.path(), ignored);
    } else if (valid_id(name)) {
      const bool open = std::filesystem::exists(layout_.journal(name), ignored);
      if (open || std::filesystem::exists(layout_.index(name), ignored)) out.push_back({name, open});
    }
  }
  std::ranges::sort(out, {}, &Entry::lesson);
  return out;
}

base::Result<std::shared_ptr<Index>> Catalog::open(const std::string& lesson) {
  if (auto known = find(lesson)) return known;
  const base::Lock lock(loading_);
  return load(lesson);
}

base::Result<std::shared_ptr<Index>> Catalog::load(const std::string& lesson) {
  if (auto known = find(lesson)) return known;
  auto contents = load_recording(layout_, lesson);
  if (!contents) return std::move(contents).error();
  auto index = std::make_shared<Index>(std::move(*contents));
  state_.with([&](State& state) { remember(state, lesson, index); });
  return index;
}

base::Result<live::RecordedLesson> Catalog::recorded(const std::string& lesson) {
  auto index = open(lesson);
  if (!index) return std::move(index).error();
  return (*index)->snapshot().recorded();
}

base::Result<std::shared_ptr<Index>> Catalog::acquire(const std::string& lesson,
                                                      std::optional<base::WallTime> started) {
  if (!valid_id(lesson)) return Error{Errc::invalid, "not a lesson id"};
  const base::Lock lock(loading_);
  if (state_.with([&](const State& state) { return state.pinned.contains(lesson); })) {
    return Error{Errc::conflict, "the recording is being written"};
  }
  auto index = load(lesson);
  const auto may_begin = [&] {
    return started && (index.error().kind == Errc::not_found || index.error().kind == Errc::invalid);
  };
  if (!index && may_begin()) {
    if (index.error().kind == Errc::invalid) {
      base::log::error("recording: unreadable, set aside",
                       {{"lesson", lesson}, {"why", index.error().message}});
    }
    index = begin(lesson, *started);
  }
  if (!index) return index;
  if ((*index)->ended()) {
    if (auto reopened = reopen(lesson, **index); !reopened) return reopened.error();
  }
  state_.with([&](State& state) { state.pinned[lesson] = *index; });
  return index;
}

// Whatever lies in the lesson's folder is no recording we can read, and not ours to destroy.
base::Result<std::shared_ptr<Index>> Catalog::begin(const std::string& lesson, base::WallTime started) const {
  const auto folder = layout_.lesson(lesson);
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    std::filesystem::rename(folder, layout_.damaged(lesson, started), error);
    if (error) return file_error(error.value(), folder);
  }
  std::filesystem::create_directories(folder, error);
  if (error) return file_error(error.value(), folder);
  Contents fresh;
  fresh.lesson = lesson;
  fresh.started = started;
  if (auto saved = save_journal(layout_.journal(lesson), fresh); !saved) return saved.error();
  if (auto synced = sync_directory(layout_.root()); !synced) return synced.error();
  return std::make_shared<Index>(std::move(fresh));
}

// The journal is back before the index goes: whichever is found after a crash is whole.
base::Result<void> Catalog::reopen(const std::string& lesson, Index& index) const {
  Contents contents = index.snapshot();
  contents.ended = false;
  if (auto saved = save_journal(layout_.journal(lesson), contents); !saved) return saved;
  const auto path = layout_.index(lesson);
  if (std::remove(path.c_str()) != 0 && errno != ENOENT) return file_error(errno, path);
  index.set_ended(false);
  return sync_directory(path.parent_path());
}

void Catalog::release(const std::string& lesson) {
  state_.with([&](State& state) { state.pinned.erase(lesson); });
}

base::Result<void> Catalog::remove(const std::string& lesson) {
  if (!valid_id(lesson)) return Error{Errc::not_found, "no such recording"};
  const auto doomed = layout_.doomed(lesson);
  std::error_code error;
  {
    const base::Lock lock(loading_);
    const bool busy = state_.with([&](State& state) {
      std::erase_if(state.recent, [&](const auto& known) { return known.first == lesson; });
      return state.pinned.contains(lesson);
    });
    if (busy) return Error{Errc::conflict, "the recording is being written"};
    std::filesystem::remove_all(doomed, error);
    std::filesystem::rename(layout_.lesson(lesson), doomed, error);
    if (error) return file_error(error.value(), layout_.lesson(lesson));
  }
  std::filesystem::remove_all(doomed, error);
  if (error) return file_error(error.value(), doomed);
  return sync_directory(layout_.root());
}

std::shared_ptr<Index> Catalog::find(const std::string& lesson) {
  return state_.with([&](State& state) -> std::shared_ptr<Index> {
    if (const auto pinned = state.pinned.find(lesson); pinned != state.pinned.end()) return pinned->second;
    const auto recent =
        std::ranges::find(state.recent, lesson, [](const auto& known) { return known.first; });
    if (recent == state.recent.end()) return nullptr;
    std::rotate(state.recent.begin(), recent, recent + 1);
    return state.recent.front().second;
  });
}

void Catalog::remember(State& state, const std::string& lesson, std::shared_ptr<Index> index) {
  std::erase_if(state.recent, [&](const auto& known) { return known.first == lesson; });
  state.recent.emplace_front(lesson, std::move(index));
  if (state.recent.size() > kRecentBound) state.recent.pop_back();
}

}  // namespace tongke::relay::record
