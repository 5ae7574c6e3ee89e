#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/store/store.hpp"

namespace tongke::school {

/// Whether a lesson may be published to. Whether media flows is live/'s affair.
enum class LessonState : std::uint8_t { open = 0, ended = 1 };
[[nodiscard]] std::string_view to_string(LessonState state) noexcept;

struct Lesson {
  std::string id;  ///< readable, unguessable
  std::string title;
  std::string publish_key;  ///< secret of the lead teacher
  LessonState state = LessonState::open;
  base::WallTime created{};
  std::optional<base::WallTime> started;  ///< wall time of its first frame
  std::optional<base::WallTime> ended;
  std::uint32_t seats = 0;  ///< links handed out so far
};

/// The lessons this machine knows, kept in memory and written through to the store.
/// @thread the control thread (server) or main (commands without a server)
class Lessons {
 public:
  /// Reads every lesson.  @errors io
  [[nodiscard]] static base::Result<Lessons> open(store::Store& store);

  /// Calls `changed` with every lesson as it is now, and with each one that changes later.
  void watch(std::function<void(const Lesson&)> changed);

  /// @errors invalid (field "title": empty, over 200 bytes, not UTF-8 or with control characters), io
  [[nodiscard]] base::Result<Lesson> create(const std::string& title);
  [[nodiscard]] const Lesson* find(std::string_view id) const;
  /// Every one, by id.
  [[nodiscard]] const std::map<std::string, Lesson, std::less<>>& all() const noexcept { return lessons_; }
  /// The one made last comes first.
  struct Newer {
    bool operator()(const Lesson* left, const Lesson* right) const {
      return std::tie(right->created, right->id) < std::tie(left->created, left->id);
    }
  };
  using Newest = std::set<const Lesson*, Newer>;
  /// Every one, newest first.
  [[nodiscard]] const Newest& newest() const noexcept { return newest_; }
  /// Ends a lesson, or opens an ended one again; ending twice is fine.  @errors not_found, io
  [[nodiscard]] base::Result<Lesson> set_state(std::string_view id, LessonState state);
  /// Forgets a lesson, with everything that hangs on it in the store (rooms, leads, plan); whoever
  /// keeps some of that in memory forgets it first.  @errors not_found, io
  [[nodiscard]] base::Result<void> remove(std::string_view id);
  /// Notes when the first frame came; later calls change nothing.  @errors not_found, io
  [[nodiscard]] base::Result<void> note_started(std::string_view id, base::WallTime started);
  /// Reserves `count` seat numbers and returns the first.  @errors not_found, io
  [[nodiscard]] base::Result<std::uint32_t> reserve_seats(std::string_view id, std::uint32_t count);

 private:
  explicit Lessons(store::Store& store) : store_(&store) {}
  [[nodiscard]] base::Result<Lesson> save(Lesson changed);

  store::Store* store_;
  std::map<std::string, Lesson, std::less<>> lessons_;  // by id; its nodes stay where they are
  Newest newest_;                                       // of lessons_
  std::function<void(const Lesson&)> changed_;
};

}  // namespace tongke::school
