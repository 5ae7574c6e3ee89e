#include <string>

#include "pipeline/child/restart_policy.hpp"
#include "relay/live/input_replay.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay;
using namespace std::chrono_literals;
using ingest::ChunkKind;
using live::InputReplay;

namespace {

void add(InputReplay& replay, const std::string& text, ChunkKind kind = ChunkKind::media,
         std::uint8_t slot = 0) {
  replay.add({.bytes = base::as_bytes(text), .kind = kind, .slot = slot});
}

std::string replayed(InputReplay& replay) {
  std::string all;
  for (const auto& bytes : replay.begin_again()) all += base::as_text(bytes.view());
  return all;
}

}  // namespace

TEST_CASE("replay: the newest headers, then everything since the segment's keyframe") {
  InputReplay replay;
  add(replay, "[flv]", ChunkKind::header, 0);
  add(replay, "[old]", ChunkKind::header, 2);
  add(replay, "[sps]", ChunkKind::header, 2);
  add(replay, "K0", ChunkKind::keyframe);
  add(replay, "a");
  add(replay, "K1", ChunkKind::keyframe);
  add(replay, "b");
  CHECK(replayed(replay) == "[flv][sps]K0aK1b");

  replay.segment_started(1, {.start = 2s, .msn = 1});
  CHECK(replay.point().msn == 1);
  CHECK(replayed(replay) == "[flv][sps]aK1b");  // "a" may be audio that plays with K1

  // After the restart the child counts from K1 = 0.
  add(replay, "K2", ChunkKind::keyframe);
  replay.segment_started(1, {.start = 4s, .msn = 2});
  CHECK(replayed(replay) == "[flv][sps]bK2");

  // A keyframe number that was never sent changes nothing.
  replay.segment_started(9, {.start = 9s, .msn = 9});
  CHECK(replay.point().msn == 2);
}

TEST_CASE("replay: sound alone is not heard twice") {
  InputReplay replay;
  add(replay, "[flv]", ChunkKind::header, 0);
  add(replay, "[aac]", ChunkKind::header, 3);
  add(replay, "abc");
  replay.sound_segment_ended({.start = 2s, .msn = 1});
  add(replay, "de");
  CHECK(replay.point().msn == 1);
  CHECK(replay.bytes() == 2);
  CHECK(replayed(replay) == "[flv][aac]de");
}

TEST_CASE("replay: bounded; past the bound it begins at a later keyframe") {
  InputReplay replay;
  const std::string megabyte(1U << 20U, 'x');
  add(replay, "K", ChunkKind::keyframe);
  for (int i = 0; i < 20; ++i) add(replay, megabyte);
  add(replay, "L", ChunkKind::keyframe);
  for (int i = 0; i < 10; ++i) add(replay, megabyte);
  CHECK(replay.bytes() <= InputReplay::kMaxBytes);
  CHECK(replay.overflows() == 1);
  CHECK(replayed(replay).front() == 'L');

  InputReplay keyless;
  for (int i = 0; i < 60; ++i) add(keyless, megabyte);
  CHECK(keyless.bytes() <= InputReplay::kMaxBytes);
}

TEST_CASE("replay: RTP is passed on and forgotten") {
  InputReplay replay(InputReplay::Memory::none);
  CHECK_FALSE(replay.remembers());
  CHECK(base::as_text(replay.add({.bytes = base::as_bytes("rtp")}).view()) == "rtp");
  CHECK(replayed(replay).empty());
  CHECK(replay.bytes() == 0);
}

TEST_CASE("restart policy: at once, then without decoding, then ever later, and forgiving") {
  pipeline::RestartPolicy policy;
  base::Steady::time_point now{};
  auto decision = policy.crashed(now);
  CHECK((decision.delay == 0ms && !decision.passthrough_only));
  decision = policy.crashed(now += 9s);
  CHECK((decision.delay == 0ms && decision.passthrough_only));
  decision = policy.crashed(now += 100ms);
  CHECK(decision.delay == 200ms);
  for (int i = 0; i < 10; ++i) decision = policy.crashed(now += 100ms);
  CHECK(decision.delay == 3200ms);
  decision = policy.crashed(now += 1min);
  CHECK((decision.delay == 0ms && decision.passthrough_only));
  decision = policy.crashed(now += 6min);
  CHECK_FALSE(decision.passthrough_only);
}
