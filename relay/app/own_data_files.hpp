#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/result.hpp"
#include "relay/http/api/own_data.hpp"
#include "school/attendance/book.hpp"
#include "school/line_log.hpp"
#include "signaling/event_store.hpp"

namespace tongke::relay::app {

/// The lessons' files, looked through for one child by its seat's number. Every file there is may
/// have a line of it: children change class.  @thread one at a time; reads and writes many files
class OwnDataFiles {
 public:
  /// Asked between two files.
  using Enough = std::function<bool()>;

  /// Both outlive it.
  OwnDataFiles(school::LineLog& log, school::attendance::Book& book) : log_(log), book_(book), store_(log) {}

  struct Traces {
    std::set<std::string> lessons = {};  ///< ids
    bool complete = true;                ///< false: it was enough before the end
  };
  /// Lessons whose files name the seat, beside those in `known`.  @errors io
  [[nodiscard]] base::Result<Traces> traces(std::uint32_t seat, const std::set<std::string>& known,
                                            const Enough& enough) const;
  /// Fills in what the lesson's files have of the seat.  @errors io
  [[nodiscard]] base::Result<void> read(http::api::OwnLesson& lesson, std::uint32_t seat) const;
  /// Takes answers, talk, companions and contacts of a seat out of every file; minutes and what was
  /// declared stay.  @pre nobody writes lines of the seat any more
  /// @errors io, overload: some are still there; unavailable: it was enough before the end
  [[nodiscard]] base::Result<void> erase(std::uint32_t seat, const Enough& enough);

 private:
  school::LineLog& log_;
  school::attendance::Book& book_;
  signaling::EventStore store_;
};

}  // namespace tongke::relay::app
