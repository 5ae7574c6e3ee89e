#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/executor.hpp"
#include "base/glib/main_loop.hpp"
#include "pipeline/child/child.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/live/demand.hpp"
#include "relay/live/frame_order.hpp"
#include "relay/live/on_air.hpp"
#include "relay/live/outlet.hpp"
#include "relay/live/session.hpp"
#include "relay/live/silence.hpp"
#include "relay/live/timeline.hpp"

namespace tongke::relay::live {

struct LessonSettings {
  pipeline::ChildSettings child;
  std::chrono::milliseconds part{200};
  std::chrono::milliseconds segment{2000};
  bool records_ladder = false;
  /// A publisher that sends nothing for so long has made way for the slate.
  std::chrono::milliseconds silence{700};
  /// What the slate says; without a heading there is none.
  std::string slate_heading = {};
  std::string slate_text = {};
};

/// Numbers for the stats API and the technician.
struct LessonHealth {
  std::string protocol;  ///< of the present publisher; empty without one
  std::string peer;
  std::uint64_t input_bytes = 0;
  std::uint64_t restarts = 0;  ///< of pipeline children, over the lesson
  bool passthrough_only = false;
  std::uint64_t takeovers = 0;
  std::string last_failure;  ///< what the pipeline last said about the input
  pid_t child = 0;
  pipeline::wire::Stats input{};
  std::vector<pipeline::wire::Track> tracks;
  Timeline::Counts counts{};
};

/// One lesson on air: who publishes, its pipeline session, its timeline. Media time is wall
/// time since the first frame, so a pause of the publisher is a gap of the same length. The
/// gap is filled by a slate that is not recorded, a session like any other (lesson_slate.cpp).
/// @thread control
class Lesson final : private Session::Listener, public std::enable_shared_from_this<Lesson> {
 public:
  Lesson(std::string id, base::glib::MainLoop& control, LessonSettings settings, Outlet& outlet);
  ~Lesson() override;
  Lesson(const Lesson&) = delete;
  Lesson& operator=(const Lesson&) = delete;

  /// Puts a keyed publisher on air; an earlier one is told and its last whole parts kept.
  [[nodiscard]] std::unique_ptr<ingest::Feed> publish(const ingest::PublishRequest& request,
                                                      ingest::Publisher& publisher);
  /// Publishes a camera while nobody else does.
  void pull(const std::string& url);

  /// Viewers want a rendition that is only made on demand ("opus"), or none does any more.
  /// Holds for every publisher until taken back.
  void want(const std::string& rendition, bool on);
  /// A player fetches this rendition; asking again keeps it. Names that are no step of the
  /// ladder are ignored.
  void ask(const std::string& rendition);
  /// No step of the ladder larger than this is made from now on; `side` is of a picture's shorter side. What
  /// is being made and is larger is offered no longer, and stops when its viewers have had time to move.
  void cap_ladder(std::uint32_t side);
  /// A WebRTC viewer cannot go on without a keyframe.
  void request_keyframe();

  /// The lesson as those have it whose rooms rest: what has been so far and from now on a slate, until it
  /// is stopped, in playlists that go on from this lesson's. Nobody publishes to it and nothing of it is
  /// recorded. Null before the first media.
  /// @param id      its own, for `outlet`
  [[nodiscard]] std::shared_ptr<Lesson> aside(std::string id, const std::string& heading,
                                              const std::string& text, Outlet& outlet) const;

  /// Shows what the recording holds: after a restart of the server, or for a replay.
  void load_recording();
  /// Dismisses the publisher and closes the recording.
  void end(ingest::Dismissal why);
  /// Dismisses the publisher and the camera; the lesson goes on when one comes back.
  void send_away(ingest::Dismissal why);
  /// Keeps the recording open to be continued: the server stops, not the lesson.
  void shut_down();
  /// Lets an ended lesson be published to again; it goes on in the same recording.
  void reopen();

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] OnAir on_air() const noexcept;
  [[nodiscard]] std::optional<base::WallTime> started() const noexcept { return started_; }
  [[nodiscard]] base::MediaTime end_time() const noexcept;
  [[nodiscard]] LessonHealth health() const;
  /// Protocol of who holds the lesson now, connected but perhaps not on air yet; empty when
  /// nobody does (a camera that fills in is nobody).
  [[nodiscard]] std::string publisher() const;
  /// Pictures of the ladder that were left out because the machine is too slow, so far.
  [[nodiscard]] std::uint64_t late_pictures() const noexcept { return late_pictures_; }
  /// Null before the first media.
  [[nodiscard]] std::shared_ptr<const LessonSnapshot> snapshot() const {
    return timeline_ ? timeline_->snapshot() : nullptr;
  }
  /// The recording does not have this segment: rewinding pupils are told so.
  void lost(const std::string& rendition, std::uint32_t msn);
  /// Nothing runs and nobody is connected: ending or stopping is complete.
  [[nodiscard]] bool idle() const noexcept { return !session_ && !next_; }

