#include "signaling/bench/load.hpp"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <utility>

#include "base/clock.hpp"
#include "signaling/bench/client.hpp"

namespace tongke::signaling::bench {
namespace {

using base::Steady;
using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
constexpr std::string_view kNoteMark = "note ";
// The page's manners (player-web's signal/connection.ts and core/delay.ts).
constexpr std::uint16_t kRestarting = 1001;
constexpr std::chrono::duration<double> kRestartSpread = 10s;

double milliseconds(Steady::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

Percentiles percentiles(std::vector<double>& values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
  };
  return {at(0.50), at(0.95), at(0.99), values.back()};
}

struct Usage {
  double cpu_seconds = 0;
  double rss_bytes = 0;
};

Usage usage_of(int pid) {
  Usage usage;
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skip;
  for (int i = 0; i < 11; ++i) fields >> skip;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  usage.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  double pages = 0;
  statm >> pages >> pages;
  usage.rss_bytes = pages * static_cast<double>(sysconf(_SC_PAGESIZE));
  return usage;
}

struct Person {
  Client client;
  const std::string* token = nullptr;
  std::size_t room = 0;
  bool teacher = false;
  bool welcome = false;
  bool writing = false;  ///< watched for writability
  Steady::time_point began{};
  Steady::time_point next_beat{};
  std::string epoch;      ///< of the last welcome
  std::uint64_t seq = 0;  ///< the newest number told
  unsigned failures = 0;  ///< in a row
  Steady::time_point lost{};
};

/// What follows a key in a frame of the server's, which has no blanks: `"seq":12` → "12,…".
std::string_view after(std::string_view frame, std::string_view key) {
  const std::size_t at = frame.find(key);
  return at == std::string_view::npos ? std::string_view() : frame.substr(at + key.size());
}

/// All clients on one epoll, on one thread.
class Load {
 public:
  Load(const LoadPlan& plan, Target target)
      : plan_(plan), target_(std::move(target)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  LoadReport run() {
    const Usage empty = plan_.pid != 0 ? usage_of(plan_.pid) : Usage();
    cast();
    for (Person& person : people_) {
      if (person.teacher) begin(person);
    }
    turn_until(Steady::now() + kPatience, [this] { return welcomed_ == plan_.rooms.size(); });
    arrive();
    report_.connected = static_cast<std::size_t>(std::ranges::count(people_, true, &Person::welcome));
    report_.join = percentiles(joins_);
    const Usage before = plan_.pid != 0 ? usage_of(plan_.pid) : Usage();
    measure();
    if (plan_.pid != 0) {
      const Usage after = usage_of(plan_.pid);
      report_.server_cpu =
          (after.cpu_seconds - before.cpu_seconds) / std::chrono::duration<double>(plan_.measure).count();
      report_.server_rss_per_connection = (after.rss_bytes - empty.rss_bytes) /
                                          static_cast<double>(std::max<std::size_t>(1, report_.connected));
    }
    report_.note = percentiles(note_delays_);
    report_.back = percentiles(backs_);
    std::size_t expected = 0;
    for (const auto& [number, note] : notes_) expected += note.expected;
    report_.notes = notes_.size();
    report_.notes_missing = expected - std::min(expected, note_delays_.size());
    return report_;
  }

 private:
  struct Note {
    Steady::time_point sent{};
    std::size_t expected = 0;
  };

  void cast() {
    for (std::size_t room = 0; room < plan_.rooms.size(); ++room) {
      people_.emplace_back().token = &plan_.rooms[room].teacher;
      people_.back().room = room;
      people_.back().teacher = true;
    }
    // Pupils of all rooms come mixed, as they do in the morning.
    for (std::size_t i = 0, left = 1; left > 0; ++i) {
      left = 0;
      for (std::size_t room = 0; room < plan_.rooms.size(); ++room) {
        if (i >= plan_.rooms[room].pupils.size()) continue;
        people_.emplace_back().token = &plan_.rooms[room].pupils[i];
        people_.back().room = room;
        ++left;
      }
    }
  }

  void begin(Person& person) {
    person.began = Steady::now();
    if (!person.client.connect(target_)) {
      if (plan_.come_back && measuring_) return cut_off(person);
      ++report_.errors["connect"];
      return;
    }
    person.client.send(greeting(person));
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.ptr = &person;
    person.writing = true;
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, person.client.fd(), &event);
  }

