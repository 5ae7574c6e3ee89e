#pragma once

#include <functional>
#include <string>
#include <utility>

#include "relay/live/directory.hpp"
#include "relay/webrtc/lessons.hpp"
#include "school/lessons.hpp"

namespace tongke::relay::app {

/// What the WebRTC door asks about lessons, answered by school and directory.  @thread control
class WebRtcLessons final : public webrtc::Lessons {
 public:
  using Authorize = std::function<base::Result<void>(const std::string& lesson, const std::string& key)>;

  WebRtcLessons(school::Lessons& lessons, live::Directory& directory, Authorize authorize)
      : lessons_(lessons), directory_(directory), authorize_(std::move(authorize)) {}

  [[nodiscard]] base::Result<void> may_publish(const std::string& lesson, const std::string& key) override {
    return authorize_(lesson, key);
  }
  [[nodiscard]] base::Result<void> may_watch(const std::string& id) override {
    const auto* lesson = lessons_.find(id);
    if (!lesson) return base::Error{base::Errc::not_found, "no such lesson"};
    if (lesson->state == school::LessonState::ended)
      return base::Error{base::Errc::conflict, "the lesson has ended; its replay plays by HLS"};
    return {};
  }
  /// A lesson that waits for its teacher is made: it remembers what is wanted of it.
  void want(const std::string& lesson, const std::string& rendition, bool on) override {
    if (const auto live = on ? directory_.get(lesson) : directory_.find(lesson)) live->want(rendition, on);
  }
  [[nodiscard]] std::vector<const pipeline::wire::LadderStep*> steps(const std::string& lesson) override {
    const auto live = directory_.find(lesson);
    const auto snapshot = live ? live->snapshot() : nullptr;
    std::vector<const pipeline::wire::LadderStep*> steps;
    if (!snapshot || !snapshot->offers) return steps;
    for (const auto& offer : *snapshot->offers) steps.push_back(offer.step);
    return steps;
  }
  void ask(const std::string& lesson, const std::string& step) override {
    if (const auto live = directory_.find(lesson)) live->ask(step);
  }
  void request_keyframe(const std::string& lesson) override {
    if (const auto live = directory_.find(lesson)) live->request_keyframe();
  }

 private:
  school::Lessons& lessons_;
  live::Directory& directory_;
  Authorize authorize_;
};

}  // namespace tongke::relay::app
