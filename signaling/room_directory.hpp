#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "school/token.hpp"
#include "signaling/protocol/messages.hpp"

namespace tongke::signaling {

/// One class in a lesson.
struct RoomPlan {
  struct Seat {
    std::uint32_t number = 0;
    std::string label;  ///< a name; shown only to who may see it
  };
  std::string id;           ///< 1 to 32 letters, digits, - and _
  std::string label;        ///< "三(2)班"
  std::vector<Seat> seats;  ///< who is expected; empty = nobody by name
};

/// The rooms of a lesson as they are now. Immutable: a change is another plan.
struct LessonPlan {
  std::vector<RoomPlan> rooms;  ///< at least one; rooms are only ever added at the end
};

/// Where the holder of a link belongs.
struct Placement {
  std::vector<std::uint16_t> rooms;   ///< into LessonPlan::rooms; empty = no room of his own
  std::optional<std::uint32_t> seat;  ///< the pupil's, or his guardian's child's
  std::string label;                  ///< a teacher's name
};

/// What the websocket service asks of the school.  @thread any, several at once; no waiting
class RoomDirectory {
 public:
  virtual ~RoomDirectory() = default;
  /// Null when there is no such lesson (any more).
  [[nodiscard]] virtual std::shared_ptr<const LessonPlan> plan(std::string_view lesson) const = 0;
  /// nullopt when the link was withdrawn.
  [[nodiscard]] virtual std::optional<Placement> place(const LessonPlan& plan,
                                                       const school::Token& token) const = 0;
  /// What is on air when somebody comes; changes are told by Service::set_on_air().
  [[nodiscard]] virtual protocol::OnAir on_air(std::string_view lesson) const = 0;
};

}  // namespace tongke::signaling
