#include "school/store/lesson_table.hpp"

#include <soci/soci.h>

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

/// 0 stands for none.
std::optional<base::WallTime> optional_time(long long at) {
  return at == 0 ? std::nullopt : std::optional(wall(at));
}

}  // namespace

base::Result<std::vector<Lesson>> load_lessons(Store& store) {
  return guarded("reading lessons", [&]() -> base::Result<std::vector<Lesson>> {
    std::vector<Lesson> lessons;
    each_row<std::string, std::string, std::string, int, long long, long long, long long, int>(
        store.session(),
        "SELECT id, title, publish_key, state, created_ms, COALESCE(started_ms, 0), COALESCE(ended_ms, 0),"
        " seats FROM lesson",
        [&](const std::string& id, const std::string& title, const std::string& key, int state,
            long long created, long long started, long long ended, int seats) {
          lessons.push_back({.id = id,
                             .title = title,
                             .publish_key = key,
                             .state = state == 0 ? LessonState::open : LessonState::ended,
                             .created = wall(created),
                             .started = optional_time(started),
                             .ended = optional_time(ended),
                             .seats = static_cast<std::uint32_t>(seats)});
        });
    return lessons;
  });
}

base::Result<void> save_lesson(Store& store, const Lesson& lesson) {
  return guarded("saving a lesson", [&]() -> base::Result<void> {
    const int state = static_cast<int>(lesson.state);
    const long long created = ms(lesson.created);
    const long long started = lesson.started ? ms(*lesson.started) : 0;
    soci::indicator started_known = lesson.started ? soci::i_ok : soci::i_null;
    const long long ended = lesson.ended ? ms(*lesson.ended) : 0;
    soci::indicator ended_known = lesson.ended ? soci::i_ok : soci::i_null;
    const int seats = static_cast<int>(lesson.seats);
    store.session()
        << "INSERT INTO lesson (id, title, publish_key, state, created_ms, started_ms, ended_ms, seats)"
           " VALUES (:id, :title, :key, :state, :created, :started, :ended, :seats)"
           " ON CONFLICT (id) DO UPDATE SET title = excluded.title, state = excluded.state,"
           " started_ms = excluded.started_ms, ended_ms = excluded.ended_ms, seats = excluded.seats",
        soci::use(lesson.id), soci::use(lesson.title), soci::use(lesson.publish_key), soci::use(state),
        soci::use(created), soci::use(started, started_known), soci::use(ended, ended_known),
        soci::use(seats);
    return {};
  });
}

base::Result<void> remove_lesson(Store& store, const std::string& id) {
  return guarded("removing a lesson", [&]() -> base::Result<void> {
    Transaction transaction(store);
    for (const char* statement :
         {"DELETE FROM room WHERE lesson_id = :id", "DELETE FROM lesson_lead WHERE lesson_id = :id",
          "DELETE FROM lesson_hours WHERE lesson_id = :id",
          "DELETE FROM link_withdrawn WHERE lesson_id = :id", "DELETE FROM lesson WHERE id = :id"}) {
      store.session() << statement, soci::use(id);
    }
    transaction.commit();
    return {};
  });
}

}  // namespace tongke::school::store
