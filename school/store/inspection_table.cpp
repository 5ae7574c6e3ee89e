#include "school/store/inspection_table.hpp"

#include <limits>

#include "school/crypto.hpp"
#include "school/store/rows.hpp"

namespace tongke::school::store {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using inspection::Draw;
using inspection::OnAir;
using inspection::SpotCheck;
using inspection::Still;

constexpr const char* kDraws =
    "SELECT id, number, secret, committed_ms, drawn_ms, staff_id, words, wanted FROM inspection_draw ";
constexpr const char* kChecks =
    "SELECT id, number, draw_id, lesson_id, school_id, lead_id, staff_id, opened_ms, signed_ms, record, seal"
    " FROM spot_check ";

std::uint32_t number(const soci::row& row, std::size_t column) {
  return static_cast<std::uint32_t>(row.get<int>(column));
}

Draw draw_of(const soci::row& row) {
  Draw draw;
  draw.id = row.get<std::string>(0);
  draw.number = number(row, 1);
  draw.secret = row.get<std::string>(2);
  draw.committed = wall(row.get<long long>(3));
  draw.drawn = wall(row.get<long long>(4));
  draw.by = {number(row, 5)};
  draw.words = row.get<std::string>(6);
  draw.wanted = number(row, 7);
  return draw;
}

SpotCheck check_of(const soci::row& row) {
  return {.id = row.get<std::string>(0),
          .number = static_cast<std::uint64_t>(row.get<long long>(1)),
          .draw = row.get<std::string>(2),
          .lesson = row.get<std::string>(3),
          .school = {number(row, 4)},
          .lead = {number(row, 5)},
          .by = {number(row, 6)},
          .opened = wall(row.get<long long>(7)),
          .finished = wall(row.get<long long>(8)),
          .record = row.get<std::string>(9),
          .seal = row.get<std::string>(10)};
}

template <class Of>
auto first_of(const soci::rowset<soci::row>& rows, Of of) {
  std::optional<decltype(of(*rows.begin()))> found;
  for (const auto& row : rows) {
    found = of(row);
    break;
  }
  return found;
}

void load_lessons(Store& store, Draw& draw) {
  const soci::rowset<soci::row> rows =
      (store.session().prepare << "SELECT lesson_id, school, stage, subject FROM inspection_on_air"
                                  " WHERE draw_id = :id ORDER BY lesson_id",
       soci::use(draw.id));
  for (const auto& row : rows)
    draw.on_air.push_back(
        {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3)});
}

void load_drawn(Store& store, Draw& draw) {
  const soci::rowset<soci::row> drawn =
      (store.session().prepare
           << "SELECT lesson_id FROM inspection_on_air WHERE draw_id = :id AND place > 0 ORDER BY place",
       soci::use(draw.id));
  for (const auto& row : drawn) draw.lessons.push_back(row.get<std::string>(0));
}

void save_lessons(Store& store, const Draw& draw) {
  Prepared<std::string, std::string, std::string, std::string, std::string, int> save(
      store.session(),
      "INSERT INTO inspection_on_air (draw_id, lesson_id, school, stage, subject, place)"
      " VALUES (:d, :l, :s, :g, :u, :p)");
  for (const OnAir& one : draw.on_air) {
    int place = 0;
    for (std::size_t i = 0; i < draw.lessons.size(); ++i) {
      if (draw.lessons[i] == one.lesson) place = static_cast<int>(i) + 1;
    }
    save(draw.id, one.lesson, one.school, one.stage, one.subject, place);
  }
}

void save_stills(Store& store, const std::string& check, const std::vector<Still>& stills) {
  Prepared<std::string, int, long long, std::string> save(
      store.session(), "INSERT INTO spot_check_still (check_id, place, at_ms, webp) VALUES (:c, :p, :a, :w)");
  int place = 0;
  for (const Still& still : stills) save(check, ++place, ms(still.at), crypto::base64url(still.webp));
}

}  // namespace

Result<std::optional<Draw>> load_next_draw(Store& store) {
  return guarded("reading the next draw", [&]() -> Result<std::optional<Draw>> {
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kDraws) + "WHERE drawn_ms = 0 ORDER BY number");
    return first_of(rows, draw_of);
  });
}

Result<std::optional<Draw>> load_draw(Store& store, const std::string& id) {
  return guarded("reading a draw", [&]() -> Result<std::optional<Draw>> {
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kDraws) + "WHERE id = :id", soci::use(id));
    auto draw = first_of(rows, draw_of);
    if (!draw) return draw;
    load_lessons(store, *draw);
    load_drawn(store, *draw);
    return draw;
  });
}

Result<std::vector<Draw>> load_draws(Store& store, std::size_t limit) {
  return guarded("reading draws", [&]() -> Result<std::vector<Draw>> {
    const int most = static_cast<int>(limit);
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kDraws) +
                                        "WHERE drawn_ms > 0 ORDER BY number DESC LIMIT :most",
         soci::use(most));
    std::vector<Draw> draws;
    for (const auto& row : rows) draws.push_back(draw_of(row));
    for (Draw& draw : draws) load_drawn(store, draw);
    return draws;
  });
}

