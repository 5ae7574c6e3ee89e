#include "relay/app/retention_desk.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/log.hpp"
#include "relay/app/grades.hpp"
#include "relay/app/retention_rows.hpp"
#include "relay/app/text.hpp"
#include "school/store/retention_table.hpp"

namespace tongke::relay::app {
namespace {

namespace retention = school::retention;
namespace tt = school::timetable;
namespace fs = std::filesystem;
namespace log = base::log;
using base::Errc;
using base::Error;
using base::Result;
using base::WallTime;
using nlohmann::json;

constexpr std::chrono::milliseconds kLook{30'000};
constexpr std::chrono::minutes kListIsFresh{1};
constexpr std::size_t kMostAsking = 64;

json line_json(const retention::Deletion& line) {
  return {{"kind", line.kind},   {"lesson", line.lesson}, {"items", line.items},
          {"bytes", line.bytes}, {"hash", line.hash},     {"at_ms", line.at.time_since_epoch().count()}};
}

json hold_json(const retention::Hold& hold) {
  return {{"lesson", hold.lesson},
          {"reason", hold.reason},
          {"first_by", hold.first_by},
          {"second_by", hold.second_by.empty() ? json(nullptr) : json(hold.second_by)},
          {"release_by", hold.release_by.empty() ? json(nullptr) : json(hold.release_by)}};
}

}  // namespace

struct RetentionDesk::Job {
  Wish wish = Wish::run;
  RetentionSearch search;
  std::vector<RetentionTask> tasks = {};
  std::vector<retention::Deletion> deleted = {};
  std::vector<std::pair<std::string, std::string>> failed = {};  // path and why
  Answer answer = {};
  [[nodiscard]] WallTime now() const { return search.now; }
};

Result<RetentionPlan> retention_of(const Settings& settings) {
  const auto& from = settings.retention;
  RetentionPlan plan;
  const auto bad = [](const std::string& key, const std::string& value) {
    return Error{Errc::invalid, "retention." + key + ": \"" + value + "\" is no date", "retention." + key};
  };
  if (!from.term_end.empty()) {
    const auto date = tt::parse_date(from.term_end);
    if (!date) return bad("term_end", from.term_end);
    plan.rules.term_end = *date;
    plan.term_known = true;
  }
  if (!from.graduation_until.empty()) {
    plan.rules.graduation_until = tt::parse_date(from.graduation_until);
    if (!plan.rules.graduation_until) return bad("graduation_until", from.graduation_until);
  }
  const auto time = tt::parse_time(from.time);
  if (!time || *time >= std::chrono::hours(24))
    return Error{Errc::invalid, "retention.time: \"" + from.time + "\" is not like \"03:30\"",
                 "retention.time"};
  plan.time = *time;
  plan.rules.media = from.media;
  plan.rules.presence_after_term = from.presence_after_term;
  plan.rules.help = from.help;
  plan.rules.access = from.access;
  plan.rules.spot_checks = from.spot_checks;
  const auto zone = tt::parse_zone(settings.hours.zone);
  if (zone) plan.rules.zone = *zone;
  return plan;
}

json rules_of(const Settings& settings) {
  const auto& from = settings.retention;
  json rules = json::array();
  const auto rule = [&rules](retention::Kind kind, const char* key, std::chrono::milliseconds keeps) {
    rules.push_back({{"kind", to_string(kind)}, {"key", key}, {"keeps_ms", keeps.count()}});
  };
  using retention::Kind;
  rule(Kind::media, "retention.media", from.media);
  rule(Kind::help, "retention.help", from.help);
  rule(Kind::feedback, "retention.help", from.help);
  rule(Kind::presence, "retention.presence_after_term", from.presence_after_term);
  rule(Kind::air, "retention.presence_after_term", from.presence_after_term);
  rule(Kind::answers, "retention.term_end", {});
  rule(Kind::access, "retention.access", from.access);
  rule(Kind::spot_check, "retention.spot_checks", from.spot_checks);
  const auto or_null = [](const std::string& said) { return said.empty() ? json(nullptr) : json(said); };
  return {{"officer", or_null(from.officer)},
          {"term_end", or_null(from.term_end)},
          {"graduation_until", or_null(from.graduation_until)},
          {"time", from.time},
          {"rules", std::move(rules)}};
}

RetentionDesk::RetentionDesk(Use use, RetentionPlan plan, retention::Holds holds)
    : use_(std::move(use)), plan_(std::move(plan)), holds_(std::move(holds)) {}

RetentionDesk::~RetentionDesk() {
  stopping_ = true;
  if (worker_.joinable()) worker_.join();
}

Result<std::unique_ptr<RetentionDesk>> RetentionDesk::open(Use use, RetentionPlan plan) {
  auto holds = retention::Holds::open(use.store);
  if (!holds) return std::move(holds).error();
  return std::unique_ptr<RetentionDesk>(
      new RetentionDesk(std::move(use), std::move(plan), std::move(*holds)));
}

void RetentionDesk::start() {
  watch_.emplace(use_.control.context(), kLook, [this] { daily(); });
}

// Once a day, at or after its time: a server that was off then does it when it is back.
void RetentionDesk::daily() {
  const auto moment = plan_.rules.zone.local(use_.clock());
  if (busy_ || moment.time < plan_.time || ran_on_ == moment.date) return;
  ran_on_ = moment.date;
  run(false, [](const Result<json>& done) {
    if (!done) return log::error("retention did not run", {{"why", done.error().message}});
    log::info("retention ran",
              {{"deleted", done->at("deleted").size()}, {"failed", done->at("failed").size()}});
  });
}

bool RetentionDesk::graduates(const std::string& lesson) const {
  return has_grade(*use_.people(), use_.arrangements.of(lesson), {9, 12});
}

// Memory only; the folders are the worker's to walk.
RetentionSearch RetentionDesk::search() const {
  RetentionSearch search{.catalog = use_.catalog,
                         .lesson_files = use_.lesson_files,
                         .rules = plan_.rules,
                         .term_known = plan_.term_known,
                         .now = use_.clock()};
  for (const auto& [id, lesson] : use_.lessons.all()) {
    search.lessons[id].ended = lesson.ended;
    search.lessons[id].graduation = graduates(id);
  }
  for (const auto& [id, lesson] : use_.directory.all())
    search.lessons[id].live = lesson->on_air() == live::OnAir::live;
  for (const auto& [id, hold] : holds_.all()) search.lessons[id].held = holds_.holds(id, search.now);
  return search;
}

void RetentionDesk::begin(Wish wish, const Answer& answer) {
  if (std::exchange(busy_, true)) return answer(Error{Errc::conflict, "it is running", "retention"});
  if (worker_.joinable()) worker_.join();  // it is over: busy_ was false
  auto job = std::make_shared<Job>(Job{.wish = wish, .search = search(), .answer = answer});
  worker_ = std::thread([this, job, alive = std::weak_ptr(alive_)] {
    job->tasks = find_due(job->search, stopping_);
    if (job->wish != Wish::report) carry_out(job);
    use_.control.post([this, job, alive] {
      if (alive.expired()) return;
      job->wish == Wish::report ? report(job) : gone(job);
    });
  });
}

void RetentionDesk::run(bool dry_run, const Answer& answer) {
  begin(dry_run ? Wish::dry_run : Wish::run, answer);
}

void RetentionDesk::recordings(const RecordingsAnswer& answer) {
  if (listed_ && use_.clock() - listed_at_ < kListIsFresh) return answer(listed_);
  if (asking_.empty() && busy_) return answer(Error{Errc::conflict, "it is running", "retention"});
  if (asking_.size() >= kMostAsking) return answer(Error{Errc::overload, "too many ask at once"});
  asking_.push_back(answer);
  if (std::exchange(busy_, true)) return;
  if (worker_.joinable()) worker_.join();
  worker_ = std::thread([this, search = search(), alive = std::weak_ptr(alive_)] {
    auto found = std::make_shared<const std::vector<retention::Kept>>(find_recordings(search, stopping_));
    use_.control.post([this, found = std::move(found), at = search.now, alive] {
      if (!alive.expired()) listed(found, at);
    });
  });
}

void RetentionDesk::listed(const Recordings& recordings, WallTime at) {
  busy_ = false;
  listed_ = recordings;
  listed_at_ = at;
  for (const auto& answer : std::exchange(asking_, {})) answer(listed_);
}

WallTime RetentionDesk::taken_at(WallTime due) const {
  return retention::next_at(plan_.time, std::max(due, use_.clock()), plan_.rules.zone);
}

// On the worker.
void RetentionDesk::carry_out(const std::shared_ptr<Job>& job) const {
  for (const RetentionTask& task : job->tasks) {
    if (stopping_) return;
    if (task.held) continue;
    auto content = retention::content_of(task.path);
    if (!content) {
      job->failed.emplace_back(task.lesson, content.error().message);
      continue;
    }
    if (job->wish == Wish::run) {
      auto removed = Result<void>();
      if (task.kind == retention::Kind::media) {
        removed = use_.catalog.remove(task.lesson);
      } else {
        std::error_code error;
        fs::remove(task.path, error);
        if (error) removed = Error{Errc::io, task.path.string() + ": " + error.message()};
      }
      if (!removed) {
        job->failed.emplace_back(task.lesson, removed.error().message);
        continue;
      }
    }
    job->deleted.push_back({.at = job->now(),
                            .kind = std::string(to_string(task.kind)),
                            .lesson = task.lesson,
                            .items = content->files,
                            .bytes = content->bytes,
                            .hash = content->hash});
  }
}

void RetentionDesk::gone(const std::shared_ptr<Job>& job) {
  if (job->wish == Wish::run) {
    listed_ = nullptr;
    for (const auto& line : job->deleted)
      if (line.kind == to_string(retention::Kind::media)) use_.media_gone(line.lesson);
  }
  const auto alive = std::weak_ptr(alive_);
  use_.writer.submit(
      [job](school::store::Store& store) -> Result<void> {
        auto rows = find_due_rows(store, job->search);
        if (!rows) return std::move(rows).error();
        const bool only_said = job->wish != Wish::run;
        auto gone = drop_rows(store, job->search, *rows, only_said);
        if (!gone) return std::move(gone).error();
        std::ranges::move(*rows, std::back_inserter(job->tasks));
        std::ranges::move(*gone, std::back_inserter(job->deleted));
        if (only_said) return {};
        for (const auto& line : job->deleted)
          if (auto kept = school::store::append_deletion(store, line); !kept) return std::move(kept).error();
        return {};
      },
      use_.control,
      [this, job, alive](const Result<void>& done) {
        if (alive.expired()) return;
        busy_ = false;
        if (!done) return job->answer(done.error());
        json answer = {{"dry_run", job->wish == Wish::dry_run},
                       {"deleted", json::array()},
                       {"failed", json::array()},
                       {"held", json::array()}};
        for (const auto& line : job->deleted) answer["deleted"].push_back(line_json(line));
        for (const auto& [lesson, why] : job->failed)
          answer["failed"].push_back({{"lesson", lesson}, {"why", why}});
        for (const auto& task : job->tasks)
          if (task.held) answer["held"].push_back({{"lesson", task.lesson}, {"kind", to_string(task.kind)}});
        job->answer(std::move(answer));
      });
}

void RetentionDesk::report(const std::shared_ptr<Job>& job) {
  const auto lines = std::make_shared<std::vector<retention::Deletion>>();
  const auto alive = std::weak_ptr(alive_);
  use_.writer.submit(
      [job, lines](school::store::Store& store) -> Result<void> {
        auto read = school::store::load_deletions(store);
        if (!read) return std::move(read).error();
        *lines = std::move(*read);
        auto rows = find_due_rows(store, job->search);
        if (!rows) return std::move(rows).error();
        std::ranges::move(*rows, std::back_inserter(job->tasks));
        return {};
      },
      use_.control,
      [this, job, lines, alive](const Result<void>& done) {
        if (alive.expired()) return;
        busy_ = false;
        job->answer(done ? Result<json>(report_of(*job, *lines)) : Result<json>(done.error()));
      });
}

json RetentionDesk::report_of(const Job& job, const std::vector<retention::Deletion>& lines) const {
  const auto broken = retention::broken_at(lines);
  std::map<std::string, std::array<std::int64_t, 3>> sums;  // lines, items, bytes
  for (const auto& line : lines) {
    auto& sum = sums[line.kind];
    ++sum[0];
    sum[1] += line.items;
    sum[2] += line.bytes;
  }
  json totals = json::object();
  for (const auto& [kind, sum] : sums)
    totals[kind] = {{"lines", sum[0]}, {"items", sum[1]}, {"bytes", sum[2]}};
  json overdue = json::array();
  for (const auto& task : job.tasks)
    if (!task.held) overdue.push_back({{"lesson", task.lesson}, {"kind", to_string(task.kind)}});
  json holds = json::array();
  for (const auto& [lesson, hold] : holds_.all()) holds.push_back(hold_json(hold));
  return {{"totals", std::move(totals)},
          {"lines", lines.size()},
          {"unbroken", !broken},
          {"broken_at", broken ? json(*broken) : json(nullptr)},
          {"last_chain", lines.empty() ? json(nullptr) : json(lines.back().chain)},
          {"overdue", std::move(overdue)},
          {"holds", std::move(holds)}};
}

// A name that somebody types is the first of two persons at most: the second signs in and says it
// himself (relay/http/api/holds).
Result<retention::Hold> RetentionDesk::typed(const std::string& name, const std::string& lesson,
                                             const std::string& by, const std::string& reason) {
  const auto known = holds_.all().find(lesson);
  const bool there = known != holds_.all().end();
  const bool by_two = there && !known->second.second_by.empty();
  const bool second =
      name == "retention.hold" ? there && !by_two : by_two && !known->second.release_by.empty();
  if (second) return Error{Errc::conflict, text("retention.sign_in"), "by"};
  return name == "retention.hold" ? holds_.set(lesson, by, reason, use_.clock()) : holds_.release(lesson, by);
}

bool RetentionDesk::command(const std::string& name, const json& arguments, const Answer& answer) {
  const auto word = [&](const char* field) { return arguments.value(field, std::string()); };
  const auto say = [&](const Result<retention::Hold>& hold) {
    answer(hold ? Result<json>(hold_json(*hold)) : Result<json>(hold.error()));
  };
  if (name == "retention.run") {
    run(arguments.value("dry_run", false), answer);
  } else if (name == "retention.hold" && !use_.lessons.find(word("lesson"))) {
    answer(Error{Errc::not_found, "no such lesson", "lesson"});
  } else if (name == "retention.hold" || name == "retention.release") {
    say(typed(name, word("lesson"), word("by"), word("reason")));
  } else if (name == "retention.report") {
    begin(Wish::report, answer);
  } else {
    return false;
  }
  return true;
}

}  // namespace tongke::relay::app
