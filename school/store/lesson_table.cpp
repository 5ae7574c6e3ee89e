#include "school/store/lesson_table.hpp"

#include <soci/soci.h>

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

std::optional<base::WallTime> optional_time(const soci::row& row, std::size_t column) {
  if (row.get_indicator(column) != soci::i_ok) return std::nullopt;
  return wall(row.get<long long>(column));
}

}  // namespace

base::Result<std::vector<Lesson>> load_lessons(Store& store) {
  return guarded("reading lessons", [&]() -> base::Result<std::vector<Lesson>> {
    const soci::rowset<soci::row> rows =
        (store.session().prepare
         << "SELECT id, title, publish_key, state, created_ms, started_ms, ended_ms, seats FROM lesson");
    std::vector<Lesson> lessons;
    for (const auto& row : rows) {
      Lesson lesson;
      lesson.id = row.get<std::string>(0);
      lesson.title = row.get<std::string>(1);
      lesson.publish_key = row.get<std::string>(2);
      lesson.state = row.get<int>(3) == 0 ? LessonState::open : LessonState::ended;
      lesson.created = wall(row.get<long long>(4));
      lesson.started = optional_time(row, 5);
      lesson.ended = optional_time(row, 6);
      lesson.seats = static_cast<std::uint32_t>(row.get<int>(7));
      lessons.push_back(std::move(lesson));
    }
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
