#include "relay/app/own_data_desk.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {

namespace log = base::log;
namespace people = school::people;
using base::Errc;
using base::Error;
using base::Result;
using http::api::OwnLesson;
using http::api::OwnLessons;

namespace {

std::uint32_t seat_of(people::PupilId pupil) { return school::kRosterSeats + pupil.value; }

Error busy() { return {Errc::overload, "too many families ask at once; try again"}; }

}  // namespace

/// One answer in the making, which goes from the thread to control and back.
struct OwnDataDesk::Collection {
  people::Snapshot district;
  people::PupilId pupil;
  Collected answer;
  base::Steady::time_point deadline = {};
  std::set<std::string> lessons = {};  ///< ids
  OwnLessons found = {};
};

OwnDataDesk::OwnDataDesk(Use use)
    : use_(std::move(use)), files_(use_.log, use_.book), thread_([this] {
        while (const auto job = jobs_->pop()) (*job)();
      }) {}

OwnDataDesk::~OwnDataDesk() {
  stopping_ = true;
  jobs_->close();
  thread_.join();
}

void OwnDataDesk::add_routes(http::Server& server, const http::api::Office& office,
                             const school::feedback::Rule& tickets) {
  http::api::add_own_data_routes(
      server, {.office = office,
               .tickets = tickets,
               .collect = [this](const auto& district, auto pupil,
                                 auto answer) { collect(district, pupil, std::move(answer)); },
               .announce = [marks = use_.marks](people::PupilId pupil) { return marks.add(pupil); },
               .erase = [this](people::PupilId pupil, auto answer) { erase(pupil, std::move(answer)); }});
}

void OwnDataDesk::on_control(std::function<void()> task) {
  use_.control.post([alive = std::weak_ptr(alive_), task = std::move(task)] {
    if (!alive.expired()) task();
  });
}

// ---- collecting: control knows the child's classes, the thread finds what else it was in,
// control knows those lessons, the thread reads them ----

void OwnDataDesk::collect(const people::Snapshot& district, people::PupilId pupil, Collected answer) {
  auto job = std::make_shared<Collection>(
      Collection{.district = district, .pupil = pupil, .answer = std::move(answer)});
  on_control([this, job] {
    const auto seated = use_.arrangements.lessons_of(*job->district, *job->district->find(job->pupil));
    job->lessons.insert(seated.begin(), seated.end());
    if (!jobs_->push([this, job] { search(job); })) job->answer(busy());
  });
}

void OwnDataDesk::search(const std::shared_ptr<Collection>& job) {
  job->deadline = base::Steady::now() + kLongest;
  const auto enough = [&] { return stopping_ || base::Steady::now() > job->deadline; };
  auto traces = files_.traces(seat_of(job->pupil), job->lessons, enough);
  if (!traces) return job->answer(std::move(traces).error());
  job->lessons.merge(traces->lessons);
  job->found.truncated = !traces->complete;
  on_control([this, job] { look_up(job); });
}

void OwnDataDesk::look_up(const std::shared_ptr<Collection>& job) {
  auto& lessons = job->found.lessons;
  for (const std::string& id : job->lessons) {
    OwnLesson& own = lessons.emplace_back();
    own.lesson.id = id;
    if (const auto* const known = use_.lessons.find(id)) own.lesson = *known;
    if (const auto* const room = school::room_of(*job->district, use_.arrangements.of(id), job->pupil))
      own.room = *room;
  }
  std::ranges::sort(lessons, [](const OwnLesson& one, const OwnLesson& other) {
    return school::Lessons::Newer()(&one.lesson, &other.lesson);
  });
  if (lessons.size() > kMostLessons) {
    lessons.resize(kMostLessons);
    job->found.truncated = true;
  }
  if (!jobs_->push([this, job] { read(job); })) job->answer(busy());
}

void OwnDataDesk::read(const std::shared_ptr<Collection>& job) {
  auto& lessons = job->found.lessons;
  for (auto own = lessons.begin(); own != lessons.end(); ++own) {
    if (stopping_ || base::Steady::now() > job->deadline) {
      lessons.erase(own, lessons.end());
      job->found.truncated = true;
      break;
    }
    if (auto done = files_.read(*own, seat_of(job->pupil)); !done)
      return job->answer(std::move(done).error());
  }
  std::erase_if(lessons,
                [](const OwnLesson& own) { return !own.room && !own.attendance.known && own.work.empty(); });
  job->answer(std::move(job->found));
}

// ---- erasing: first from memory, so that nothing new is written, then from the files ----

void OwnDataDesk::erase(people::PupilId pupil, Erased answer) {
  erasing_.insert(pupil);
  const auto refused = [this, pupil, answer] {
    on_control([this, pupil, answer] { end_erasure(pupil, busy(), answer); });
  };
  const auto forgotten = [this, pupil, answer, jobs = jobs_, control = &use_.control,
                          alive = std::weak_ptr(alive_)] {
    if (jobs->push([this, pupil, answer] { clear(pupil, answer); })) return;
    control->post([this, pupil, answer, alive] {
      if (!alive.expired()) end_erasure(pupil, busy(), answer);
    });
  };
  if (!use_.forget_seat(seat_of(pupil), forgotten)) refused();
}

void OwnDataDesk::clear(people::PupilId pupil, const Erased& answer) {
  auto done = files_.erase(seat_of(pupil), [this] { return stopping_.load(); });
  // A lesson that came into memory meanwhile was read from files that still had the child.
  if (done && !use_.forget_seat(seat_of(pupil), [] {})) done = busy();
  if (done) done = use_.marks.remove(pupil);
  on_control([this, pupil, done, answer] { end_erasure(pupil, done, answer); });
}

void OwnDataDesk::end_erasure(people::PupilId pupil, const Result<void>& done, const Erased& answer) {
  erasing_.erase(pupil);
  if (!done) {
    log::error("a child's traces are not all erased; it will be tried again",
               {{"why", done.error().message}});
    use_.control.post_after(kAgain, [this, alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) resume();
    });
  }
  answer(done);
}

void OwnDataDesk::resume() {
  const auto marked = use_.marks.all();
  if (!marked) return log::error("erasures not read", {{"why", marked.error().message}});
  const auto district = use_.people();
  for (const people::PupilId pupil : *marked) {
    if (erasing_.contains(pupil)) continue;
    if (!district->find(pupil)) {
      erase(pupil, [](const Result<void>& /*said by then*/) {});
    } else if (auto dropped = use_.marks.remove(pupil); !dropped) {  // it never came to it
      log::error("erasure not forgotten", {{"why", dropped.error().message}});
    }
  }
}

}  // namespace tongke::relay::app
