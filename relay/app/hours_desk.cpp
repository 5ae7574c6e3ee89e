#include "relay/app/hours_desk.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "relay/app/text.hpp"
#include "school/schedule/bridge.hpp"

namespace tongke::relay::app {
namespace {

namespace tt = school::timetable;
namespace log = base::log;
using base::Errc;
using base::Error;
using base::Result;
using base::WallTime;
using school::store::AirRow;

// A kill loses at most so much of the minutes on air.
constexpr std::chrono::seconds kKeepEvery{5};
constexpr std::chrono::seconds kForeseeEvery{1};

Error refusal(tt::Code rule) {
  const std::string code(to_string(rule));
  return Error{Errc::forbidden, text("hours." + code), code};
}

}  // namespace

HoursDesk::HoursDesk(Use use, Options options, const school::schedule::ViewPtr& view, std::vector<AirRow> had)
    : use_(std::move(use)),
      rules_(std::move(options.rules)),
      open_lessons_(options.open_lessons),
      clock_(std::move(options.clock)),
      people_(view->people_snapshot()),
      had_(std::move(had)),
      ledger_(view->rules_people(), rules_),
      drill_(view->rules_people(), rules_) {
  for (const AirRow& row : had_) (row.drill ? drill_ : ledger_).restore(row.interval, clock_());
}

const HoursDesk::Ledger& HoursDesk::ledger_for(const std::string& lesson) const {
  return use_.plans.is_drill(lesson) ? drill_ : ledger_;
}
HoursDesk::Ledger& HoursDesk::ledger_for(const std::string& lesson) {
  return use_.plans.is_drill(lesson) ? drill_ : ledger_;
}

std::optional<tt::AirRequest> HoursDesk::request_of(const std::string& lesson) const {
  if (exempt_.contains(lesson)) return std::nullopt;
  const auto& rooms = use_.arrangements.of(lesson).rooms;
  const auto* plan = use_.plans.of(lesson);
  if (rooms.empty() && (!plan || plan->plan == 0) && open_lessons_) return std::nullopt;
  tt::AirRequest request{.lesson = lesson, .rooms = {}};
  if (plan) {
    request.kind = plan->kind;
    request.invited = plan->invited;
  }
  for (const auto& room : rooms) request.rooms.push_back(school::schedule::air_room(room.seating));
  return request;
}

Result<void> HoursDesk::admits(const std::string& lesson) const {
  const auto request = request_of(lesson);
  if (!request) return {};
  const auto refused = ledger_for(lesson).refusal(*request, clock_());
  if (refused) return refusal(refused->rule);
  return {};
}

Result<void> HoursDesk::foresees(const std::string& lesson) const {
  return refused_.with([&](const auto& refused) -> Result<void> {
    const auto found = refused.find(lesson);
    if (found == refused.end()) return {};
    return refusal(found->second);
  });
}

std::optional<http::api::AirStatus> HoursDesk::status(const std::string& lesson) const {
  const auto request = request_of(lesson);
  if (!request) return std::nullopt;
  const WallTime now = clock_();
  const Ledger& ledger = ledger_for(lesson);
  http::api::AirStatus status{.left = {}, .rule = {}, .rooms = request->rooms.size()};
  if (const auto refused = ledger.refusal(*request, now)) {
    status.left = std::chrono::milliseconds(0);
    status.rule = to_string(refused->rule);
    status.resting = status.rooms;
    return status;
  }
  const auto sooner = [&](std::chrono::milliseconds left, tt::Code rule) {
    if (status.left && *status.left <= left) return;
    status.left = left;
    status.rule = to_string(rule);
  };
  for (const tt::Room& room : request->rooms) {
    const auto left = ledger.left(room, now);
    if (left && left->count() == 0) ++status.resting;
    if (left && left->count() > 0) sooner(*left, tt::Code::daily_cap);
  }
  if (ledger.teaches(*request)) {
    const auto moment = rules_.zone.local(now);
    const std::chrono::milliseconds evening = rules_.evening.from;
    if (moment.time < evening) sooner(evening - moment.time, tt::Code::evening);
  }
  return status;
}

bool HoursDesk::rests(const school::Room& room) const {
  const auto found = resting_.find(room.lesson);
  return found != resting_.end() && found->second.contains(room.public_id);
}

void HoursDesk::look() {
  const WallTime now = clock_();
  const std::set<std::string> live = use_.on_air();
  const std::set<std::string> before = on_air_;
  for (const auto& id : before)
    if (!live.contains(id)) went_off_air(id, now);
  for (const auto& id : live)
    if (!before.contains(id)) went_on_air(id, now);
  for (Ledger* ledger : {&ledger_, &drill_})
    for (const auto& event : ledger->advance(now)) tell(event);
  watch_roomless();
  watch_cameras();
  if (now - kept_ >= kKeepEvery || now < kept_) {
    kept_ = now;
    keep(running(now));
  }
  if (now - foreseen_ >= kForeseeEvery || now < foreseen_) foresee(now);
}

// The ledger rests rooms; a lesson without any is looked at by itself.
void HoursDesk::watch_roomless() {
  for (const auto& id : on_air_) {
    if (!use_.arrangements.of(id).rooms.empty()) continue;
    if (const auto allowed = admits(id); !allowed) send_away(id, tt::Code::evening);
  }
}

void HoursDesk::watch_cameras() {
  for (auto& [id, camera] : cameras_) {
    const bool admitted = admits(id).has_value();
    const auto* lesson = use_.lessons.find(id);
    const bool open = lesson && lesson->state == school::LessonState::open;
    if (open && admitted && !camera.admitted) use_.pull(id, camera.url);
    camera.admitted = admitted;
  }
}

void HoursDesk::went_on_air(const std::string& lesson, WallTime now) {
  const auto request = request_of(lesson);
  if (!request) return;
  const auto started = ledger_for(lesson).start(*request, now);
  if (started) {
    on_air_.insert(lesson);
    return;
  }
  if (started.error().kind == Errc::forbidden) {
    const auto refused = ledger_for(lesson).refusal(*request, now);
    return send_away(lesson, refused ? refused->rule : tt::Code::evening);
  }
  log::error("air time is not counted", {{"lesson", lesson}, {"why", started.error().message}});
  on_air_.insert(lesson);  // said once
}

void HoursDesk::went_off_air(const std::string& lesson, WallTime now) {
  on_air_.erase(lesson);
  std::vector<AirRow> rows;
  const bool drill = use_.plans.is_drill(lesson);
  for (auto& interval : ledger_for(lesson).stop(lesson, now)) rows.push_back({lesson, drill, interval});
  had_.insert(had_.end(), rows.begin(), rows.end());
  keep(std::move(rows));
}

void HoursDesk::send_away(const std::string& lesson, tt::Code rule) {
  log::info("sent off the air", {{"lesson", lesson}, {"rule", to_string(rule)}});
  use_.send_away(lesson);
}

void HoursDesk::tell(const tt::AirEvent& event) {
  std::vector<school::people::PublicId> rooms;
  for (const auto& room : use_.arrangements.of(event.lesson).rooms) {
    if (std::ranges::binary_search(event.rooms, school::schedule::air_room(room.seating)))
      rooms.push_back(room.public_id);
  }
  const auto rule = to_string(event.rule);
  if (event.what == tt::AirEvent::What::warn_lead) {
    log::info("air time runs out",
              {{"lesson", event.lesson}, {"rule", rule}, {"left_ms", event.left.count()}});
    for (AirObserver* observer : observers_) observer->air_runs_out(event.lesson, rule, rooms, event.left);
    return;
  }
  log::info("rooms rest", {{"lesson", event.lesson}, {"rule", rule}, {"rooms", rooms.size()}});
  resting_[event.lesson].insert(rooms.begin(), rooms.end());
  for (AirObserver* observer : observers_) observer->rooms_rest(event.lesson, rule, rooms);
  if (ledger_for(event.lesson).all_rest(event.lesson)) send_away(event.lesson, event.rule);
}

std::vector<AirRow> HoursDesk::running(WallTime now) const {
  std::vector<AirRow> rows;
  for (const auto& lesson : on_air_) {
    const bool drill = use_.plans.is_drill(lesson);
    for (auto& interval : ledger_for(lesson).running(lesson, now)) rows.push_back({lesson, drill, interval});
  }
  return rows;
}

void HoursDesk::keep(std::vector<AirRow> rows) {
  if (rows.empty()) return;
  use_.writer.submit(
      [rows = std::move(rows)](school::store::Store& store) { return school::store::save_air(store, rows); },
      use_.control,
      [](const Result<void>& done) {
        if (!done) log::error("air time is not kept", {{"why", done.error().message}});
      });
}

void HoursDesk::foresee(WallTime now) {
  foreseen_ = now;
  std::map<std::string, tt::Code, std::less<>> refused;
  for (const auto& [id, lesson] : use_.lessons.all()) {
    if (lesson.state == school::LessonState::ended) continue;
    const auto request = request_of(id);
    const auto why = request ? ledger_for(id).refusal(*request, now) : std::nullopt;
    if (why) refused.emplace(id, why->rule);
  }
  refused_.with([&](auto& known) { known = std::move(refused); });
  wake_rooms(now);
}

// A room rests on while its teacher is away, until it has minutes again: another day, other caps.
void HoursDesk::wake_rooms(WallTime now) {
  std::erase_if(resting_, [&](const auto& entry) {
    const auto* lesson = use_.lessons.find(entry.first);
    return !lesson || lesson->state == school::LessonState::ended;
  });
  if (rules_.evening.contains(rules_.zone.local(now).time)) return;
  for (auto& [lesson, resting] : resting_) {
    std::vector<school::people::PublicId> awake;
    for (const auto& room : use_.arrangements.of(lesson).rooms) {
      const auto left = ledger_for(lesson).left(school::schedule::air_room(room.seating), now);
      const bool spent = left && left->count() == 0;
      if (!spent && resting.erase(room.public_id) > 0) awake.push_back(room.public_id);
    }
    if (awake.empty()) continue;
    log::info("rooms wake", {{"lesson", lesson}, {"rooms", awake.size()}});
    for (AirObserver* observer : observers_) observer->rooms_wake(lesson, awake);
  }
}

void HoursDesk::take(const school::schedule::ViewPtr& view) {
  if (view->people_snapshot() == people_) return;
  people_ = view->people_snapshot();
  const WallTime now = clock_();
  const std::set<std::string> live = on_air_;
  for (const auto& lesson : live) went_off_air(lesson, now);
  const tt::Date today = rules_.zone.local(now).date;
  std::erase_if(had_, [&](const AirRow& row) { return rules_.zone.local(row.interval.to).date < today; });
  ledger_ = Ledger(view->rules_people(), rules_);
  drill_ = Ledger(view->rules_people(), rules_);
  for (const AirRow& row : had_) (row.drill ? drill_ : ledger_).restore(row.interval, now);
  look();
}

void HoursDesk::stop() {
  const WallTime now = clock_();
  const std::set<std::string> live = on_air_;
  for (const auto& lesson : live) went_off_air(lesson, now);
}

}  // namespace tongke::relay::app