Result<void> save_draw(Store& store, const Draw& draw) {
  return guarded("saving a draw", [&]() -> Result<void> {
    Transaction transaction(store);
    Prepared<std::string, int, std::string, long long, long long, int, std::string, int>(
        store.session(),
        "INSERT INTO inspection_draw (id, number, secret, committed_ms, drawn_ms, staff_id, words, wanted)"
        " VALUES (:i, :n, :s, :c, :d, :b, :w, :k) ON CONFLICT (id) DO UPDATE SET drawn_ms = "
        "excluded.drawn_ms,"
        " staff_id = excluded.staff_id, words = excluded.words, wanted = excluded.wanted")(
        draw.id, static_cast<int>(draw.number), draw.secret, ms(draw.committed), ms(draw.drawn),
        static_cast<int>(draw.by.value), draw.words, static_cast<int>(draw.wanted));
    save_lessons(store, draw);
    transaction.commit();
    return {};
  });
}

Result<std::optional<SpotCheck>> load_unsigned_check(Store& store, const SpotCheck& like) {
  return guarded("reading a spot check", [&]() -> Result<std::optional<SpotCheck>> {
    const int staff = static_cast<int>(like.by.value);
    const soci::rowset<soci::row> rows =
        (store.session().prepare
             << std::string(kChecks) +
                    "WHERE draw_id = :d AND lesson_id = :l AND staff_id = :s AND signed_ms = 0",
         soci::use(like.draw), soci::use(like.lesson), soci::use(staff));
    return first_of(rows, check_of);
  });
}

Result<std::optional<SpotCheck>> load_check(Store& store, const std::string& id) {
  return guarded("reading a spot check", [&]() -> Result<std::optional<SpotCheck>> {
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kChecks) + "WHERE id = :id", soci::use(id));
    return first_of(rows, check_of);
  });
}

Result<std::vector<SpotCheck>> load_checks(Store& store, const inspection::CheckQuery& query) {
  return guarded("reading spot checks",
                 [&]() -> Result<std::vector<SpotCheck>> {
                   const long long below = query.before == 0 ? std::numeric_limits<long long>::max()
                                                             : static_cast<long long>(query.before);
                   const int all = query.all ? 1 : 0;
                   const int school = static_cast<int>(query.school.value);
                   const int staff = static_cast<int>(query.staff.value);
                   const int most = static_cast<int>(query.limit);
                   const soci::rowset<soci::row> rows =
                       (store.session().prepare
                            << std::string(kChecks) +
                                   "WHERE number < :below AND (:all = 1 OR school_id = :school"
                                   " OR lead_id = :lead OR staff_id = :by) ORDER BY number DESC LIMIT :most",
                        soci::use(below), soci::use(all), soci::use(school), soci::use(staff),
                        soci::use(staff), soci::use(most));
                   std::vector<SpotCheck> checks;
                   for (const auto& row : rows) checks.push_back(check_of(row));
                   return checks;
                 });
}

Result<void> save_check(Store& store, const SpotCheck& check, const std::vector<Still>& stills) {
  return guarded("saving a spot check", [&]() -> Result<void> {
    Transaction transaction(store);
    Prepared<std::string, long long, std::string, std::string, int, int, int, long long, long long,
             std::string, std::string>(
        store.session(),
        "INSERT INTO spot_check"
        " (id, number, draw_id, lesson_id, school_id, lead_id, staff_id, opened_ms, signed_ms, record, seal)"
        " VALUES (:i, :n, :d, :l, :s, :t, :b, :o, :f, :r, :e) ON CONFLICT (id) DO UPDATE SET"
        " signed_ms = excluded.signed_ms, record = excluded.record, seal = excluded.seal")(
        check.id, static_cast<long long>(check.number), check.draw, check.lesson,
        static_cast<int>(check.school.value), static_cast<int>(check.lead.value),
        static_cast<int>(check.by.value), ms(check.opened), ms(check.finished), check.record, check.seal);
    save_stills(store, check.id, stills);
    transaction.commit();
    return {};
  });
}

Result<std::vector<Still>> load_stills(Store& store, const std::string& check) {
  return guarded("reading stills",
                 [&]() -> Result<std::vector<Still>> {
                   const soci::rowset<soci::row> rows =
                       (store.session().prepare
                            << "SELECT at_ms, webp FROM spot_check_still WHERE check_id = :c ORDER BY place",
                        soci::use(check));
                   std::vector<Still> stills;
                   for (const auto& row : rows) {
                     auto webp = crypto::from_base64url(row.get<std::string>(1));
                     if (!webp) return Error{Errc::io, "a still is damaged"};
                     stills.push_back({wall(row.get<long long>(0)), std::move(*webp)});
                   }
                   return stills;
                 });
}

Result<std::vector<SpotCheck>> load_checks_before(Store& store, base::WallTime before) {
  return guarded("reading old spot checks", [&]() -> Result<std::vector<SpotCheck>> {
    const long long limit = ms(before);
    const soci::rowset<soci::row> rows =
        (store.session().prepare << std::string(kChecks) +
                                        "WHERE CASE WHEN signed_ms > 0 THEN signed_ms ELSE opened_ms END < :l"
                                        " ORDER BY number",
         soci::use(limit));
    std::vector<SpotCheck> checks;
    for (const auto& row : rows) checks.push_back(check_of(row));
    return checks;
  });
}

Result<void> remove_check(Store& store, const std::string& id) {
  return guarded("removing a spot check", [&]() -> Result<void> {
    store.session() << "DELETE FROM spot_check_still WHERE check_id = :id", soci::use(id);
    store.session() << "DELETE FROM spot_check WHERE id = :id", soci::use(id);
    return {};
  });
}

}  // namespace tongke::school::store
