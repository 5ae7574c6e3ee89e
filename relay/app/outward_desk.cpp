#include "relay/app/outward_desk.hpp"

#include <utility>

#include "base/log.hpp"
#include "relay/app/addresses.hpp"
#include "relay/app/hours_rules.hpp"
#include "relay/app/outward_lessons.hpp"
#include "relay/app/text.hpp"

namespace tongke::relay::app {
namespace {

namespace log = base::log;
using base::Errc;
using base::Error;
using base::Result;
using base::WallTime;
using nlohmann::json;
using outward::LessonInfo;
using outward::State;

constexpr std::chrono::milliseconds kLook{2000};
constexpr std::size_t kSlice = 25;
// Lessons outside of this are nobody's concern now.
constexpr std::chrono::hours kBefore{24};
constexpr std::chrono::hours kAfter{1};

State state_of(live::OnAir state) {
  switch (state) {
    case live::OnAir::waiting:
      return State::waiting;
    case live::OnAir::live:
      return State::live;
    case live::OnAir::interrupted:
      return State::interrupted;
    case live::OnAir::ended:
      return State::ended;
  }
  return State::waiting;
}

}  // namespace

std::string outward_page(const Settings& settings, std::uint16_t http) {
  if (settings.http.public_url.empty() && settings.server.host.empty()) return {};
  return make_addresses(settings, http, 0, 0).pages + "/";
}

Result<outward::Courier::Options> outward_options(const Settings& settings, std::string page) {
  auto receivers = outward::receivers_from(settings.outward.receivers, settings.outward.secrets);
  if (!receivers) return std::move(receivers).error();
  auto rules = rules_of(settings);
  if (!rules) return std::move(rules).error();
  return outward::Courier::Options{.receivers = std::move(*receivers),
                                   .letterhead = {.zone = rules->zone, .page = std::move(page)},
                                   .journal = nullptr,
                                   .kept = {}};
}

json trials_json(const std::vector<outward::Trial>& trials) {
  json out = json::array();
  for (const auto& [receiver, reply] : trials) {
    out.push_back({{"receiver", receiver},
                   {"delivered", reply.outcome == outward::Outcome::delivered},
                   {"hint", reply.hint},
                   {"said", reply.said},
                   {"ms", reply.took.count()}});
  }
  return out;
}

Result<std::unique_ptr<OutwardDesk>> OutwardDesk::open(Use use) {
  std::unique_ptr<OutwardDesk> desk(new OutwardDesk(std::move(use)));
  const Settings& settings = desk->use_.settings;
  auto options = outward_options(settings, desk->use_.page);
  if (!options) return std::move(options).error();
  if (options->receivers.empty()) return desk;
  desk->journal_ = std::make_unique<outward::Journal>(desk->use_.folder);
  auto kept = desk->journal_->open(desk->use_.clock());
  if (!kept) return std::move(kept).error();
  desk->announcer_.emplace(
      outward::Announcer::Options{.ahead = settings.outward.ahead, .patience = settings.outward.patience},
      kept->told);
  for (const auto& receiver : options->receivers)
    if (!receiver.school.empty()) desk->schools_.emplace_back(receiver.name, receiver.school);
  options->journal = desk->journal_.get();
  options->kept = std::move(*kept);
  auto courier = outward::Courier::create(std::move(*options));
  if (!courier) return std::move(courier).error();
  desk->courier_ = std::move(*courier);
  return desk;
}

void OutwardDesk::start() {
  if (!courier_) return;
  warn_of_unknown_schools();
  catch_up();
  look();
  watch_.emplace(use_.control.context(), kLook, [this] { look(); });
}

// A school that is spelled otherwise in the roster would be waited for in silence.
void OutwardDesk::warn_of_unknown_schools() const {
  const auto people = use_.people();
  for (const auto& [receiver, school] : schools_) {
    if (!people->school_named(school))
      log::warn("no such school in the roster; the receiver hears nothing",
                {{"receiver", receiver}, {"school", school}});
  }
}

// What happened in the instant before a kill: a lesson that was ended, a recording that was closed.
void OutwardDesk::catch_up() {
  for (const std::string& id : announcer_->unfinished()) {
    const auto* lesson = use_.lessons.find(id);
    if (!lesson || lesson->state != school::LessonState::ended) continue;
    on_air(id, live::OnAir::ended);
    if (use_.recorded(id)) replay_ready(id);
  }
}

void OutwardDesk::stop() {
  watch_.reset();
  tell_some(untold_.size());
  stopped_ = true;
}

LessonInfo OutwardDesk::describe(const school::Lesson& lesson, State state) const {
  return outward_lesson(lesson, state, use_.arrangements.of(lesson.id), use_.plans.of(lesson.id),
                        use_.plans.is_drill(lesson.id), *use_.people());
}

void OutwardDesk::look() {
  const WallTime now = use_.clock();
  std::vector<LessonInfo> planned;
  for (const auto& [id, lesson] : use_.lessons.all()) {
    if (lesson.state == school::LessonState::ended) continue;
    const auto* plan = use_.plans.of(id);
    if (!plan || plan->starts < now - kAfter || plan->starts > now + kBefore) continue;
    planned.push_back(describe(lesson, state_of(use_.on_air(id))));
  }
  tell(announcer_->look(planned, now));
}

void OutwardDesk::tell(std::vector<outward::Notice> notices) {
  const bool at_it = !untold_.empty();
  for (auto& notice : notices) {
    // Now: a lesson that is being removed has no rooms any more in a moment.
    notice.lesson =
        without_names(std::move(notice.lesson), use_.arrangements.of(notice.lesson.id), *use_.people());
    untold_.push_back(std::move(notice));
  }
  if (!at_it) tell_some(kSlice);
}

// A whole district's lessons begin at one time: a few by a few, so that those on air do not notice.
void OutwardDesk::tell_some(std::size_t most) {
  for (; most > 0 && !untold_.empty(); --most) {
    const outward::Notice& notice = untold_.front();
    log::debug("notice", {{"lesson", notice.lesson.id}, {"event", to_string(notice.event)}});
    courier_->send(notice);
    untold_.pop_front();
  }
  if (untold_.empty()) return;
  use_.control.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) tell_some(kSlice);
  });
}

