#include <algorithm>

#include "pipeline/worker/output/schedule.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::pipeline::worker::output;
using namespace std::chrono_literals;
using pipeline::wire::TrackKind;

namespace {

Unit picture(base::MediaTime at) {
  return {.track = TrackKind::video, .dts = at, .pts = at, .keyframe = false, .bytes = {1}};
}
Unit sound(base::MediaTime at) {
  return {.track = TrackKind::audio, .dts = at, .pts = at, .keyframe = true, .bytes = {2}};
}
std::vector<base::MediaTime> times(const std::vector<Unit>& units, TrackKind track) {
  std::vector<base::MediaTime> found;
  for (const Unit& unit : units) {
    if (unit.track == track) found.push_back(unit.dts);
  }
  return found;
}

}  // namespace

TEST_CASE("output: frames go out in order when they are due, not before") {
  Schedule schedule({});
  for (const auto at : {1000ms, 1040ms, 1080ms}) schedule.push(picture(at));
  for (const auto at : {1010ms, 1031ms}) schedule.push(sound(at));  // came after the pictures
  CHECK(schedule.due(999ms).empty());
  const auto out = schedule.due(1040ms);
  REQUIRE(out.size() == 4);
  CHECK(times(out, TrackKind::video) == std::vector<base::MediaTime>{1000ms, 1040ms});
  CHECK(times(out, TrackKind::audio) == std::vector<base::MediaTime>{1010ms, 1031ms});
  CHECK(schedule.waiting() == 1);
}

TEST_CASE("output: sound that is missing is silence, and comes back without overlapping it") {
  Schedule schedule({.grace = 200ms, .sound_frame = 20ms});
  schedule.push(picture(0ms));
  for (auto at = 0ms; at < 1000ms; at += 20ms) schedule.push(sound(at));
  CHECK(times(schedule.due(1000ms), TrackKind::audio).size() == 50);
  CHECK(schedule.due(1190ms).empty());  // it may still come
  const auto silence = schedule.due(3000ms);
  CHECK(times(silence, TrackKind::audio).front() == 1000ms);
  CHECK(times(silence, TrackKind::audio).back() == 2780ms);
  CHECK(schedule.counts().silent == 90);
  CHECK(std::ranges::all_of(silence, [](const Unit& unit) { return unit.bytes.empty(); }));

  schedule.push(sound(2780ms));  // where silence was
  schedule.push(sound(2801ms));
  CHECK(times(schedule.due(3010ms), TrackKind::audio) == std::vector<base::MediaTime>{2801ms});
  CHECK(schedule.counts().overtaken == 1);
  CHECK(schedule.counts().late == 0);
}

TEST_CASE("output: sound may lag, and what is missing within it is filled up to what comes") {
  Schedule schedule({.sound_lag = 300ms, .grace = 0ms, .sound_frame = 20ms});
  for (const auto at : {0ms, 20ms, 100ms}) schedule.push(sound(at));
  schedule.push(picture(400ms));
  const auto out = schedule.due(400ms);
  CHECK(times(out, TrackKind::video).size() == 1);
  CHECK(times(out, TrackKind::audio) == std::vector<base::MediaTime>{0ms, 20ms, 40ms, 60ms, 80ms, 100ms});
}

TEST_CASE("output: without a kind of sound that silence can be made of, nothing is put in") {
  Schedule schedule({});
  schedule.push(sound(0ms));
  CHECK(schedule.due(0ms).size() == 1);
  CHECK(schedule.due(10s).empty());
}

TEST_CASE("output: media that comes late puts off all that follows, once") {
  Schedule schedule({.tolerance = 300ms, .sound_frame = 20ms});
  schedule.push(picture(1000ms));
  CHECK(schedule.due(1000ms).size() == 1);
  static_cast<void>(schedule.due(2000ms));
  schedule.push(picture(1800ms));  // within the tolerance: it goes as it is
  CHECK(schedule.counts().late == 0);
  CHECK(times(schedule.due(2000ms), TrackKind::video) == std::vector<base::MediaTime>{1800ms});
  schedule.push(picture(1600ms));
  schedule.push(picture(1640ms));
  CHECK(schedule.counts().late == 1);
  CHECK(times(schedule.due(2040ms), TrackKind::video) == std::vector<base::MediaTime>{2000ms, 2040ms});
}

TEST_CASE("output: what waits can give way to something else, from a moment on") {
  Schedule schedule({.sound_lag = 100ms, .grace = 0ms, .sound_frame = 20ms});
  schedule.push(picture(0ms));
  CHECK(times(schedule.due(1000ms), TrackKind::video).size() == 1);
  schedule.push(picture(500ms));  // half a second late
  schedule.push(picture(600ms));
  schedule.push(sound(535ms));  // would last beyond it
  schedule.drop(1050ms);
  CHECK(times(schedule.due(1040ms), TrackKind::video) == std::vector<base::MediaTime>{1000ms});
  CHECK(schedule.waiting() == 0);

  schedule.push(picture(1060ms));  // in time: nothing is put off any more
  schedule.push(sound(1060ms));
  const auto out = schedule.due(1200ms);
  CHECK(times(out, TrackKind::video) == std::vector<base::MediaTime>{1060ms});
  CHECK(times(out, TrackKind::audio).back() == 1060ms);
  CHECK(schedule.counts().late == 1);
}
