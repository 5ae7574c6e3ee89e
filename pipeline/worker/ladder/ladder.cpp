#include "pipeline/worker/ladder/ladder.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "pipeline/worker/ladder/mill.hpp"

namespace tongke::pipeline::worker::ladder {
namespace {

/// Below the thread that packages and makes sound: pictures may wait, sound must not.
constexpr int kNicer = 5;
/// A source of rare keyframes is decoded from further back than what is made of it.
constexpr base::MediaTime kLongestCatchUp{std::chrono::seconds(8)};

}  // namespace

Ladder::~Ladder() {
  if (!thread_.joinable()) return;
  queue_.close();
  thread_.join();
}

void Ladder::want(const wire::LadderStep& step, bool on) {
  Wishes wishes = wishes_;
  const bool is_on = std::ranges::find(wishes.steps, &step) != wishes.steps.end();
  if (is_on == on) return;
  if (on) {
    wishes.steps.push_back(&step);
  } else {
    std::erase(wishes.steps, &step);
  }
  tell(std::move(wishes));
}

void Ladder::want_stills(bool on) {
  if (wishes_.stills == on) return;
  Wishes wishes = wishes_;
  wishes.stills = on;
  tell(std::move(wishes));
}

void Ladder::tell(Wishes wishes) {
  const bool first = wishes_.nothing();
  wishes_ = std::move(wishes);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  queue_.push(wishes_, 0);
  if (first) send_history();
}

void Ladder::send_history() {
  const auto& units = history_.units();
  const base::MediaTime newest = units.empty() ? base::MediaTime(0) : units.back()->segment.start;
  const auto now = base::Steady::now();
  bool first = true;
  for (const auto& unit : units) {
    Unit again = *unit;
    again.came = now;
    again.after_loss = std::exchange(first, false);
    again.begins = newest - unit->segment.start <= kLongestCatchUp;
    send(std::make_shared<const Unit>(std::move(again)));
  }
}

void Ladder::add(Unit unit) {
  unit.came = base::Steady::now();
  auto shared = std::make_shared<const Unit>(std::move(unit));
  history_.add(shared);
  if (!wishes_.nothing()) send(std::move(shared));
}

void Ladder::send(std::shared_ptr<const Unit> unit) {
  if (lost_) {
    Unit after = *unit;
    after.after_loss = true;
    unit = std::make_shared<const Unit>(std::move(after));
  }
  const bool queued = queue_.push(std::move(unit));
  lost_ = !queued;
  if (!queued) ++dropped_;
}

std::vector<Made> Ladder::take() {
  awake_ = false;
  return made_.with([](auto& all) { return std::exchange(all, {}); });
}

void Ladder::finish() {
  if (!thread_.joinable()) return;
  queue_.close();
  thread_.join();
}

void Ladder::run() {
  // Linux: of this thread alone.
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + kNicer);
  Mill mill([this](Made each) { made(std::move(each)); });
  while (const auto work = queue_.pop()) {
    if (const auto* wishes = std::get_if<Wishes>(&*work)) {
      mill.want(*wishes);
    } else {
      mill.take(*std::get<std::shared_ptr<const Unit>>(*work), base::Steady::now());
      mill_dropped_ = mill.dropped();
    }
  }
  mill.finish();
}

void Ladder::made(Made made) {
  made_.with([&](auto& all) { all.push_back(std::move(made)); });
  if (!awake_.exchange(true)) wake_();
}

}  // namespace tongke::pipeline::worker::ladder
