#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "relay/outward/notice.hpp"

namespace tongke::relay::outward {

/// Makes notices of what happens to lessons: each thing once, also over a restart, and nothing that
/// passes before anybody could act on it. Pure: it is told everything, the time too.
/// @thread one at a time
class Announcer {
 public:
  using Duration = std::chrono::milliseconds;
  struct Options {
    Duration ahead = std::chrono::minutes(10);  ///< how long before its start a lesson is announced; 0 = not
    Duration patience = std::chrono::seconds(30);  ///< breaks shorter than this are not said
  };

  /// @param told  what the journal has
  Announcer(Options options, const std::vector<Notice>& told);

  /// Looks at the lessons that are to begin within a day, or should have begun an hour ago: what
  /// begins soon, what is another than it was, what has been interrupted for too long. Several times
  /// a minute.
  [[nodiscard]] std::vector<Notice> look(const std::vector<LessonInfo>& planned, base::WallTime now);
  /// `lesson.state` is what is on air now.
  [[nodiscard]] std::vector<Notice> on_air(const LessonInfo& lesson, base::WallTime now);
  /// The ended lesson's recording is complete.
  [[nodiscard]] std::vector<Notice> replay_ready(const LessonInfo& lesson, base::WallTime now);
  /// @param trouble  code; empty = everything is recorded again
  [[nodiscard]] std::vector<Notice> recording(const LessonInfo& lesson, const std::string& trouble,
                                              base::WallTime now);
  /// The lesson is no more.
  [[nodiscard]] std::vector<Notice> removed(const std::string& lesson, base::WallTime now);
  /// Lessons that were on air and whose story is not told to its end: for after a restart.
  [[nodiscard]] std::vector<std::string> unfinished() const;

 private:
  struct Known {
    LessonInfo lesson = {};                       ///< as everybody thinks it is
    std::optional<base::WallTime> seen = {};      ///< by look(), first
    bool recalled = false;                        ///< its rooms are as they were told, not as they are
    base::WallTime touched{};                     ///< when it last was of interest
    std::optional<base::WallTime> soon_for = {};  ///< the start that was announced
    std::optional<LessonInfo> other = {};         ///< how it seems to be now
    base::WallTime other_since{};
    bool live = false;  ///< told
    bool ended = false;
    bool replay = false;
    std::optional<base::WallTime> broken_since = {};
    bool broken_told = false;
    std::string trouble = {};  ///< told, and not over
    std::string last_trouble = {};
    base::WallTime trouble_at{};
  };
  [[nodiscard]] Known& known(const LessonInfo& lesson, base::WallTime now);
  void recall(const Notice& notice);
  void look_at(const LessonInfo& lesson, base::WallTime now, std::vector<Notice>& out);

  const Options options_;
  std::map<std::string, Known> lessons_;  // by id; those of the last day
};

}  // namespace tongke::relay::outward
