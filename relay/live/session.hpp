#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "base/glib/main_loop.hpp"
#include "pipeline/child/child.hpp"
#include "pipeline/child/restart_policy.hpp"
#include "relay/live/input_replay.hpp"

namespace tongke::relay::live {

/// One publisher's time on air: its pipeline child, and a new child whenever one crashes,
/// fed with the input since the segment being made. What comes out goes on as if nothing
/// had happened; parts that were already heard are heard again and must be ignored by
/// (rendition, msn, index). Input that cannot be replayed (RTP) goes on at a place that the
/// listener names.  @thread control
class Session {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// Track, Init, Part, Frame, Rtcp or Stats. Must not destroy the session.
    virtual void session_message(pipeline::wire::Message message) = 0;
    /// The child crashed and a new one follows.
    virtual void session_restarted(const std::string& why, bool passthrough_only) = 0;
    /// Where media goes on after a crash when the input cannot be replayed.
    [[nodiscard]] virtual InputReplay::Point session_resumes() = 0;
    /// No more will come; may destroy the session. `failure` is empty when finish() asked
    /// for it, else what the pipeline says is wrong with the input.
    virtual void session_over(const std::string& failure) = 0;
  };

  Session(GMainContext* context, const pipeline::ChildSettings& settings, pipeline::wire::InputFormat format,
          Listener& listener);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Starts the first child. `open` names where on the media clock this session begins.
  void start(pipeline::wire::Open open);
  /// Before start(), input is kept for it.
  void push(const ingest::Chunk& chunk);
  /// Before start(): the input's headers were heard by an earlier session of the same publisher.
  void take_headers(const Session& before);
  /// Somebody wants a rendition made, or nobody does any more; every child is told.
  void want(const std::string& rendition, bool on);
  /// A viewer cannot go on without a keyframe. Only RTP publishers can be asked for one.
  void request_keyframe();
  /// The publisher has gone: the child flushes what is whole, then session_over() comes.
  void finish();

  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] pid_t child_pid() const noexcept { return child_ ? child_->pid() : 0; }
  [[nodiscard]] std::uint64_t restarts() const noexcept { return restarts_; }
  [[nodiscard]] std::uint64_t input_bytes() const noexcept { return input_bytes_; }

 private:
  void launch();
  void message(pipeline::wire::Message message);
  void ended(pipeline::ChildEnd end, const std::string& why);
  void go_on();
  void check_alive();

  GMainContext* context_;
  pipeline::ChildSettings settings_;
  pipeline::wire::Open open_;
  Listener& listener_;
  InputReplay replay_;
  std::set<std::string> wanted_;
  pipeline::RestartPolicy policy_;
  std::unique_ptr<pipeline::Child> child_;
  base::glib::Timer relaunch_;
  base::glib::Timer watchdog_;
  base::Steady::time_point heard_{};
  bool started_ = false;
  bool finishing_ = false;
  bool has_video_segments_ = false;
  std::uint64_t restarts_ = 0;
  std::uint64_t input_bytes_ = 0;
};

}  // namespace tongke::relay::live
