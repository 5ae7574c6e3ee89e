#include <fstream>
#include <string>
#include <vector>

#include "relay/load/admission.hpp"
#include "relay/load/cpu_meter.hpp"
#include "relay/load/governor.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::relay::load;
using namespace std::chrono_literals;

namespace {

/// A machine that is looked at once a second.
struct Machine {
  explicit Machine(double budget, std::chrono::seconds settles = 0s) : governor(budget, now + settles) {}

  Governor::Time now{1h};
  Governor governor;
  double own = 40;

  Level run(std::chrono::seconds length, double busy, bool late = false) {
    for (const auto end = now + length; now < end; now += 1s)
      governor.update({.busy = busy, .own = own, .late = late}, now);
    return governor.level();
  }
  /// Seconds until this level, at most 1000.
  std::int64_t until(Level level, double busy) {
    const auto begin = now;
    while (governor.level() != level && now - begin < 1000s) run(1s, busy);
    return std::chrono::duration_cast<std::chrono::seconds>(now - begin).count();
  }
};

}  // namespace

TEST_CASE("load: the order in which lessons lose pictures, graduating classes one step later") {
  struct Case {
    Level machine;
    std::uint32_t ordinary;
    std::uint32_t priority;
    bool ordinary_sound;
  };
  for (const auto& [machine, ordinary, priority, sound] :
       {Case{Level::all, UINT32_MAX, UINT32_MAX, false}, Case{Level::no_hd, 360, UINT32_MAX, false},
        Case{Level::no_360p, 240, 360, false}, Case{Level::no_240p, 0, 240, false},
        Case{Level::sound, 0, 0, true}}) {
    INFO(to_string(machine));
    CHECK(largest_side(level_for(machine, false)) == ordinary);
    CHECK(largest_side(level_for(machine, true)) == priority);
    CHECK((level_for(machine, false) == Level::sound) == sound);
    CHECK(level_for(machine, true) != Level::sound);
  }
}

TEST_CASE("load: what /proc/stat says of the CPUs") {
  const auto times = parse_cpu_times("cpu  100 20 30 400 50 1 2 7 9 9\ncpu0 1 2 3\n");
  REQUIRE(times);
  CHECK(times->busy == 160);
  CHECK(times->all == 610);
  for (const char* bad : {"", "cpu", "cpu0 1 2 3 4 5 6 7 8", "cpu  1 2 3", "cpu  a b c d e f g h"}) {
    INFO(bad);
    CHECK_FALSE(parse_cpu_times(bad));
  }
}

TEST_CASE("load: how busy the machine was since the last look") {
  const test::TempDir dir;
  const std::string file = (dir.path() / "stat").string();
  const auto write = [&](const std::string& line) { std::ofstream(file) << line << '\n'; };
  CpuMeter meter(file);
  CHECK_FALSE(meter.sample());
  write("cpu  100 0 0 100 0 0 0 0");
  CHECK_FALSE(meter.sample());
  write("cpu  130 0 0 170 0 0 0 0");
  const auto use = meter.sample();
  REQUIRE(use);
  CHECK(use->machine == Approx(30));
  CHECK(use->own >= 0);
  CHECK_FALSE(meter.sample());  // no time has passed
  write("cpu  10 0 0 10 0 0 0 0");
  CHECK_FALSE(meter.sample());
  CHECK_FALSE(CpuMeter((dir.path() / "none").string()).sample());
  CpuMeter real;
  CHECK_FALSE(real.sample());
}

TEST_CASE("load: a machine that is too busy makes less within seconds, step by step") {
  Machine machine(90);
  CHECK(machine.run(60s, 80) == Level::all);
  CHECK(machine.run(2s, 100) == Level::all);  // a moment is none
  CHECK(machine.run(30s, 80) == Level::all);
  CHECK(machine.until(Level::no_hd, 100) <= 10);
  const auto next = machine.until(Level::no_360p, 100);
  CHECK(next >= Governor::kEffect.count());
  CHECK(next <= Governor::kEffect.count() + 3);
  CHECK(machine.until(Level::sound, 100) <= 2 * Governor::kEffect.count() + 3);
  CHECK(machine.run(100s, 100) == Level::sound);
}

TEST_CASE("load: what starts is busy for a moment") {
  Machine machine(90, 30s);
  CHECK(machine.run(30s, 100) == Level::all);
  CHECK(machine.run(60s, 40) == Level::all);
  CHECK(machine.until(Level::no_hd, 100) <= 10);

  Machine late(90, 30s);
  CHECK(late.run(1s, 100, true) == Level::no_hd);  // that is no guess
}

