#include "school/store/feedback_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

using base::Result;
using feedback::Feedback;
using feedback::Ticket;

// owner -1: no ticket. answered_ms, closed_ms 0: not yet.
constexpr const char* kRows =
    "SELECT id, pupil_id, school_id, class_id, monday, picture, sound, pace, text, said_ms,"
    " owner, due_ms, answer, staff_id, answered_ms, closed_ms, lesson_id, lesson_title, since_ms"
    " FROM family_word ";

std::uint32_t number(const soci::row& row, std::size_t column) {
  return static_cast<std::uint32_t>(row.get<int>(column));
}

Feedback feedback_of(const soci::row& row) {
  Feedback said{.id = row.get<std::string>(0),
                .pupil = {number(row, 1)},
                .school = {number(row, 2)},
                .original_class = {number(row, 3)},
                .week = {timetable::Date(std::chrono::days(row.get<int>(4)))},
                .lesson = row.get<std::string>(16),
                .lesson_title = row.get<std::string>(17),
                .taps = {.picture = static_cast<feedback::Mark>(row.get<int>(5)),
                         .sound = static_cast<feedback::Mark>(row.get<int>(6)),
                         .pace = static_cast<feedback::Pace>(row.get<int>(7))},
                .text = row.get<std::string>(8),
                .said = wall(row.get<long long>(9))};
  if (const int owner = row.get<int>(10); owner >= 0)
    said.ticket = Ticket{.owner = static_cast<feedback::Desk>(owner),
                         .since = wall(row.get<long long>(18)),
                         .due = wall(row.get<long long>(11)),
                         .answer = row.get<std::string>(12),
                         .by = {number(row, 13)},
                         .answered = wall(row.get<long long>(14)),
                         .closed = wall(row.get<long long>(15))};
  return said;
}

std::vector<Feedback> all_of(const soci::rowset<soci::row>& rows) {
  std::vector<Feedback> all;
  for (const auto& row : rows) all.push_back(feedback_of(row));
  return all;
}

}  // namespace

Result<std::optional<Feedback>> load_feedback(Store& store, const std::string& id) {
  return guarded("reading feedback", [&]() -> Result<std::optional<Feedback>> {
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kRows) + "WHERE id = :id", soci::use(id));
    auto all = all_of(rows);
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
  });
}

Result<std::vector<Feedback>> load_feedback_of(Store& store, people::PupilId pupil) {
  return guarded("reading a child's feedback", [&]() -> Result<std::vector<Feedback>> {
    const int row = static_cast<int>(pupil.value);
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kRows) + "WHERE pupil_id = :pupil ORDER BY said_ms DESC, id",
         soci::use(row));
    return all_of(rows);
  });
}

Result<std::vector<Feedback>> load_tickets(Store& store, people::SchoolId school, bool closed,
                                           std::size_t limit) {
  return guarded("reading tickets", [&]() -> Result<std::vector<Feedback>> {
    const int of = static_cast<int>(school.value);
    const int most = static_cast<int>(limit);
    const std::string which = closed ? "closed_ms > 0" : "closed_ms = 0";
    const std::string order = closed ? "closed_ms DESC" : "answered_ms, due_ms";
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kRows) + "WHERE owner >= 0 AND " + which +
                                        " AND (:any = 0 OR school_id = :school) ORDER BY " + order +
                                        ", id LIMIT :most",
         soci::use(of), soci::use(of), soci::use(most));
    return all_of(rows);
  });
}

Result<void> save_feedback(Store& store, const Feedback& said) {
  return guarded("saving feedback", [&]() -> Result<void> {
    Prepared<std::string, int, int, int, int, int, int, int, std::string, long long, int, long long,
             std::string, int, long long, long long, std::string, std::string, long long>
        save(store.session(),
             "INSERT INTO family_word (id, pupil_id, school_id, class_id, monday, picture, sound, pace, text,"
             " said_ms, owner, due_ms, answer, staff_id, answered_ms, closed_ms, lesson_id, lesson_title,"
             " since_ms)"
             " VALUES (:id, :pupil, :school, :class, :monday, :picture, :sound, :pace, :text,"
             " :said, :owner, :due, :answer, :staff, :answered, :closed, :lesson, :title, :since)"
             " ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, answer = excluded.answer,"
             " staff_id = excluded.staff_id, answered_ms = excluded.answered_ms,"
             " closed_ms = excluded.closed_ms, since_ms = excluded.since_ms");
    const Ticket ticket = said.ticket.value_or(Ticket{});
    save(said.id, static_cast<int>(said.pupil.value), static_cast<int>(said.school.value),
         static_cast<int>(said.original_class.value),
         static_cast<int>(said.week.monday.time_since_epoch().count()), static_cast<int>(said.taps.picture),
         static_cast<int>(said.taps.sound), static_cast<int>(said.taps.pace), said.text, ms(said.said),
         said.ticket ? static_cast<int>(ticket.owner) : -1, ms(ticket.due), ticket.answer,
         static_cast<int>(ticket.by.value), ms(ticket.answered), ms(ticket.closed), said.lesson,
         said.lesson_title, ms(ticket.since));
    return {};
  });
}

Result<std::size_t> drop_feedback(Store& store, base::WallTime before) {
  return guarded("dropping feedback", [&]() -> Result<std::size_t> {
    const long long limit = ms(before);
    soci::statement drop = (store.session().prepare << "DELETE FROM family_word WHERE said_ms < :limit"
                                                       " AND (owner < 0 OR closed_ms > 0)",
                            soci::use(limit));
    drop.execute(true);
    return static_cast<std::size_t>(drop.get_affected_rows());
  });
}

}  // namespace tongke::school::store
