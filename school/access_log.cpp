#include "school/access_log.hpp"

#include "school/store/access_table.hpp"

namespace tongke::school {

base::Result<void> AccessLog::load(store::Store& store) {
  const auto last = store::last_access(store);
  if (!last) return base::Error(last.error());
  last_ = *last;
  return {};
}

base::Result<void> AccessLog::note(store::Store& store, Access entry) {
  entry.id = ++last_;
  return store::save_access(store, entry);
}

base::Result<std::vector<Access>> AccessLog::read(store::Store& store, const Query& query) const {
  return store::load_accesses(store, query);
}

}  // namespace tongke::school
