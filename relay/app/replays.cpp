#include "relay/app/replays.hpp"

#include "base/log.hpp"

namespace tongke::relay::app {

void Replays::wanted(const std::string& id) {
  const auto* lesson = lessons_.find(id);
  if (!lesson || loading_.contains(id)) return;
  if (lesson->state == school::LessonState::open) {
    const auto on_air = directory_.get(id);
    on_air->load_recording();
    if (on_air->snapshot()) return;
    origin_.publish(live::LessonSnapshot::before_media(id));
    return;
  }
  loading_.insert(id);
  media_.archive().read_contents(id, [this, id](auto contents) {
    control_.post([this, id, contents = std::move(contents)] { loaded(id, contents); });
  });
}

void Replays::loaded(const std::string& id,
                     const base::Result<std::shared_ptr<const record::Contents>>& contents) {
  loading_.erase(id);
  const auto* lesson = lessons_.find(id);
  if (!lesson || lesson->state == school::LessonState::open) return;
  if (!contents) {
    base::log::info("no replay", {{"lesson", id}, {"why", contents.error().message}});
    return;
  }
  auto recorded = (*contents)->recorded();
  recorded.ended = true;
  live::Timeline timeline(id, recorded.started);
  timeline.restore(recorded);
  origin_.publish(timeline.snapshot());
  adopt(id);
}

void Replays::adopt(const std::string& id) {
  kept_.remove(id);
  kept_.push_front(id);
  if (kept_.size() > kKept) {
    origin_.withdraw(kept_.back());
    kept_.pop_back();
  }
}

void Replays::forget(const std::string& lesson) { kept_.remove(lesson); }

}  // namespace tongke::relay::app