  static std::string greeting(const Person& person) {
    const std::string token = R"("token":")" + *person.token + '"';
    if (person.epoch.empty()) return R"({"t":"hello",)" + token + '}';
    return R"({"t":"resume",)" + token + R"(,"epoch":")" + person.epoch + R"(","seq":)" +
           std::to_string(person.seq) + '}';
  }

  Steady::duration back_off(Person& person, std::uint16_t code) {
    const double random = std::uniform_real_distribution<double>(0, 1)(random_);
    const unsigned doublings = std::min(person.failures++, 5U);
    const std::chrono::duration<double> wait =
        code == kRestarting ? 1s + random * kRestartSpread
                            : std::min<double>(30, 1U << doublings) * (0.5 + random) * 1s;
    return std::chrono::duration_cast<Steady::duration>(wait);
  }

  void bring_back() {
    const auto now = Steady::now();
    while (!returning_.empty() && returning_.begin()->first <= now) {
      Person& person = *returning_.begin()->second;
      returning_.erase(returning_.begin());
      const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
      report_.most_in_a_second = std::max(report_.most_in_a_second, ++begun_in_[second]);
      person.client = Client();
      begin(person);
    }
  }

  void cut_off(Person& person) {
    const auto now = Steady::now();
    if (person.welcome) {
      ++report_.cut_off;
      person.lost = now;
    }
    person.welcome = false;
    returning_.emplace(now + back_off(person, person.client.close_code()), &person);
  }

  void arrive() {
    const auto start = Steady::now();
    const std::size_t first = plan_.rooms.size();
    const std::size_t pupils = people_.size() - first;
    for (std::size_t i = 0; i < pupils; ++i) {
      const auto due = start + plan_.ramp * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(pupils);
      turn_until(due, [] { return false; });
      begin(people_[first + i]);
    }
    turn_until(Steady::now() + kPatience, [this] { return welcomed_ + failed_ >= people_.size(); });
    report_.join_seconds = std::chrono::duration<double>(last_welcome_ - start).count();
  }

  void measure() {
    measuring_ = true;
    const auto end = Steady::now() + plan_.measure;
    auto next_note = Steady::now();
    std::size_t room = 0;
    while (Steady::now() < end) {
      // The last second is for what is on its way.
      if (plan_.note_every > 0ms && Steady::now() >= next_note && end - Steady::now() > 1s) {
        next_note += plan_.note_every;
        say_note(room++ % plan_.rooms.size());
      }
      beat();
      bring_back();
      turn_until(std::min(end, Steady::now() + 5ms), [] { return false; });
    }
  }

  void say_note(std::size_t room) {
    if (!people_[room].welcome) return;
    Note& note = notes_[notes_.size()];
    note.expected = static_cast<std::size_t>(std::ranges::count_if(people_, [&](const Person& person) {
      return person.room == room && !person.teacher && person.welcome &&
             person.client.state() == Client::State::open;
    }));
    note.sent = Steady::now();
    people_[room].client.send(R"({"t":"note","media_time":1000,"text":")" + std::string(kNoteMark) +
                              std::to_string(notes_.size() - 1) + "\"}");
    watch(people_[room]);
  }

  void beat() {
    const auto now = Steady::now();
    while (!beats_.empty() && beats_.front().first <= now) {
      const auto [due, who] = beats_.front();
      Person& person = *who;
      beats_.pop_front();
      // Who was away beats by the clock of its new connection.
      if (person.client.state() != Client::State::open || due != person.next_beat) continue;
      person.client.send(R"({"t":"presence","media_time":61000,"state":"playing","rendition":"360p"})");
      ++report_.heartbeats;
      watch(person);
      person.next_beat += plan_.heartbeat;
      beats_.emplace_back(person.next_beat, &person);
    }
  }

  void on_text(Person& person, std::string_view text) {
    const std::string_view number = after(text, R"("seq":)");
    std::uint64_t seq = 0;
    std::from_chars(number.data(), number.data() + number.size(), seq);
    person.seq = std::max(person.seq, seq);
    if (text.starts_with(R"({"t":"welcome")")) {
      on_welcome(person, text);
    } else if (!person.teacher && text.starts_with(R"({"t":"note")")) {
      on_note(text);
    } else if (text.starts_with(R"({"t":"error")")) {
      ++report_.errors["error frame"];
    }
  }

