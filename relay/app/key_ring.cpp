#include "relay/app/key_ring.hpp"

#include "base/bytes.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::app {

using base::Errc;
using base::Error;

void KeyRing::note(const school::Lesson& lesson) {
  entries_.with([&](auto& entries) {
    entries.insert_or_assign(
        lesson.id, Entry{.key = lesson.publish_key, .ended = lesson.state == school::LessonState::ended});
  });
}

void KeyRing::forget(const std::string& lesson) {
  entries_.with([&](auto& entries) { entries.erase(lesson); });
}

bool KeyRing::has(std::string_view lesson) const {
  return entries_.with([&](const auto& entries) { return entries.contains(lesson); });
}

base::Result<void> KeyRing::admits(const std::string& lesson, const std::string& key) const {
  auto known = knows(lesson, key);
  return known && gate_ ? gate_(lesson) : known;
}

base::Result<void> KeyRing::knows(const std::string& lesson, const std::string& key) const {
  return entries_.with([&](const auto& entries) -> base::Result<void> {
    const auto found = entries.find(lesson);
    if (found == entries.end() ||
        !school::crypto::equal(base::as_bytes(found->second.key), base::as_bytes(key))) {
      return Error{Errc::forbidden, "wrong lesson or key"};
    }
    if (found->second.ended) return Error{Errc::conflict, "the lesson has ended"};
    return {};
  });
}

}  // namespace tongke::relay::app
