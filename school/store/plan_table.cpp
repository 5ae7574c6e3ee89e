#include "school/store/plan_table.hpp"

#include <variant>

#include "school/store/rows.hpp"

namespace tongke::school::store {

namespace tt = timetable;

base::Result<std::vector<schedule::LessonPlan>> load_lesson_plans(Store& store) {
  return guarded("reading lessons' plans", [&]() -> base::Result<std::vector<schedule::LessonPlan>> {
    std::vector<schedule::LessonPlan> all;
    each_row<std::string, int, int, int, long long, int, long long, long long, std::string, std::string, int,
             std::string>(
        store.session(),
        "SELECT lesson_id, kind, invited, plan, row_id, first_room, starts_ms, ends_ms, goal, advice,"
        " evaluation, evaluation_text FROM lesson_hours",
        [&](const std::string& lesson, int kind, int invited, int plan, long long row, int room,
            long long starts, long long ends, const std::string& goal, const std::string& advice,
            int evaluation, const std::string& evaluation_text) {
          all.push_back({.lesson = lesson,
                         .kind = static_cast<tt::Kind>(kind),
                         .invited = static_cast<std::uint32_t>(invited),
                         .plan = plan,
                         .row = {row},
                         .first_room = static_cast<std::uint32_t>(room),
                         .starts = wall(starts),
                         .ends = wall(ends),
                         .card = {.goal = goal,
                                  .advice = advice,
                                  .evaluation = static_cast<tt::Evaluation>(evaluation),
                                  .evaluation_text = evaluation_text}});
        });
    return all;
  });
}

base::Result<void> save_lesson_plan(Store& store, const schedule::LessonPlan& plan) {
  return guarded("saving a lesson's plan", [&]() -> base::Result<void> {
    Prepared<std::string, int, int, int, long long, int, long long, long long, std::string, std::string, int,
             std::string>(
        store.session(),
        "INSERT INTO lesson_hours (lesson_id, kind, invited, plan, row_id, first_room, starts_ms, ends_ms,"
        " goal, advice, evaluation, evaluation_text)"
        " VALUES (:l, :k, :i, :p, :r, :f, :s, :e, :g, :a, :v, :t)"
        " ON CONFLICT (lesson_id) DO UPDATE SET kind = excluded.kind,"
        " invited = excluded.invited, plan = excluded.plan, row_id = excluded.row_id,"
        " first_room = excluded.first_room, starts_ms = excluded.starts_ms, ends_ms = excluded.ends_ms,"
        " goal = excluded.goal, advice = excluded.advice, evaluation = excluded.evaluation,"
        " evaluation_text = excluded.evaluation_text")(
        plan.lesson, static_cast<int>(plan.kind), static_cast<int>(plan.invited), static_cast<int>(plan.plan),
        plan.row.value, static_cast<int>(plan.first_room), ms(plan.starts), ms(plan.ends), plan.card.goal,
        plan.card.advice, static_cast<int>(plan.card.evaluation), plan.card.evaluation_text);
    return {};
  });
}

base::Result<void> remove_lesson_plan(Store& store, const std::string& lesson) {
  return guarded("removing a lesson's plan", [&]() -> base::Result<void> {
    store.session() << "DELETE FROM lesson_hours WHERE lesson_id = :id", soci::use(lesson);
    return {};
  });
}

base::Result<std::vector<schedule::DayPlan>> load_day_plans(Store& store) {
  return guarded("reading plans", [&]() -> base::Result<std::vector<schedule::DayPlan>> {
    std::vector<schedule::DayPlan> all;
    each_row<int, int, int, int, std::string, std::string, long long>(
        store.session(), "SELECT id, day, drill, state, reason, made_by, made_ms FROM plan ORDER BY id",
        [&](int id, int day, int drill, int state, const std::string& reason, const std::string& by,
            long long made) {
          all.push_back({.id = id,
                         .day = tt::Date(std::chrono::days(day)),
                         .drill = drill != 0,
                         .state = static_cast<schedule::DayPlan::State>(state),
                         .reason = reason,
                         .made_by = by,
                         .made = wall(made)});
        });
    return all;
  });
}

base::Result<void> save_day_plan(Store& store, const schedule::DayPlan& plan) {
  return guarded("saving a plan", [&]() -> base::Result<void> {
    Prepared<int, int, int, int, std::string, std::string, long long>(
        store.session(),
        "INSERT INTO plan (id, day, drill, state, reason, made_by, made_ms) VALUES (:i, :d, :r, :s, :w, :b, "
        ":m)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state")(
        static_cast<int>(plan.id), static_cast<int>(plan.day.time_since_epoch().count()), plan.drill ? 1 : 0,
        static_cast<int>(plan.state), plan.reason, plan.made_by, ms(plan.made));
    return {};
  });
}

base::Result<std::vector<AirRow>> load_air(Store& store, base::WallTime since) {
  return guarded("reading air time", [&]() -> base::Result<std::vector<AirRow>> {
    std::vector<AirRow> rows;
    each_row<std::string, int, int, int, long long, long long>(
        store.session(),
        "SELECT lesson_id, class_id, group_id, drill, from_ms, to_ms FROM air_interval WHERE to_ms >= " +
            std::to_string(ms(since)) + " ORDER BY from_ms",
        [&](const std::string& lesson, int in_class, int group, int drill, long long from, long long to) {
          tt::Room room = tt::ClassId{in_class};
          if (group != 0) room = tt::GroupId{group};
          rows.push_back({lesson, drill != 0, {.room = room, .from = wall(from), .to = wall(to)}});
        });
    return rows;
  });
}

base::Result<void> save_air(Store& store, const std::vector<AirRow>& rows) {
  return guarded("saving air time", [&]() -> base::Result<void> {
    Prepared<std::string, int, int, int, long long, long long> save(
        store.session(),
        "INSERT INTO air_interval (lesson_id, class_id, group_id, drill, from_ms, to_ms)"
        " VALUES (:l, :c, :g, :d, :f, :t)"
        " ON CONFLICT (lesson_id, class_id, group_id, from_ms) DO UPDATE SET to_ms = excluded.to_ms");
    for (const AirRow& row : rows) {
      const auto* in_class = std::get_if<tt::ClassId>(&row.interval.room);
      const auto* group = std::get_if<tt::GroupId>(&row.interval.room);
      save(row.lesson, in_class ? static_cast<int>(in_class->value) : 0,
           group ? static_cast<int>(group->value) : 0, row.drill ? 1 : 0, ms(row.interval.from),
           ms(row.interval.to));
    }
    return {};
  });
}

base::Result<std::size_t> drop_air(Store& store, base::WallTime before) {
  return guarded("dropping air time", [&]() -> base::Result<std::size_t> {
    const long long limit = ms(before);
    soci::statement drop =
        (store.session().prepare << "DELETE FROM air_interval WHERE to_ms < :limit", soci::use(limit));
    drop.execute(true);
    return static_cast<std::size_t>(drop.get_affected_rows());
  });
}

}  // namespace tongke::school::store
