#include "school/store/retention_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

base::Result<std::vector<retention::Deletion>> deletions(Store& store, const std::string& which) {
  std::vector<retention::Deletion> all;
  each_row<int, long long, std::string, std::string, long long, long long, std::string, std::string>(
      store.session(),
      "SELECT id, at_ms, kind, lesson_id, items, bytes, hash, chain FROM deletion_log" + which,
      [&](int id, long long at, const std::string& kind, const std::string& lesson, long long items,
          long long bytes, const std::string& hash, const std::string& chain) {
        all.push_back({id, wall(at), kind, lesson, items, bytes, hash, chain});
      });
  return all;
}

}  // namespace
base::Result<std::vector<retention::Hold>> load_holds(Store& store) {
  return guarded("reading holds", [&]() -> base::Result<std::vector<retention::Hold>> {
    std::vector<retention::Hold> all;
    each_row<std::string, std::string, std::string, long long, std::string, long long, std::string>(
        store.session(),
        "SELECT lesson_id, reason, first_by, first_ms, second_by, second_ms, release_by FROM retention_hold",
        [&](const std::string& lesson, const std::string& reason, const std::string& first,
            long long first_at, const std::string& second, long long second_at, const std::string& release) {
          all.push_back({lesson, reason, first, wall(first_at), second, wall(second_at), release});
        });
    return all;
  });
}

base::Result<void> save_hold(Store& store, const retention::Hold& hold) {
  return guarded("saving a hold", [&]() -> base::Result<void> {
    Prepared<std::string, std::string, std::string, long long, std::string, long long, std::string>(
        store.session(),
        "INSERT INTO retention_hold (lesson_id, reason, first_by, first_ms, second_by, second_ms, release_by)"
        " VALUES (:l, :r, :f, :a, :s, :b, :x) ON CONFLICT (lesson_id) DO UPDATE SET second_by = "
        "excluded.second_by,"
        " second_ms = excluded.second_ms, release_by = excluded.release_by")(
        hold.lesson, hold.reason, hold.first_by, ms(hold.first_at), hold.second_by, ms(hold.second_at),
        hold.release_by);
    return {};
  });
}

base::Result<void> remove_hold(Store& store, const std::string& lesson) {
  return guarded("removing a hold", [&]() -> base::Result<void> {
    store.session() << "DELETE FROM retention_hold WHERE lesson_id = :id", soci::use(lesson);
    return {};
  });
}

base::Result<std::vector<retention::Deletion>> load_deletions(Store& store) {
  return guarded("reading the deletion log", [&] { return deletions(store, " ORDER BY id"); });
}

base::Result<std::vector<retention::Deletion>> load_deletions_before(Store& store, std::uint32_t before,
                                                                     std::size_t limit) {
  const std::string where = before == 0 ? std::string() : " WHERE id < " + std::to_string(before);
  return guarded("reading the deletion log", [&] {
    return deletions(store, where + " ORDER BY id DESC LIMIT " + std::to_string(limit));
  });
}

base::Result<retention::Deletion> append_deletion(Store& store, retention::Deletion line) {
  return guarded("writing the deletion log", [&]() -> base::Result<retention::Deletion> {
    std::string before;
    int last = 0;
    each_row<int, std::string>(store.session(), "SELECT id, chain FROM deletion_log ORDER BY id DESC LIMIT 1",
                               [&](int id, const std::string& chain) {
                                 last = id;
                                 before = chain;
                               });
    line.id = last + 1;
    line.chain = retention::chained(before, line);
    Prepared<int, long long, std::string, std::string, long long, long long, std::string, std::string>(
        store.session(),
        "INSERT INTO deletion_log (id, at_ms, kind, lesson_id, items, bytes, hash, chain)"
        " VALUES (:i, :a, :k, :l, :n, :b, :h, :c)")(static_cast<int>(line.id), ms(line.at), line.kind,
                                                    line.lesson, line.items, line.bytes, line.hash,
                                                    line.chain);
    return line;
  });
}

}  // namespace tongke::school::store
