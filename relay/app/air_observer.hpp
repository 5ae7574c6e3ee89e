#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "school/people/ids.hpp"

namespace tongke::relay::app {

/// What the hour asks of a lesson that is on air, for those who have to do it: signaling tells
/// the lead, media shows the slate.  @thread control
class AirObserver {
 public:
  virtual ~AirObserver() = default;
  /// The rooms have `left` until they rest; by default 5 minutes and 1 minute before. A lead who
  /// comes back after a break of the line is told again.
  /// @param rule   "daily_cap" or "evening"
  /// @param rooms  school::Room::public_id of each; empty for a lesson without rooms
  virtual void air_runs_out(const std::string& lesson, std::string_view rule,
                            const std::vector<school::people::PublicId>& rooms,
                            std::chrono::milliseconds left) = 0;
  /// From now on these rooms see the rest slate; all others go on. When no room is left the
  /// publisher is sent away right after this.
  virtual void rooms_rest(const std::string& lesson, std::string_view rule,
                          const std::vector<school::people::PublicId>& rooms) = 0;
  /// These rooms rest no more: another day, other caps. Their lesson need not be on air.
  virtual void rooms_wake(const std::string& lesson, const std::vector<school::people::PublicId>& rooms) = 0;
};

}  // namespace tongke::relay::app
