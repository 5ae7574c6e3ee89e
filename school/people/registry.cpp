#include "school/people/registry.hpp"

#include "school/store/people_table.hpp"

namespace tongke::school::people {

base::Result<Registry> Registry::open(store::Store& store) {
  auto directory = store::load_directory(store);
  if (!directory) return std::move(directory).error();
  return Registry(std::make_shared<const Directory>(std::move(*directory)));
}

base::Result<Snapshot> Registry::commit(store::Store& store, const Changes& changes) {
  if (changes.empty()) return current_;
  auto next = std::make_shared<Directory>(*current_);
  next->apply(changes);
  try {
    store::Transaction transaction(store);
    if (auto saved = store::save_changes(store, changes); !saved) return std::move(saved).error();
    transaction.commit();
  } catch (const std::exception& error) {
    return base::Error{base::Errc::io, std::string("saving people: ") + error.what()};
  }
  current_ = std::move(next);
  return current_;
}

}  // namespace tongke::school::people
