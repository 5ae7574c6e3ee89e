#include "school/lessons.hpp"

#include "school/clean_text.hpp"
#include "school/crypto.hpp"
#include "school/store/lesson_table.hpp"

namespace tongke::school {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kIdLetters = 10;   // 50 bits: not found by trying
constexpr std::size_t kKeyLetters = 26;  // 130 bits
constexpr std::size_t kMaxTitleBytes = 200;

}  // namespace

std::string_view to_string(LessonState state) noexcept {
  return state == LessonState::open ? "open" : "ended";
}

Result<Lessons> Lessons::open(store::Store& store) {
  auto rows = store::load_lessons(store);
  if (!rows) return std::move(rows).error();
  Lessons lessons(store);
  for (auto& row : *rows) {
    std::string id = row.id;
    const auto [place, made] = lessons.lessons_.emplace(std::move(id), std::move(row));
    lessons.newest_.insert(&place->second);
  }
  return lessons;
}

void Lessons::watch(std::function<void(const Lesson&)> changed) {
  changed_ = std::move(changed);
  for (const auto& [id, lesson] : lessons_) changed_(lesson);
}

Result<Lesson> Lessons::create(const std::string& title) {
  if (title.empty() || title.size() > kMaxTitleBytes || !is_clean_text(title)) {
    return Error{Errc::invalid, "a title has 1 to 200 bytes of text on one line", "title"};
  }
  return save(Lesson{.id = crypto::readable_id(kIdLetters),
                     .title = title,
                     .publish_key = crypto::readable_id(kKeyLetters),
                     .created = base::wall_now(),
                     .started = std::nullopt,
                     .ended = std::nullopt});
}

const Lesson* Lessons::find(std::string_view id) const {
  const auto found = lessons_.find(id);
  return found == lessons_.end() ? nullptr : &found->second;
}

Result<Lesson> Lessons::set_state(std::string_view id, LessonState state) {
  const Lesson* known = find(id);
  if (!known) return Error{Errc::not_found, "no such lesson", "lesson"};
  if (known->state == state) return *known;
  Lesson changed = *known;
  changed.state = state;
  changed.ended = state == LessonState::ended ? std::optional(base::wall_now()) : std::nullopt;
  return save(std::move(changed));
}

Result<void> Lessons::remove(std::string_view id) {
  const auto known = lessons_.find(id);
  if (known == lessons_.end()) return Error{Errc::not_found, "no such lesson", "lesson"};
  if (auto gone = store::remove_lesson(*store_, known->first); !gone) return gone;
  newest_.erase(&known->second);
  lessons_.erase(known);
  return {};
}

Result<void> Lessons::note_started(std::string_view id, base::WallTime started) {
  const Lesson* known = find(id);
  if (!known) return Error{Errc::not_found, "no such lesson", "lesson"};
  if (known->started) return {};
  Lesson changed = *known;
  changed.started = started;
  auto saved = save(std::move(changed));
  if (!saved) return std::move(saved).error();
  return {};
}

Result<std::uint32_t> Lessons::reserve_seats(std::string_view id, std::uint32_t count) {
  const Lesson* known = find(id);
  if (!known) return Error{Errc::not_found, "no such lesson", "lesson"};
  Lesson changed = *known;
  const std::uint32_t first = changed.seats + 1;
  changed.seats += count;
  auto saved = save(std::move(changed));
  if (!saved) return std::move(saved).error();
  return first;
}

Result<Lesson> Lessons::save(Lesson changed) {
  if (auto ok = store::save_lesson(*store_, changed); !ok) return std::move(ok).error();
  const auto [place, made] = lessons_.insert_or_assign(changed.id, changed);
  if (made) newest_.insert(&place->second);
  if (changed_) changed_(changed);
  return changed;
}

}  // namespace tongke::school
