#include "school/schedule/keeper.hpp"

#include "base/log.hpp"

namespace tongke::school::schedule {
namespace {

using base::Result;

ViewPtr read(const base::Guarded<ViewPtr>& view) {
  return view.with([](const ViewPtr& now) { return now; });
}

}  // namespace

Result<std::unique_ptr<Keeper>> Keeper::open(store::Store& store, people::Keeper& people,
                                             base::Executor& control) {
  auto book = Book::open(store);
  if (!book) return std::move(book).error();
  auto view = View::make(people.current(), book->current());
  if (!view) return std::move(view).error();
  auto shared = std::make_shared<Shared>(std::move(*book));
  shared->view.with([&](ViewPtr& now) { now = std::move(*view); });
  std::unique_ptr<Keeper> keeper(new Keeper(shared, people, control));
  people.watch([raw = keeper.get(), weak = std::weak_ptr(shared)](const people::Snapshot&) {
    if (weak.expired()) return;
    raw->change([](Book&, store::Store&, const View&) { return Result<void>(); },
                [](const Result<void>& done) {
                  if (!done) base::log::error("timetable not read again", {{"why", done.error().message}});
                });
  });
  return keeper;
}

ViewPtr Keeper::current() const { return read(shared_->view); }

void Keeper::change(Change change, Done done) {
  const auto news = std::make_shared<ViewPtr>();
  people_.writer().submit_alone(
      [shared = shared_, news, change = std::move(change),
       &people = people_](store::Store& store) -> Result<void> {
        const auto refresh = [&]() -> Result<ViewPtr> {
          const ViewPtr now = read(shared->view);
          const auto who = people.current();
          const auto& what = shared->book.current();
          if (now->people_snapshot() == who && now->timetable().generation == what->generation) return now;
          auto made = View::make(who, what);
          if (!made) return std::move(made).error();
          shared->view.with([&](ViewPtr& view) { view = *made; });
          *news = *made;
          return *made;
        };
        if (auto read = shared->book.refresh(store); !read) return std::move(read).error();
        const auto before = refresh();
        if (!before) return base::Error(before.error());
        auto result = change(shared->book, store, **before);
        if (auto after = refresh(); !after) return std::move(after).error();
        return result;
      },
      control_,
      [weak = std::weak_ptr(shared_), news, done = std::move(done)](const Result<void>& result) {
        const auto shared = weak.lock();
        if (shared && *news)
          for (const auto& watcher : shared->watchers) watcher(*news);
        done(result);
      });
}

}  // namespace tongke::school::schedule
