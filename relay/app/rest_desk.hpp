#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/app/air_observer.hpp"
#include "relay/live/lesson.hpp"
#include "school/arrangements.hpp"
#include "school/links/issue.hpp"
#include "school/people/directory.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {

/// What rooms see whose minutes are used up while their lesson goes on for others (A8). By HLS the
/// lesson's own addresses go on with a slate, a live::Lesson aside of theirs that all of them share; by
/// WebRTC they are sent away, and let in no more. At most one child a lesson.
/// @thread control, where nothing else is said
class RestDesk final : public AirObserver, private live::Outlet {
 public:
  struct Use {
    base::glib::MainLoop& control;
    const school::TokenSigner& signer;
    const school::Arrangements& arrangements;
    /// @thread any
    std::function<school::people::Snapshot()> people;
    /// Public ids of the rooms that a pupil's or guardian's token has a seat in.  @thread any
    std::function<std::vector<std::string>(const school::Token&)> rooms_of;
    /// A lesson that was on air; null for none.
    std::function<std::shared_ptr<live::Lesson>(const std::string& lesson)> lesson;
    /// For players.
    std::function<void(std::shared_ptr<const live::LessonSnapshot>)> publish;
    /// Players have no more of it.
    std::function<void(const std::string& name)> withdraw;
    /// WebRTC viewers are looked at again.
    std::function<void()> recheck;
  };
  /// How long the slate goes on after the lesson has left the air for everybody.
  static constexpr std::chrono::minutes kLinger{10};

  explicit RestDesk(Use use) : use_(std::move(use)) {}
  RestDesk(const RestDesk&) = delete;
  RestDesk& operator=(const RestDesk&) = delete;
  ~RestDesk() override = default;

  /// The name under which what the token sees in the lesson's place is published; nothing for whoever sees
  /// the lesson.  @thread any; no waiting
  [[nodiscard]] std::optional<std::string> instead(std::string_view token, std::string_view lesson) const;
  /// Whether the token may see the lesson itself, as by WebRTC.
  /// @errors forbidden, with the rule's code as field   @thread any; no waiting
  [[nodiscard]] base::Result<void> may_see(const school::Token& token) const;
  /// The slate of that name wants this rendition.
  /// @return false where there is none of that name
  bool ask(const std::string& name, const std::string& rendition);

  /// The lesson is on air, or no more; `ended` is the end of rest.
  void follow(const std::string& lesson, live::OnAir state);
  /// No slate goes on.
  void stop() { slates_.clear(); }

  // ---- what the hour says ----
  void air_runs_out(const std::string& /*lesson*/, std::string_view /*rule*/,
                    const std::vector<school::people::PublicId>& /*rooms*/,
                    std::chrono::milliseconds /*left*/) override {}
  void rooms_rest(const std::string& lesson, std::string_view rule,
                  const std::vector<school::people::PublicId>& rooms) override;
  void rooms_wake(const std::string& lesson, const std::vector<school::people::PublicId>& rooms) override;

 private:
  /// Who of a lesson rests.
  struct Resting {
    std::string rule;
    std::set<std::string> rooms;                   ///< by public id
    std::vector<school::people::ClassId> classes;  ///< that sit in them
    std::vector<school::people::ClassId> awake;    ///< of the other rooms
  };
  struct Slate {
    std::shared_ptr<live::Lesson> lesson;  ///< null once it has lingered; its last snapshot stays
    base::glib::Timer linger;
  };
  using RestingPtr = std::shared_ptr<const Resting>;
  using AllResting = std::map<std::string, RestingPtr, std::less<>>;

  [[nodiscard]] bool rests(const school::Token& token, const Resting& resting) const;
  [[nodiscard]] bool rests(const school::links::Screen& screen, const Resting& resting) const;
  void ensure_slate(const std::string& lesson);
  /// Null for a lesson none of whose rooms rest.
  [[nodiscard]] RestingPtr of(std::string_view lesson) const;
  [[nodiscard]] Resting copy_of(std::string_view lesson) const;
  void put(const std::string& lesson, Resting resting);
  void wake_all(const std::string& lesson);

  // ---- what a slate says ----
  [[nodiscard]] std::optional<live::RecordedLesson> recorded(const std::string& /*lesson*/) override {
    return std::nullopt;
  }
  live::TimelineListener* begin_recording(const std::string& /*lesson*/,
                                          base::WallTime /*started*/) override {
    return nullptr;
  }
  void record_gap(const std::string& /*lesson*/, live::Gap /*gap*/) override {}
  void end_recording(const std::string& /*lesson*/) override {}
  void publish(std::shared_ptr<const live::LessonSnapshot> snapshot) override {
    use_.publish(std::move(snapshot));
  }

  Use use_;
  std::map<std::string, Slate> slates_;  ///< by the lesson that goes on
  base::Guarded<AllResting> resting_;    ///< by lesson; changed by control alone
  std::atomic<bool> any_{false};         ///< whether there are some: the usual answer costs nothing
};

}  // namespace tongke::relay::app
