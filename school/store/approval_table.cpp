#include "school/store/approval_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {

using base::Result;

Result<std::vector<Approval>> load_approvals(Store& store) {
  return guarded("reading approvals", [&]() -> Result<std::vector<Approval>> {
    std::vector<Approval> all;
    each_row<std::string, int, std::string, int, int, int, std::string, long long, int, int>(
        store.session(),
        "SELECT id, asker_id, act, school_id, class_id, pupil_id, reason, asked_ms, state, approver_id"
        " FROM approval ORDER BY asked_ms, id",
        [&](const std::string& id, int asker, const std::string& act, int school, int original_class,
            int pupil, const std::string& reason, long long asked, int state, int approver) {
          const auto known = act_from(act);
          if (!known) return;  // of a newer version
          all.push_back({.id = id,
                         .asker = {static_cast<std::uint32_t>(asker)},
                         .act = *known,
                         .target = {.school = {static_cast<std::uint32_t>(school)},
                                    .original_class = {static_cast<std::uint32_t>(original_class)},
                                    .pupil = {static_cast<std::uint32_t>(pupil)}},
                         .reason = reason,
                         .asked = wall(asked),
                         .state = static_cast<Approval::State>(state),
                         .approver = {static_cast<std::uint32_t>(approver)}});
        });
    return all;
  });
}

Result<void> save_approval(Store& store, const Approval& wish) {
  return guarded("saving an approval", [&]() -> Result<void> {
    Prepared<std::string, int, std::string, int, int, int, std::string, long long, int, int> save(
        store.session(),
        "INSERT INTO approval"
        " (id, asker_id, act, school_id, class_id, pupil_id, reason, asked_ms, state, approver_id)"
        " VALUES (:id, :asker, :act, :school, :class, :pupil, :reason, :asked, :state, :approver)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, approver_id = excluded.approver_id");
    save(wish.id, static_cast<int>(wish.asker.value), std::string(to_string(wish.act)),
         static_cast<int>(wish.target.school.value), static_cast<int>(wish.target.original_class.value),
         static_cast<int>(wish.target.pupil.value), wish.reason, ms(wish.asked), static_cast<int>(wish.state),
         static_cast<int>(wish.approver.value));
    return {};
  });
}

Result<void> drop_approvals(Store& store, base::WallTime limit) {
  return guarded("dropping approvals", [&]() -> Result<void> {
    Prepared<long long>(store.session(), "DELETE FROM approval WHERE asked_ms <= :limit")(ms(limit));
    return {};
  });
}

}  // namespace tongke::school::store