 private:
  class LessonFeed;
  /// A publisher and what it has sent so far.
  struct Source {
    explicit Source(std::chrono::milliseconds longest_silence) : silence(longest_silence) {}

    std::uint64_t id = 0;
    std::string protocol;
    std::string peer;
    ingest::Publisher* publisher = nullptr;  ///< null for a camera, a slate, or once gone
    pipeline::wire::Open open;
    std::unique_ptr<Session> session;
    Silence silence;
    bool heard = false;  ///< media has come, not only what describes it

    [[nodiscard]] bool is_slate() const { return open.format == pipeline::wire::InputFormat::slate; }
    [[nodiscard]] bool is_camera() const { return open.format == pipeline::wire::InputFormat::rtsp_url; }
  };

  void session_message(pipeline::wire::Message message) override;
  void session_restarted(const std::string& why, bool passthrough_only) override;
  [[nodiscard]] InputReplay::Point session_resumes() override;
  void session_over(const std::string& failure) override;
  void part_accepted();
  void media_flows();
  [[nodiscard]] bool both_kinds_begun() const;

  std::unique_ptr<Source> make_source(const ingest::PublishRequest& request, ingest::Publisher* publisher);
  void push(std::uint64_t source, const ingest::Chunk& chunk);
  void gone(std::uint64_t source);
  void put_on_air(std::unique_ptr<Source> source);
  /// Tells the outlet what is on air, if that is news.
  void tell_on_air();
  void start(Source& source);
  void launch(Source& source, InputReplay::Point point);
  [[nodiscard]] InputReplay::Point continue_now();
  [[nodiscard]] InputReplay::Point next_point();

  void listen_for_silence();
  void step_back();
  [[nodiscard]] bool may_show_slate() const;
  void show_slate();
  [[nodiscard]] pipeline::wire::Slate slate_like_source() const;
  void dismiss(Source& source, ingest::Dismissal why);
  void ensure_timeline();
  [[nodiscard]] std::unique_ptr<Timeline> make_timeline() const;
  void close_timeline();
  void publish_soon();
  void tell(const std::vector<Demand::Change>& changes);
  void offer_ladder();
  [[nodiscard]] bool is_capped(std::string_view rendition) const noexcept;
  void drop_capped();
  void note_stats(const pipeline::wire::Stats& stats);
  void give_up_demand();

  const std::string id_;
  base::glib::MainLoop& control_;
  const LessonSettings settings_;
  Outlet& outlet_;

  std::unique_ptr<Source> session_;  ///< on air, or flushing its last parts
  std::unique_ptr<Source> next_;     ///< waits for session_ to be over
  std::string camera_url_;
  Demand demand_;
  base::glib::Timer demand_watch_;  ///< runs while players ask
  std::uint32_t ladder_cap_ = UINT32_MAX;
  base::glib::Timer farewell_;  ///< runs while viewers of what is capped are moving
  /// What the ladder is made of.
  struct LadderSource {
    pipeline::wire::PictureSize size;
    double frame_rate = 0;
  };
  std::optional<LadderSource> ladder_source_;
  std::uint64_t late_pictures_ = 0;
  FrameOrder frame_order_;
  std::unique_ptr<Timeline> timeline_;
  std::optional<base::WallTime> started_;
  std::uint64_t last_source_ = 0;
  bool recording_ = false;
  bool ended_ = false;
  bool stopping_ = false;
  bool media_seen_ = false;  ///< since the present source came on air
  OnAir told_ = OnAir::waiting;
  bool begun_ = false;          ///< somebody could see something of it, perhaps before a restart
  base::glib::Timer patience_;  ///< runs while only one kind of track has begun
  bool publish_posted_ = false;
  LessonHealth health_;

  /// Since when the teacher has been away.
  struct Away {
    base::MediaTime from{0};  ///< where her media ended
    base::Steady::time_point since{};
  };
  std::optional<Away> away_;
  base::glib::Timer
      quiet_;  ///< fires when the publisher may have become silent, or the slate has been long enough
  bool sent_away_ = false;    ///< and nobody has come since
  bool slate_fails_ = false;  ///< it cannot be made here
  bool is_aside_ = false;     ///< there is nothing but the slate, for as long as it takes
};

}  // namespace tongke::relay::live
