#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "relay/channel/list.hpp"
#include "relay/live/snapshot.hpp"

namespace tongke::relay::channel {

/// How long a piece of what is shown between lessons is.
inline constexpr std::chrono::seconds kRestPiece{4};

/// A lesson that is to be shown.
struct Showing {
  const live::LessonSnapshot* snapshot = nullptr;  ///< null before its first media
  std::string_view lesson;
  std::string_view token;  ///< for its media
  bool on_air = true;      ///< else only what of it has not been shown yet
};
/// What is shown while there is no lesson, and while a lesson sends nothing.
struct Resting {
  std::string_view base;  ///< where its pieces are: "/channel/…/rest/"
  std::string_view name;  ///< of the picture
  /// What is played once before the picture, from its beginning; nothing: no more.
  struct Clip {
    std::string_view base;  ///< "/channel/…/clip/"
    std::string_view name;
    std::uint32_t pieces = 0;
    std::int64_t occasion = 0;  ///< another one is another time to play it
  };
  std::optional<Clip> clip = {};
};

/// One address that plays a morning: lessons as they are on air, in stretches of MPEG-TS, and the picture of
/// what comes in between. It is told what to show whenever somebody asks, and adds what has become due since
/// then, so that the list grows as time does. Pure.
class Channel {
 public:
  using Time = base::Steady::time_point;

  /// @param first, target  as List's
  Channel(std::uint32_t first, std::chrono::seconds target) : list_(first, target) {}

  void advance(Time now, const std::optional<Showing>& lesson, const Resting& rest);
  /// Not before the first advance().
  [[nodiscard]] std::string text() const { return list_.text(); }
  /// The lesson whose media came last; empty while it rests.
  [[nodiscard]] const std::string& lesson() const noexcept { return lesson_; }

 private:
  bool show(Time now, const Showing& lesson);
  void rest(Time now, const Resting& rest);
  [[nodiscard]] bool play_clip(const Resting& rest);
  void add(List::Piece piece);

  List list_;
  std::string lesson_;             ///< being shown; empty: none
  std::string known_;              ///< that was shown last
  std::uint32_t next_ = 0;         ///< its next stretch
  std::uint32_t rests_ = 0;        ///< pieces of the picture since something else was shown
  std::int64_t occasion_ = 0;      ///< for which the clip was played last
  std::uint32_t clip_next_ = 0;    ///< its next piece
  bool clip_on_ = false;           ///< the last piece was of it
  std::optional<Time> listed_to_;  ///< when who plays without delay is at the end of the list
};

/// The number in a piece of rest's name, "4f…e1.12.ts": which picture, and the how many-eth piece since
/// rest began.
struct RestName {
  std::string_view picture;
  std::uint32_t number = 0;
};
[[nodiscard]] std::string to_string(const RestName& name);
/// In its only spelling; nothing for anything else.
[[nodiscard]] std::optional<RestName> parse_rest_name(std::string_view file);

}  // namespace tongke::relay::channel
