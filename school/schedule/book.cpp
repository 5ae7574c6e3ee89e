#include "school/schedule/book.hpp"

#include "school/store/timetable_table.hpp"

namespace tongke::school::schedule {

base::Result<Book> Book::open(store::Store& store) {
  auto loaded = store::load_timetable(store);
  if (!loaded) return std::move(loaded).error();
  return Book(std::make_shared<const Timetable>(std::move(*loaded)));
}

base::Result<Snapshot> Book::refresh(store::Store& store) {
  const auto generation = store::timetable_generation(store);
  if (!generation) return base::Error(generation.error());
  if (*generation == current_->generation) return current_;
  auto loaded = store::load_timetable(store);
  if (!loaded) return std::move(loaded).error();
  current_ = std::make_shared<const Timetable>(std::move(*loaded));
  return current_;
}

base::Result<Snapshot> Book::commit(store::Store& store, const Changes& changes) {
  if (changes.empty()) return current_;
  Timetable next = with(*current_, changes);
  if (auto saved = store::save_timetable(store, *current_, next, changes); !saved)
    return std::move(saved).error();
  ++next.generation;
  current_ = std::make_shared<const Timetable>(std::move(next));
  return current_;
}

}  // namespace tongke::school::schedule
