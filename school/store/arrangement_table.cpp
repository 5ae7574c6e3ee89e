#include "school/store/arrangement_table.hpp"

#include <map>

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

template <class I>
I id(int value) {
  return I{static_cast<std::uint32_t>(value)};
}
template <class I>
int number(I id) {
  return static_cast<int>(id.value);
}

}  // namespace

base::Result<std::vector<Arrangement>> load_arrangements(Store& store) {
  return guarded("reading rooms", [&]() -> base::Result<std::vector<Arrangement>> {
    std::map<std::string, Arrangement> lessons;
    const auto of = [&](const std::string& lesson) -> Arrangement& {
      Arrangement& one = lessons[lesson];
      one.lesson = lesson;
      return one;
    };
    each_row<std::string, int>(
        store.session(), "SELECT id, mode FROM lesson WHERE mode <> 0",
        [&](const std::string& lesson, int mode) { of(lesson).mode = static_cast<LessonMode>(mode); });
    each_row<int, std::string, std::string, int, int, int>(
        store.session(),
        "SELECT id, public_id, lesson_id, class_id, group_id, teacher_id FROM room ORDER BY id",
        [&](int row, const std::string& out, const std::string& lesson, int in_class, int group,
            int teacher) {
          of(lesson).rooms.push_back({.id = id<RoomId>(row),
                                      .public_id = people::PublicId::parse(out).value_or(people::PublicId()),
                                      .lesson = lesson,
                                      .seating = {id<people::ClassId>(in_class), id<people::GroupId>(group)},
                                      .teacher = id<people::StaffId>(teacher)});
        });
    each_row<std::string, int, long long>(
        store.session(), "SELECT lesson_id, staff_id, from_ms FROM lesson_lead ORDER BY lesson_id, place",
        [&](const std::string& lesson, int staff, long long from) {
          of(lesson).leads.push_back({id<people::StaffId>(staff), wall(from)});
        });
    std::vector<Arrangement> all;
    all.reserve(lessons.size());
    for (auto& [lesson, arrangement] : lessons) all.push_back(std::move(arrangement));
    return all;
  });
}

base::Result<void> save_arrangement(Store& store, const Arrangement& arrangement) {
  return guarded("saving rooms", [&]() -> base::Result<void> {
    soci::session& sql = store.session();
    Transaction transaction(store);
    const std::string& lesson = arrangement.lesson;
    Prepared<int, std::string>(sql, "UPDATE lesson SET mode = :mode WHERE id = :id")(
        static_cast<int>(arrangement.mode), lesson);
    Prepared<std::string>(sql, "DELETE FROM room WHERE lesson_id = :id")(lesson);
    Prepared<std::string>(sql, "DELETE FROM lesson_lead WHERE lesson_id = :id")(lesson);
    Prepared<int, std::string, std::string, int, int, int> room(
        sql,
        "INSERT INTO room (id, public_id, lesson_id, class_id, group_id, teacher_id)"
        " VALUES (:id, :public, :lesson, :class, :group, :teacher)");
    for (const Room& row : arrangement.rooms) {
      room(number(row.id), row.public_id.str(), lesson, number(row.seating.original_class),
           number(row.seating.group), number(row.teacher));
    }
    Prepared<std::string, int, int, long long> lead(
        sql,
        "INSERT INTO lesson_lead (lesson_id, place, staff_id, from_ms)"
        " VALUES (:lesson, :place, :staff, :from)");
    int place = 0;
    for (const Lead& row : arrangement.leads) {
      lead(lesson, place++, number(row.staff), ms(row.from));
    }
    transaction.commit();
    return {};
  });
}

}  // namespace tongke::school::store
