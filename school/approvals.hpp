#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/permissions.hpp"
#include "school/store/store.hpp"

namespace tongke::school {

/// A wish for what one may only with a reason, and what somebody responsible said to it himself.
struct Approval {
  std::string id = {};  ///< hard to guess
  people::StaffId asker = {};
  Act act = Act::see_names;
  Target target = {};  ///< a school, class or pupil
  std::string reason = {};
  base::WallTime asked{};
  enum class State : std::uint8_t { asked, agreed, refused };
  State state = State::asked;
  people::StaffId approver = {};  ///< who answered
};
[[nodiscard]] std::string_view to_string(Approval::State state) noexcept;

/// Wishes and answers of the last day, in memory and written through. What was looked at with one is
/// in the access log for good.
/// @thread reading: any. Changing: the store thread
/// @source 未成年人网络保护条例 36
class Approvals {
 public:
  static constexpr std::size_t kMost = 1'000;
  static constexpr std::chrono::hours kLasts{24};

  /// Reads those that are not over; the others are forgotten.  @errors io
  [[nodiscard]] base::Result<void> load(store::Store& store, base::WallTime now);
  /// @errors overload: too many wait already; io
  [[nodiscard]] base::Result<Approval> ask(store::Store& store, people::StaffId asker, Act act,
                                           const Target& target, std::string reason, base::WallTime now);
  /// Whoever calls has made sure that `approver` is the one who is signed in.
  /// @errors not_found: gone, not his, or his own wish; conflict: answered already; io
  [[nodiscard]] base::Result<Approval> answer(store::Store& store, const people::Directory& people,
                                              const std::string& id, people::StaffId approver, bool agrees,
                                              base::WallTime now);
  /// The agreed wish of `asker` that covers this look.
  [[nodiscard]] std::optional<Approval> agreed(const std::string& id, people::StaffId asker, Act act,
                                               const Target& target, base::WallTime now) const;
  /// Those that `staff` asked for or may answer, the newest first.
  [[nodiscard]] std::vector<Approval> of(const people::Directory& people, people::StaffId staff,
                                         base::WallTime now) const;

 private:
  base::Guarded<std::deque<Approval>> all_;  // the oldest first
};

/// Whether `staff` answers for that school: its office, and never one's own wish.
[[nodiscard]] bool may_approve(const people::Directory& people, people::StaffId staff, const Approval& wish);

}  // namespace tongke::school
