#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/store/store.hpp"

namespace tongke::school::retention {

/// A lesson kept beyond its term (SE-4). Two persons set it and two take it off.
struct Hold {
  std::string lesson = {};
  std::string reason = {};
  std::string first_by = {};
  base::WallTime first_at{};
  std::string second_by = {};  ///< empty: the second person has not agreed yet
  base::WallTime second_at{};
  std::string release_by = {};  ///< who has asked to take it off
  friend bool operator==(const Hold&, const Hold&) = default;
};

/// A hold that one person has set protects this long, for the second to agree.
inline constexpr std::chrono::hours kOnePersonHolds{24 * 7};

/// All holds, in memory and written through.  @thread control
class Holds {
 public:
  /// @errors io
  [[nodiscard]] static base::Result<Holds> open(store::Store& store);

  /// Asks for a hold, or agrees to the one another person has asked for.
  /// @errors invalid (field "by" or "reason": empty), conflict: the same person again; io
  [[nodiscard]] base::Result<Hold> set(const std::string& lesson, const std::string& by,
                                       const std::string& reason, base::WallTime now);
  /// Asks to take it off, or agrees and takes it off; one that only one person has set goes at once.
  /// @return the hold as it was or is  @errors not_found, invalid (field "by"), conflict: the same person; io
  [[nodiscard]] base::Result<Hold> release(const std::string& lesson, const std::string& by);

  [[nodiscard]] bool holds(std::string_view lesson, base::WallTime now) const;
  [[nodiscard]] const std::map<std::string, Hold, std::less<>>& all() const noexcept { return holds_; }

 private:
  explicit Holds(store::Store& store) : store_(&store) {}
  [[nodiscard]] base::Result<Hold> save(Hold changed);

  store::Store* store_;
  std::map<std::string, Hold, std::less<>> holds_;
};

}  // namespace tongke::school::retention
