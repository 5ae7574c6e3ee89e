#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/glib/main_loop.hpp"
#include "pipeline/child/child.hpp"
#include "relay/output/backoff.hpp"
#include "relay/output/delay_line.hpp"
#include "relay/output/destination.hpp"

namespace tongke::relay::output {

enum class State : std::uint8_t {
  waiting,     ///< nothing of the lesson is due yet
  connecting,  ///< the destination is being reached
  sending,
  retrying,  ///< it could not be reached, or is gone; it will be tried again
  ended      ///< all of the lesson was sent
};
[[nodiscard]] std::string_view to_string(State state) noexcept;

struct Status {
  State state = State::waiting;
  base::WallTime since{};  ///< in this state
  std::uint64_t bytes = 0;
  std::uint64_t restarts = 0;          ///< attempts after the first
  std::uint64_t dropped_segments = 0;  ///< of the lesson, by the relay
  std::uint64_t dropped_frames = 0;    ///< by the child
  std::uint64_t late = 0;              ///< times that everything was put off
  std::uint64_t underruns = 0;
  std::optional<base::WallTime> cut = {};  ///< a slate goes out in place of the lesson, since then
  std::string last_error = {};             ///< code and words of the newest failure; never an address or key
};

/// One lesson on its way to one destination: holds its media back for the delay, hands it to a child
/// that muxes and sends, and starts another child when that one is gone. Only looks at the lesson: a
/// destination that hangs or dies is nothing to it.  @thread control
class Output {
 public:
  struct Use {
    GMainContext* context = nullptr;
    pipeline::ChildSettings child = {};
    /// Words of the slate that is sent in place of a lesson; its heading and what stands below.
    std::string slate_heading = {};
    std::string slate_text = {};
    /// The lesson's media now; null before and after it.
    std::function<std::shared_ptr<const live::LessonSnapshot>()> snapshot = {};
    std::function<base::WallTime()> clock = [] { return base::wall_now(); };
  };

  /// @param lesson       for logs
  /// @param destination  with the key to be used
  Output(Use use, std::string lesson, Destination destination);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] const Destination& destination() const noexcept { return destination_; }
  [[nodiscard]] Status status() const;

  /// Sends a slate from now on, and nothing of the lesson that has not gone out yet, until restore().
  /// @param since  what status() says of it
  void cut(base::WallTime since);
  /// The lesson goes on with its delay, at the first picture after now that a receiver can start with:
  /// of what was in the delay nothing is sent, so the slate stays for as long.
  void restore();

 private:
  /// What the child is told of one kind of media.
  struct Track {
    pipeline::wire::TrackKind kind;
    const char* name;
    DelayLine line;
    std::shared_ptr<const live::RenditionInit> known = nullptr;  // to the child
    bool sent = false;                                           // the child has this kind
  };

  void tick();
  void read();
  void read_sound(const live::LessonSnapshot& snapshot);
  [[nodiscard]] bool is_due() const;
  void launch();
  void promise(Track& track);
  void feed();
  void feed(Track& track, base::MediaTime until);
  void tell_cut();
  void message(const pipeline::wire::Message& message);
  void ended(pipeline::ChildEnd end, const std::string& why);
  void try_again(const std::string& why, bool at_once);
  void become(State state);
  /// What is due to be sent now.
  [[nodiscard]] base::MediaTime position() const;

  const Use use_;
  const std::string lesson_;
  const Destination destination_;
  Track video_;
  Track sound_;
  std::optional<base::WallTime> begun_;  // wall time of media time zero
  bool over_ = false;                    // the lesson has ended
  bool awaits_picture_ = false;          // its sound comes back with it
  Status status_;
  std::uint64_t bytes_before_ = 0;  // by earlier children
  std::uint64_t dropped_before_ = 0;
  std::uint64_t late_before_ = 0;
  std::uint64_t underruns_before_ = 0;
  pipeline::wire::OutputStats stats_;
  Backoff backoff_;
  base::Steady::time_point heard_{};
  base::Steady::time_point reached_{};
  base::Steady::time_point next_try_{};
  std::unique_ptr<pipeline::Child> child_;
  base::glib::Timer ticks_;
};

}  // namespace tongke::relay::output
