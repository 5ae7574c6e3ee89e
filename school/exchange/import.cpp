#include "school/exchange/import.hpp"

namespace tongke::school::exchange {

base::Result<Imported> import_tables(people::Registry& registry, store::Store& store,
                                     const std::vector<Table>& tables, const people::PhoneMarker& phones,
                                     const ImportJob& job) {
  auto plan = plan_import(*registry.current(), tables, phones, job.options);
  if (!job.district.empty()) plan.changes.district = job.district;
  if (job.allowed) {
    if (auto fine = job.allowed(plan.changes); !fine) return std::move(fine).error();
  }
  Imported imported{.report = std::move(plan.report)};
  if (job.dry_run || (!imported.report.problems.empty() && !job.skip_bad)) return imported;
  if (auto done = registry.commit(store, plan.changes); !done) return std::move(done).error();
  imported.applied = true;
  return imported;
}

}  // namespace tongke::school::exchange
