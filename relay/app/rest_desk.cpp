#include "relay/app/rest_desk.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "relay/app/text.hpp"
#include "school/text.hpp"

namespace tongke::relay::app {
namespace {

namespace people = school::people;
using school::Language;

/// No lesson's id has this sign, so nobody can ask for it by name.
constexpr std::string_view kMark = "~rest";

}  // namespace

void RestDesk::rooms_rest(const std::string& lesson, std::string_view rule,
                          const std::vector<people::PublicId>& rooms) {
  // A lesson without rooms is sent off the air for everybody.
  if (rooms.empty()) return;
  Resting resting = copy_of(lesson);
  resting.rule = rule;
  for (const auto& room : rooms) resting.rooms.insert(room.str());
  ensure_slate(lesson);
  put(lesson, std::move(resting));
  use_.recheck();
}

void RestDesk::rooms_wake(const std::string& lesson, const std::vector<people::PublicId>& rooms) {
  Resting resting = copy_of(lesson);
  for (const auto& room : rooms) resting.rooms.erase(room.str());
  if (resting.rooms.empty()) return wake_all(lesson);
  put(lesson, std::move(resting));
}

// It is published before anybody is told to see it.
void RestDesk::ensure_slate(const std::string& lesson) {
  const auto on_air = use_.lesson(lesson);
  Slate& slate = slates_[lesson];
  if (slate.lesson || !on_air) return;
  slate.lesson = on_air->aside(lesson + std::string(kMark), school::text("channel.away", Language::zh),
                               school::text("channel.away", Language::en), *this);
  if (slate.lesson) use_.publish(slate.lesson->snapshot());
}

void RestDesk::follow(const std::string& lesson, live::OnAir state) {
  if (state == live::OnAir::ended) return wake_all(lesson);
  const auto found = slates_.find(lesson);
  if (found == slates_.end()) return;
  Slate& slate = found->second;
  slate.linger.reset();
  if (state == live::OnAir::live) return;
  slate.linger = base::glib::Timer(use_.control.context(), kLinger, [&slate] { slate.lesson.reset(); });
}

void RestDesk::wake_all(const std::string& lesson) {
  resting_.with([&](AllResting& all) {
    all.erase(lesson);
    any_.store(!all.empty(), std::memory_order_release);
  });
  if (slates_.erase(lesson) > 0) use_.withdraw(lesson + std::string(kMark));
}

RestDesk::RestingPtr RestDesk::of(std::string_view lesson) const {
  if (!any_.load(std::memory_order_acquire)) return nullptr;
  return resting_.with([&](const AllResting& all) {
    const auto found = all.find(lesson);
    return found == all.end() ? nullptr : found->second;
  });
}

RestDesk::Resting RestDesk::copy_of(std::string_view lesson) const {
  const auto resting = of(lesson);
  return resting ? *resting : Resting();
}

void RestDesk::put(const std::string& lesson, Resting resting) {
  resting.classes.clear();
  resting.awake.clear();
  for (const school::Room& room : use_.arrangements.of(lesson).rooms) {
    auto& classes = resting.rooms.contains(room.public_id.str()) ? resting.classes : resting.awake;
    classes.push_back(room.seating.original_class);
  }
  resting_.with([&](AllResting& all) {
    all.insert_or_assign(lesson, std::make_shared<const Resting>(std::move(resting)));
    any_.store(true, std::memory_order_release);
  });
}

bool RestDesk::rests(const school::Token& token, const Resting& resting) const {
  if (token.role != school::Role::pupil && token.role != school::Role::guardian) return false;
  const auto rooms = use_.rooms_of(token);
  return !rooms.empty() &&
         std::ranges::all_of(rooms, [&](const std::string& room) { return resting.rooms.contains(room); });
}

bool RestDesk::rests(const school::links::Screen& screen, const Resting& resting) const {
  const auto district = use_.people();
  const auto is_shown = [&](people::ClassId id) {
    const people::Class* row = district->find(id);
    return row && (row->id == screen.original_class ||
                   (row->school == screen.school && (screen.grade == 0 || row->grade == screen.grade)));
  };
  return std::ranges::any_of(resting.classes, is_shown) && std::ranges::none_of(resting.awake, is_shown);
}

base::Result<void> RestDesk::may_see(const school::Token& token) const {
  const auto resting = of(token.lesson);
  if (!resting || !rests(token, *resting)) return {};
  return base::Error{base::Errc::forbidden, text("hours." + resting->rule), resting->rule};
}

std::optional<std::string> RestDesk::instead(std::string_view token, std::string_view lesson) const {
  const auto resting = of(lesson);
  if (!resting) return std::nullopt;
  const auto now = base::wall_now();
  bool is_resting = false;
  if (const auto claims = use_.signer.verify(token, now)) {
    is_resting = claims->lesson == lesson && rests(*claims, *resting);
  } else if (auto pass = use_.signer.verify_pass(token, now); pass && pass->lesson == lesson) {
    pass->lesson.insert(0, 1, school::kChannelMark);  // verify_pass() took it off
    const auto screen = school::links::screen_of(*pass);
    is_resting = screen && rests(*screen, *resting);
  }
  return is_resting ? std::optional(std::string(lesson).append(kMark)) : std::nullopt;
}

bool RestDesk::ask(const std::string& name, const std::string& rendition) {
  if (!name.ends_with(kMark)) return false;
  const auto found = slates_.find(name.substr(0, name.size() - kMark.size()));
  if (found != slates_.end() && found->second.lesson) found->second.lesson->ask(rendition);
  return true;
}

}  // namespace tongke::relay::app
