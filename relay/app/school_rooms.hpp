#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/guarded.hpp"
#include "school/people/directory.hpp"
#include "school/rooms.hpp"
#include "signaling/room_directory.hpp"

namespace tongke::relay::app {

/// The websocket's rooms as the school arranged them: one for each class or layer group, with its
/// roster, and everybody's place in them. A lesson that was not arranged has one room, and
/// whoever has a link is in it.
class SchoolRooms final : public signaling::RoomDirectory {
 public:
  SchoolRooms();

  // ---- what the school says ----  @thread any
  void set_people(school::people::Snapshot people);
  void arrange(const school::Arrangement& lesson);
  /// A lesson that is no more.
  void forget(std::string_view lesson);
  /// @return whether that is news
  bool set_on_air(const std::string& lesson, signaling::protocol::OnAir state);

  // ---- what the websocket asks ----
  [[nodiscard]] std::shared_ptr<const signaling::LessonPlan> plan(std::string_view lesson) const override;
  [[nodiscard]] std::optional<signaling::Placement> place(const signaling::LessonPlan& plan,
                                                          const school::Token& token) const override;
  [[nodiscard]] signaling::protocol::OnAir on_air(std::string_view lesson) const override;

 private:
  /// A lesson's plan, and where its links' holders belong in it.
  struct Arranged {
    school::Arrangement lesson;
    school::people::Snapshot people;                         ///< of whom the plan was made
    std::shared_ptr<const signaling::LessonPlan> plan;       ///< null: to be made
    std::vector<school::Room> rooms;                         ///< by number in the plan; rooms only ever join
    std::unordered_map<std::uint32_t, std::uint16_t> seats;  ///< room by pupil's row
  };
  struct State {
    school::people::Snapshot people = std::make_shared<const school::people::Directory>();
    std::map<std::string, Arranged, std::less<>> lessons;
    std::map<std::string, signaling::protocol::OnAir, std::less<>> on_air;
  };
  /// Null when the lesson was not arranged.
  static Arranged* arranged(State& state, std::string_view lesson);
  static void make_plan(const State& state, Arranged& arranged);
  [[nodiscard]] static std::optional<signaling::Placement> place_in(const Arranged& arranged,
                                                                    const school::Token& token);
  [[nodiscard]] static std::optional<signaling::Placement> place_in_open(const school::Token& token);

  std::shared_ptr<const signaling::LessonPlan> open_;
  mutable base::Guarded<State> state_;  // plans are made when somebody asks
};

}  // namespace tongke::relay::app
