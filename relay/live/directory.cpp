#include "relay/live/directory.hpp"

#include <algorithm>
#include <utility>

namespace tongke::relay::live {
namespace {

constexpr std::chrono::milliseconds kIdleCheck{20};

}  // namespace

Directory::Directory(base::glib::MainLoop& control, LessonSettings settings, Outlet& outlet,
                     Authorize authorize)
    : control_(control), settings_(std::move(settings)), outlet_(outlet), authorize_(std::move(authorize)) {}

base::Result<std::unique_ptr<ingest::Feed>> Directory::open(const ingest::PublishRequest& request,
                                                            ingest::Publisher& publisher) {
  if (done_) return base::Error{base::Errc::unavailable, "the server is stopping"};
  if (auto allowed = authorize_(request.lesson, request.key); !allowed) return std::move(allowed).error();
  const auto lesson = get(request.lesson);
  if (request.returning && !lesson->publisher().empty())
    return base::Error{base::Errc::conflict, "the lesson is taught from another device by now"};
  return lesson->publish(request, publisher);
}

std::shared_ptr<Lesson> Directory::find(const std::string& id) const {
  const auto found = lessons_.find(id);
  return found == lessons_.end() ? nullptr : found->second;
}

std::shared_ptr<Lesson> Directory::get(const std::string& id) {
  auto& lesson = lessons_[id];
  if (!lesson) lesson = std::make_shared<Lesson>(id, control_, settings_, outlet_);
  return lesson;
}

void Directory::shut_down(std::function<void()> done) {
  done_ = std::move(done);
  for (const auto& [id, lesson] : lessons_) lesson->shut_down();
  idle_check_ = base::glib::Timer(control_.context(), kIdleCheck, [this] { check_idle(); });
}

void Directory::check_idle() {
  if (!std::ranges::all_of(lessons_, [](const auto& entry) { return entry.second->idle(); })) return;
  idle_check_.reset();
  done_();
}

}  // namespace tongke::relay::live
