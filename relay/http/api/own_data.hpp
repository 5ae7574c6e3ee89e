#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "relay/http/api/office.hpp"
#include "school/attendance/seat_history.hpp"
#include "school/feedback/feedback.hpp"
#include "school/lessons.hpp"
#include "school/rooms.hpp"
#include "signaling/own_work.hpp"

namespace tongke::relay::http::api {

/// What a lesson has of one child.
struct OwnLesson {
  school::Lesson lesson = {};             ///< its id alone, when the lesson is no longer known
  std::optional<school::Room> room = {};  ///< where it belongs now; none: it left a trace there
  school::attendance::SeatHistory attendance = {};
  signaling::OwnWork work = {};
};
struct OwnLessons {
  std::vector<OwnLesson> lessons = {};  ///< newest first
  bool truncated = false;               ///< there are more, or may be
};

/// A family's rights to what is kept of its child: to take it out whole, and to have it erased,
/// which the office may do for it. Files are read and written elsewhere, so answers come later.
/// All of it outlives the server.
struct OwnData {
  const Office& office;
  school::feedback::Rule tickets;  ///< by which they climb
  /// Answers with every lesson that has something of the child, on any thread.  @thread any
  std::function<void(const school::people::Snapshot& people, school::people::PupilId pupil,
                     std::function<void(base::Result<OwnLessons>)> answer)>
      collect;
  /// Notes on disk that the child's traces will have to go.  @thread the store thread   @errors io
  std::function<base::Result<void>(school::people::PupilId pupil)> announce;
  /// Takes the traces of a child who is no longer on the roster out of every lesson, and answers
  /// there.  @thread control
  std::function<void(school::people::PupilId pupil, std::function<void(base::Result<void>)> answer)> erase;
};
void add_own_data_routes(Server& server, const OwnData& own_data);

}  // namespace tongke::relay::http::api