void OutwardDesk::on_air(const std::string& lesson, live::OnAir state) {
  const auto* known = listens() ? use_.lessons.find(lesson) : nullptr;
  if (known) tell(announcer_->on_air(describe(*known, state_of(state)), use_.clock()));
}

void OutwardDesk::replay_ready(const std::string& lesson) {
  const auto* known = listens() ? use_.lessons.find(lesson) : nullptr;
  if (known) tell(announcer_->replay_ready(describe(*known, State::ended), use_.clock()));
}

void OutwardDesk::recording(const std::string& lesson, const std::string& trouble) {
  const auto* known = listens() ? use_.lessons.find(lesson) : nullptr;
  if (known)
    tell(announcer_->recording(describe(*known, state_of(use_.on_air(lesson))), trouble, use_.clock()));
}

void OutwardDesk::server(const std::string& level) {
  if (!listens()) return;
  auto notice =
      outward::make_notice(level.empty() ? outward::Event::relieved : outward::Event::busy, {}, use_.clock());
  notice.trouble = level;
  tell({std::move(notice)});
}

void OutwardDesk::removing(const std::string& lesson) {
  if (listens()) tell(announcer_->removed(lesson, use_.clock()));
}

bool OutwardDesk::run(const std::string& command, const json& arguments, const Answer& answer) {
  if (command != "outward.test") return false;
  const json receiver = arguments.value("receiver", json(""));
  if (!receiver.is_string()) {
    answer(Error{Errc::invalid, "must be a name", "receiver"});
    return true;
  }
  if (!courier_) {
    answer(Error{Errc::conflict, text("outward.none"), "outward.receivers"});
    return true;
  }
  const auto asked = courier_->try_out(
      receiver.get<std::string>(),
      [&control = use_.control, alive = std::weak_ptr(alive_), answer](std::vector<outward::Trial> trials) {
        control.post([alive, answer, trials = std::move(trials)] {
          if (!alive.expired()) answer(trials_json(trials));
        });
      });
  if (!asked) answer(asked.error());
  return true;
}

}  // namespace tongke::relay::app
