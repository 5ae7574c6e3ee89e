#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/people/directory.hpp"
#include "school/schedule/timetable.hpp"
#include "school/timetable/people.hpp"

namespace tongke::school::schedule {

/// People and timetable of one moment, and the weeks that follow from them: what requests read.
/// Immutable to its readers; a week is worked out when it is first asked for.  @thread any
class View {
 public:
  using Slots = std::shared_ptr<const std::vector<timetable::Slot>>;

  /// @errors internal, as rules_people()
  [[nodiscard]] static base::Result<std::shared_ptr<const View>> make(people::Snapshot people,
                                                                      Snapshot timetable);

  [[nodiscard]] const people::Directory& people() const noexcept { return *people_; }
  [[nodiscard]] const people::Snapshot& people_snapshot() const noexcept { return people_; }
  [[nodiscard]] const timetable::People& rules_people() const noexcept { return rules_people_; }
  [[nodiscard]] const Timetable& timetable() const noexcept { return *timetable_; }
  /// What everybody has; `drafts` as if all drafts were published.
  [[nodiscard]] Slots week(timetable::Week week, bool drafts) const;

 private:
  View(people::Snapshot people, timetable::People rules_people, Snapshot timetable)
      : people_(std::move(people)),
        rules_people_(std::move(rules_people)),
        timetable_(std::move(timetable)) {}

  people::Snapshot people_;
  timetable::People rules_people_;
  Snapshot timetable_;
  mutable base::Guarded<std::map<std::pair<timetable::Week, bool>, Slots>> weeks_;
};
using ViewPtr = std::shared_ptr<const View>;

}  // namespace tongke::school::schedule
