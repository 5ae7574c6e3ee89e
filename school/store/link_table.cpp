#include "school/store/link_table.hpp"

#include "school/store/rows.hpp"

namespace tongke::school::store {

using base::Errc;
using base::Error;
using base::Result;

Result<LinkRows> load_links(Store& store) {
  return guarded("reading links", [&]() -> Result<LinkRows> {
    LinkRows rows;
    each_row<int, int, int>(store.session(), "SELECT bearer, person, version FROM link_version",
                            [&](int bearer, int row, int version) {
                              rows.versions.emplace_back(links::Person{static_cast<links::Bearer>(bearer),
                                                                       static_cast<std::uint32_t>(row)},
                                                         static_cast<std::uint16_t>(version));
                            });
    each_row<std::string, int>(store.session(), "SELECT lesson_id, seat FROM link_withdrawn",
                               [&](const std::string& lesson, int seat) {
                                 rows.seats.emplace_back(lesson, static_cast<std::uint32_t>(seat));
                               });
    return rows;
  });
}

Result<void> save_versions(Store& store,
                           const std::vector<std::pair<links::Person, std::uint16_t>>& versions) {
  return guarded("saving links", [&]() -> Result<void> {
    Transaction transaction(store);
    Prepared<int, int, int> save(store.session(),
                                 "INSERT INTO link_version (bearer, person, version)"
                                 " VALUES (:bearer, :person, :version)"
                                 " ON CONFLICT (bearer, person) DO UPDATE SET version = excluded.version");
    for (const auto& [person, version] : versions) {
      save(static_cast<int>(person.bearer), static_cast<int>(person.row), int{version});
    }
    transaction.commit();
    return {};
  });
}

Result<void> save_withdrawn_seat(Store& store, const std::string& lesson, std::uint32_t seat) {
  return guarded("withdrawing a link", [&]() -> Result<void> {
    Prepared<std::string, int> save(store.session(),
                                    "INSERT INTO link_withdrawn (lesson_id, seat) VALUES (:lesson, :seat)"
                                    " ON CONFLICT (lesson_id, seat) DO NOTHING");
    save(lesson, static_cast<int>(seat));
    return {};
  });
}

}  // namespace tongke::school::store