  void on_welcome(Person& person, std::string_view text) {
    person.welcome = true;
    person.failures = 0;
    const auto now = Steady::now();
    const std::string_view epoch = after(text, R"("epoch":")");
    person.epoch = epoch.substr(0, epoch.find('"'));
    if (person.lost != Steady::time_point()) {
      backs_.push_back(milliseconds(now - std::exchange(person.lost, {})));
      if (text.find(R"("resumed":true)") != std::string_view::npos) ++report_.resumed;
    } else {
      ++welcomed_;
      last_welcome_ = now;
      if (!person.teacher) joins_.push_back(milliseconds(now - person.began));
    }
    // Everybody beats at a moment of his own, in the order they came.
    person.next_beat = now + plan_.heartbeat;
    if (!person.teacher) beats_.emplace_back(person.next_beat, &person);
  }

  void on_note(std::string_view text) {
    const std::size_t at = text.find(kNoteMark);
    std::size_t number = 0;
    if (at == std::string_view::npos) return;
    const char* const digits = text.data() + at + kNoteMark.size();
    if (std::from_chars(digits, text.data() + text.size(), number).ec != std::errc()) return;
    const auto found = notes_.find(number);
    if (found != notes_.end()) note_delays_.push_back(milliseconds(Steady::now() - found->second.sent));
  }

  void watch(Person& person) {
    if (person.client.state() == Client::State::closed || person.writing == person.client.wants_write())
      return;
    person.writing = person.client.wants_write();
    epoll_event event{};
    event.events = EPOLLIN | (person.writing ? EPOLLOUT : 0U);
    event.data.ptr = &person;
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, person.client.fd(), &event);
  }

  template <class Done>
  void turn_until(Steady::time_point until, Done done) {
    std::array<epoll_event, 256> events{};
    while (!done()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
      if (left.count() < 0) return;
      const int n = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               static_cast<int>(std::min<std::int64_t>(left.count(), 100)));
      for (int i = 0; i < n; ++i) handle(events.at(static_cast<std::size_t>(i)));
      if (left.count() == 0) return;
    }
  }

  void handle(const epoll_event& event) {
    Person& person = *static_cast<Person*>(event.data.ptr);
    person.client.ready((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0, (event.events & EPOLLOUT) != 0,
                        [&](std::string_view text) { on_text(person, text); });
    if (person.client.state() == Client::State::closed && plan_.come_back && measuring_) {
      cut_off(person);
    } else if (person.client.state() == Client::State::closed) {
      ++failed_;
      const auto code = person.client.close_code();
      ++report_.errors[code != 0 ? "closed " + std::to_string(code) : "lost"];
    } else {
      watch(person);
    }
  }

  const LoadPlan& plan_;
  const Target target_;
  const base::Fd epoll_;
  std::deque<Person> people_;                                 // their addresses stay
  std::deque<std::pair<Steady::time_point, Person*>> beats_;  // by when
  std::multimap<Steady::time_point, Person*> returning_;      // by when
  std::map<std::int64_t, std::size_t> begun_in_;              // connections, by second
  std::minstd_rand random_{20260302};
  bool measuring_ = false;
  std::map<std::size_t, Note> notes_;
  std::vector<double> joins_;
  std::vector<double> note_delays_;
  std::vector<double> backs_;
  std::size_t welcomed_ = 0;
  std::size_t failed_ = 0;
  Steady::time_point last_welcome_{};
  LoadReport report_;
};

}  // namespace

base::Result<LoadReport> run_load(const LoadPlan& plan) {
  auto target = parse_target(plan.url);
  if (!target) return std::move(target).error();
  std::size_t people = plan.rooms.size();
  for (const auto& room : plan.rooms) people += room.pupils.size();
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (people + 32 > files.rlim_cur) {
    return base::Error{base::Errc::io, "only " + std::to_string(files.rlim_cur) + " files may be open"};
  }
  return Load(plan, std::move(*target)).run();
}

}  // namespace tongke::signaling::bench
