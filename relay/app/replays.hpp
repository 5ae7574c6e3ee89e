#pragma once

#include <list>
#include <set>
#include <string>

#include "base/glib/main_loop.hpp"
#include "relay/app/media_desk.hpp"
#include "relay/live/directory.hpp"
#include "school/lessons.hpp"

namespace tongke::relay::app {

/// Brings lessons nobody has in memory to whoever asks for them: an ended one from its
/// recording, one that waits for its teacher as an empty playlist to wait on. The replays
/// asked for least lately leave memory again.  @thread control
class Replays {
 public:
  /// A 45-minute lesson's index takes about 300 kB.
  static constexpr std::size_t kKept = 64;

  Replays(school::Lessons& lessons, live::Directory& directory, MediaDesk& media, hls::Origin& origin,
          base::glib::MainLoop& control)
      : lessons_(lessons), directory_(directory), media_(media), origin_(origin), control_(control) {}

  /// Somebody with a token for it asked for a lesson that the origin does not know, or what it knows of
  /// an ended one is not what its recording has by now.
  void wanted(const std::string& lesson);
  /// A lesson has just become one, and the origin has it already.
  void adopt(const std::string& lesson);
  /// The lesson is on air again: its replay is no longer ours.
  void forget(const std::string& lesson);

 private:
  void loaded(const std::string& lesson,
              const base::Result<std::shared_ptr<const record::Contents>>& contents);

  school::Lessons& lessons_;
  live::Directory& directory_;
  MediaDesk& media_;
  hls::Origin& origin_;
  base::glib::MainLoop& control_;
  std::set<std::string> loading_;
  std::list<std::string> kept_;  ///< newest first
};

}  // namespace tongke::relay::app
