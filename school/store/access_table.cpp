#include "school/store/access_table.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <limits>

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

using base::Errc;
using base::Error;
using base::Result;

Access entry_of(const soci::row& row) {
  const auto number = [&](std::size_t column) { return static_cast<std::uint32_t>(row.get<int>(column)); };
  return {.id = static_cast<std::uint64_t>(row.get<long long>(0)),
          .at = wall(row.get<long long>(1)),
          .staff = {number(2)},
          .home = {number(3)},
          .act = row.get<std::string>(4),
          .school = {number(5)},
          .original_class = {number(6)},
          .pupil = {number(7)},
          .reason = row.get<std::string>(8),
          .approver = {number(9)}};
}

}  // namespace

Result<std::uint64_t> last_access(Store& store) {
  return guarded("reading the access log", [&]() -> Result<std::uint64_t> {
    long long last = 0;
    store.session() << "SELECT COALESCE(MAX(id), 0) FROM access_log", soci::into(last);
    return static_cast<std::uint64_t>(last);
  });
}

Result<void> save_access(Store& store, const Access& entry) {
  return guarded("writing the access log", [&]() -> Result<void> {
    Prepared<long long, long long, int, int, std::string, int, int, int, std::string, int> save(
        store.session(),
        "INSERT INTO access_log"
        " (id, at_ms, staff_id, home_id, act, school_id, class_id, pupil_id, reason, approver_id)"
        " VALUES (:id, :at, :staff, :home, :act, :school, :class, :pupil, :reason, :approver)");
    save(static_cast<long long>(entry.id), ms(entry.at), static_cast<int>(entry.staff.value),
         static_cast<int>(entry.home.value), entry.act, static_cast<int>(entry.school.value),
         static_cast<int>(entry.original_class.value), static_cast<int>(entry.pupil.value), entry.reason,
         static_cast<int>(entry.approver.value));
    return {};
  });
}

Result<std::vector<Access>> load_accesses(Store& store, const AccessLog::Query& query) {
  return guarded("reading the access log", [&]() -> Result<std::vector<Access>> {
    const long long before =
        query.before == 0 ? std::numeric_limits<long long>::max() : static_cast<long long>(query.before);
    const int school = static_cast<int>(query.school.value);
    const int original_class = static_cast<int>(query.original_class.value);
    const int pupil = static_cast<int>(query.pupil.value);
    const int limit = static_cast<int>(std::min(query.limit, AccessLog::kMostRows));
    // A child's own: looks at it, at its whole class, and at its whole school.
    const std::string about = query.pupil ? "(pupil_id = :pupil OR (pupil_id = 0 AND class_id = :class)"
                                            " OR (pupil_id = 0 AND class_id = 0 AND school_id = :school))"
                                          : "(:pupil = 0 AND :class = 0 AND school_id = :school)";
    const soci::rowset<soci::row> rows =
        (store.session().prepare
             << "SELECT id, at_ms, staff_id, home_id, act, school_id, class_id, pupil_id, reason, approver_id"
                " FROM access_log WHERE id < :before AND " +
                    about + " ORDER BY id DESC LIMIT :most",
         soci::use(before), soci::use(pupil), soci::use(original_class), soci::use(school), soci::use(limit));
    std::vector<Access> entries;
    for (const auto& row : rows) entries.push_back(entry_of(row));
    return entries;
  });
}

base::Result<std::size_t> drop_accesses(Store& store, base::WallTime before) {
  return guarded("dropping the access log", [&]() -> base::Result<std::size_t> {
    const long long limit = ms(before);
    soci::statement drop =
        (store.session().prepare << "DELETE FROM access_log WHERE at_ms < :limit", soci::use(limit));
    drop.execute(true);
    return static_cast<std::size_t>(drop.get_affected_rows());
  });
}

}  // namespace tongke::school::store
