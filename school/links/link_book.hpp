#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/links/revocations.hpp"
#include "school/people/directory.hpp"
#include "school/store/store.hpp"

namespace tongke::school::links {

/// Somebody who has links, by row number.
struct Person {
  Bearer bearer = Bearer::pupil;  ///< pupil, home or staff
  std::uint32_t row = 0;
  friend auto operator<=>(const Person&, const Person&) = default;
};
[[nodiscard]] inline Person person(people::PupilId id) { return {Bearer::pupil, id.value}; }
[[nodiscard]] inline Person person(people::HomeId id) { return {Bearer::home, id.value}; }
[[nodiscard]] inline Person person(people::StaffId id) { return {Bearer::staff, id.value}; }

/// Which links are good: each person's links carry a version, and renewing them withdraws all
/// that were handed out before, for every lesson. Who has left has none. Kept in the store.
/// @thread reading: any. Changing: the store thread (server), main (commands without a server)
class LinkBook {
 public:
  /// Reads it and makes the first snapshot.  @errors io
  [[nodiscard]] base::Result<void> load(store::Store& store, const people::Directory& people);

  /// That a new link of the person must carry.
  [[nodiscard]] std::uint16_t version(const Person& person) const;
  [[nodiscard]] RevocationSnapshot current() const;

  /// Withdraws every link of these people, all or nothing. Nobody sees it before refresh().
  /// @errors io; conflict: renewed 65,535 times
  [[nodiscard]] base::Result<void> renew(store::Store& store, const std::vector<Person>& people);
  /// Withdraws one counted link.  @errors io
  [[nodiscard]] base::Result<void> withdraw_seat(store::Store& store, const std::string& lesson,
                                                 std::uint32_t seat);
  /// Makes the snapshot anew: after a change here, and after people changed.
  void refresh(const people::Directory& people);

 private:
  struct State {
    std::map<Person, std::uint16_t> versions;
    std::set<std::pair<std::string, std::uint32_t>> seats;
    RevocationSnapshot snapshot = std::make_shared<const Revocations>();
  };
  base::Guarded<State> state_;
};

}  // namespace tongke::school::links
