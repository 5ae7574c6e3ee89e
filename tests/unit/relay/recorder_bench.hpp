#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/recorder.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/program.hpp"
#include "tests/unit/relay/recorded_media.hpp"

namespace tongke::test {

/// A recorder with its catalog and a control loop that the test turns.
class RecorderBench {
 public:
  explicit RecorderBench(const std::filesystem::path& root, relay::record::Recorder::Options options = {})
      : catalog(root), recorder(std::in_place, catalog, options, loop, reports()) {}

  /// Waits until the writer has done everything asked of it so far.
  void settle() {
    bool done = false;
    // Removing what is not there passes through the queue like anything else.
    recorder->remove("no-such-lesson", [&](const base::Result<void>&) { done = true; });
    REQUIRE(tests::turn_until(loop, std::chrono::seconds(60), [&] { return done; }));
  }

  void end(relay::record::LessonRecording& recording) {
    std::optional<bool> ended;
    recording.end([&](const base::Result<void>& result) { ended = result.has_value(); });
    REQUIRE(tests::turn_until(loop, std::chrono::seconds(60), [&] { return ended.has_value(); }));
    CHECK(*ended);
  }

  base::Result<void> remove(const std::string& lesson) {
    std::optional<base::Result<void>> result;
    recorder->remove(lesson, [&](base::Result<void> r) { result = std::move(r); });
    REQUIRE(tests::turn_until(loop, std::chrono::seconds(60), [&] { return result.has_value(); }));
    return *result;
  }

  [[nodiscard]] relay::record::Contents contents(const std::string& lesson) {
    auto index = catalog.open(lesson);
    REQUIRE(index);
    return (*index)->snapshot();
  }

  base::glib::MainLoop loop;
  std::vector<relay::record::Notice> notices;
  std::vector<relay::record::LostSegment> lost;
  relay::record::Catalog catalog;
  std::optional<relay::record::Recorder> recorder;

 private:
  relay::record::Recorder::Reports reports() {
    return {.notice = [this](const relay::record::Notice& n) { notices.push_back(n); },
            .lost = [this](const relay::record::LostSegment& l) { lost.push_back(l); }};
  }
};

}  // namespace tongke::test
