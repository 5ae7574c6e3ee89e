#include "school/links/seat_devices.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::school;
using links::Device;
using links::SeatDevices;
using Verdict = links::SeatDevices::Verdict;
using namespace std::chrono_literals;

namespace {

constexpr base::Steady::time_point kNine{9h};
const Device kPhone{"phone", "10.0.0.1"};
const Device kTv{"tv", "10.0.0.1"};
const Device kStranger{"laptop", "203.0.113.9"};

Token token(Role role = Role::pupil, std::uint32_t seat = 1, std::string lesson = "l1") {
  return {.role = role, .lesson = std::move(lesson), .seat = seat};
}

}  // namespace

TEST_CASE("seat devices: a phone and a TV play, a third is refused and told of once in a while") {
  SeatDevices seats;
  CHECK(seats.admit(token(), kPhone, kNine) == Verdict::in);
  CHECK(seats.admit(token(), kTv, kNine) == Verdict::in);
  CHECK(seats.admit(token(), kStranger, kNine) == Verdict::refused_and_to_tell);
  CHECK(seats.admit(token(), kStranger, kNine + 1s) == Verdict::refused);
  CHECK(seats.admit(token(), kStranger, kNine + 11s) == Verdict::refused_and_to_tell);
  // Another seat, another lesson and a grown-up with the same number are other seats.
  CHECK(seats.admit(token(Role::pupil, 2), kStranger, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 1, "l2"), kStranger, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::guardian, 1), kStranger, kNine) == Verdict::in);
}

TEST_CASE("seat devices: one that asks again keeps its place, wherever it is by then") {
  SeatDevices seats;
  CHECK(seats.admit(token(), kPhone, kNine) == Verdict::in);
  CHECK(seats.admit(token(), kTv, kNine) == Verdict::in);
  for (auto at = kNine; at < kNine + 120s; at += 5s) {
    CHECK(seats.admit(token(), {"phone", "198.51.100.7"}, at) == Verdict::in);
    CHECK(seats.admit(token(), kTv, at) == Verdict::in);
    CHECK(seats.admit(token(), kStranger, at) != Verdict::in);
  }
  // The TV is switched off.
  CHECK(seats.admit(token(), kPhone, kNine + 149s) == Verdict::in);
  CHECK(seats.admit(token(), kStranger, kNine + 149s) == Verdict::in);
  CHECK(seats.admit(token(), kTv, kNine + 150s) != Verdict::in);
}

TEST_CASE("seat devices: players without a name are whoever is at their address") {
  SeatDevices seats;
  CHECK(seats.admit(token(), kPhone, kNine) == Verdict::in);
  CHECK(seats.admit(token(), {"", "10.0.0.1"}, kNine) == Verdict::in);  // the phone's own player
  CHECK(seats.admit(token(), kTv, kNine) == Verdict::in);
  CHECK(seats.admit(token(), {"", "10.0.0.1"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(), {"", "203.0.113.9"}, kNine) == Verdict::refused_and_to_tell);
  // One that declares itself later is the same.
  CHECK(seats.admit(token(Role::pupil, 2), {"", "10.0.0.2"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 2), {"a", "10.0.0.2"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 2), {"b", "10.0.0.2"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 2), {"c", "10.0.0.2"}, kNine) != Verdict::in);
  // A home in IPv6 is its first 64 bits.
  CHECK(seats.admit(token(Role::pupil, 3), {"", "2001:db8:1:2:aaaa::1"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 3), {"a", "2001:db8:1:2:bbbb::1"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 3), {"b", "2001:db8:1:2:cccc::1"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::pupil, 3), {"", "2001:db8:1:3:cccc::1"}, kNine) != Verdict::in);
}

TEST_CASE("seat devices: grown-ups have four, and the demo is everybody's") {
  SeatDevices seats;
  for (const char* name : {"a", "b", "c", "d"})
    CHECK(seats.admit(token(Role::teacher), {name, "10.0.0.1"}, kNine) == Verdict::in);
  CHECK(seats.admit(token(Role::teacher), {"e", "10.0.0.1"}, kNine) != Verdict::in);
  seats.open_to_all("l1");
  CHECK(seats.admit(token(Role::teacher), {"e", "10.0.0.1"}, kNine) == Verdict::in);
}

TEST_CASE("seat devices: a pass says token and device") {
  const auto pass = links::pass_of("AQ-_", {"x7", "2001:db8::1"});
  const auto read = links::read_pass(pass);
  CHECK(read.token == "AQ-_");
  CHECK(read.device.name == "x7");
  CHECK(read.device.address == "2001:db8::1");
  CHECK(links::read_pass("AQ-_").token == "AQ-_");
  CHECK(links::read_pass("AQ-_~").device.name.empty());
}