TEST_CASE("load: the teacher's own picture is not given up for what another program does") {
  Machine machine(90);
  machine.own = 3;
  machine.until(Level::no_240p, 100);
  CHECK(machine.run(600s, 100) == Level::no_240p);
  CHECK(machine.run(1s, 100, true) == Level::sound);
  // It comes back as soon as the budget is kept; the next picture wants room.
  CHECK(machine.run(10s, 100) == Level::sound);
  CHECK(machine.until(Level::no_240p, 85) <= Governor::kRelief.count() + 10);
  CHECK(machine.run(300s, 85) == Level::no_240p);
}

TEST_CASE("load: pictures that come late count at once, whatever the CPUs say") {
  Machine machine(100);
  CHECK(machine.run(60s, 100) == Level::all);
  CHECK(machine.run(1s, 20, true) == Level::no_hd);
  CHECK(machine.run(5s, 20) == Level::no_hd);
  CHECK(machine.run(1s, 20, true) == Level::no_hd);  // what was given up has not had its effect yet
  CHECK(machine.run(10s, 20) == Level::no_hd);
  CHECK(machine.run(1s, 20, true) == Level::no_360p);
}

TEST_CASE("load: more is made only after a quiet time, and nothing between room and too much changes") {
  Machine machine(90);
  machine.until(Level::no_360p, 100);
  CHECK(machine.run(300s, 85) == Level::no_360p);
  const auto back = machine.until(Level::no_hd, 50);
  CHECK(back >= Governor::kRelief.count());
  CHECK(back <= Governor::kRelief.count() + 10);
  CHECK(machine.until(Level::all, 50) >= Governor::kRelief.count());
}

TEST_CASE("load: what came back too early waits longer each time, up to a bound") {
  Machine machine(90);
  machine.until(Level::no_hd, 100);
  std::int64_t before = machine.until(Level::all, 50);
  for (int again = 0; again < 4; ++again) {
    machine.until(Level::no_hd, 100);
    const auto wait = machine.until(Level::all, 50);
    CHECK(wait > before + before / 2);
    before = wait;
  }
  machine.until(Level::no_hd, 100);
  CHECK(machine.until(Level::all, 50) <= Governor::kLongestRelief.count() + 10);
  // A good while without, and it is forgotten.
  machine.run(Governor::kLongestRelief + 1s, 50);
  machine.until(Level::no_hd, 100);
  CHECK(machine.until(Level::all, 50) <= Governor::kRelief.count() + 10);
}

TEST_CASE("load: another budget counts from then on") {
  Machine machine(5);
  CHECK(machine.until(Level::no_hd, 20) <= 4);
  machine.governor.set_budget(90);
  CHECK(machine.until(Level::all, 20) <= Governor::kRelief.count() + 2);
}

TEST_CASE("load: as many join at once as the bucket holds; who comes then waits a turn, a minute at most") {
  Admission admission(10);
  const Admission::Time now{1h};
  std::vector<Admission::Time> pictures;
  for (int i = 0; i < 2000; ++i) pictures.push_back(admission.join("v" + std::to_string(i), false, now));
  CHECK(pictures[0] == now);
  CHECK(pictures[49] == now);
  CHECK(pictures[50] == now + 100ms);
  CHECK(pictures[149] == now + 10s);
  CHECK(pictures.back() == now + Admission::kLongest);
  // Asked again, everybody keeps the moment he was told.
  CHECK(admission.join("v149", false, now + 5s) == pictures[149]);
  // Later there is room again.
  CHECK(admission.join("late", false, now + 300s) == now + 300s);
}

TEST_CASE("load: graduating classes wait only for each other") {
  Admission admission(10);
  const Admission::Time now{1h};
  for (int i = 0; i < 400; ++i) (void)admission.join("v" + std::to_string(i), false, now);
  CHECK(admission.join("first", true, now) == now);
  for (int i = 0; i < 49; ++i) (void)admission.join("p" + std::to_string(i), true, now);
  CHECK(admission.join("p50", true, now) == now + 100ms);
  // They had their tokens out of the same bucket.
  CHECK(admission.join("after", false, now) > now + 40s);
}

TEST_CASE("load: who has left is forgotten") {
  Admission admission(1000);
  Admission::Time now{1h};
  for (int i = 0; i < 100; ++i) (void)admission.join("v" + std::to_string(i), false, now);
  CHECK(admission.remembered() == 100);
  for (int minute = 0; minute < 4; ++minute) (void)admission.join("stays", false, now += 1min);
  CHECK(admission.remembered() == 1);
}
