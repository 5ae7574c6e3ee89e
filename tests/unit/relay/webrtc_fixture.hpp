#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "relay/webrtc/big_endian.hpp"
#include "relay/webrtc/service.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/webrtc_client.hpp"

namespace tongke::tests {

namespace ingest = relay::ingest;
namespace wire = pipeline::wire;
using relay::webrtc::Service;

struct FakeLessons final : relay::webrtc::Lessons {
  base::Result<void> may_publish(const std::string& lesson, const std::string& key) override {
    if (lesson == "L" && key == "key") return {};
    return base::Error{base::Errc::forbidden, "wrong lesson or key"};
  }
  base::Result<void> may_watch(const std::string& lesson) override {
    if (lesson == "L") return {};
    return base::Error{base::Errc::not_found, "no such lesson"};
  }
  void want(const std::string& /*lesson*/, const std::string& rendition, bool on) override {
    if (on) wanted.insert(rendition);
    if (!on) wanted.erase(rendition);
  }
  std::vector<const wire::LadderStep*> steps(const std::string& /*lesson*/) override { return offered; }
  void ask(const std::string& /*lesson*/, const std::string& step) override { asked.insert(step); }
  void request_keyframe(const std::string& /*lesson*/) override { ++keyframes; }

  std::set<std::string> wanted;
  std::vector<const wire::LadderStep*> offered;
  std::set<std::string> asked;
  int keyframes = 0;
};

struct FakeIntake final : ingest::Intake {
  struct OneFeed final : ingest::Feed {
    explicit OneFeed(FakeIntake& to) : owner(to) { ++owner.open_feeds; }
    ~OneFeed() override { --owner.open_feeds; }
    void push(const ingest::Chunk& chunk) override {
      owner.received.insert(owner.received.end(), chunk.bytes.begin(), chunk.bytes.end());
    }
    FakeIntake& owner;
  };
  base::Result<std::unique_ptr<ingest::Feed>> open(const ingest::PublishRequest& request,
                                                   ingest::Publisher& by) override {
    last = request;
    publisher = &by;
    return std::unique_ptr<ingest::Feed>(std::make_unique<OneFeed>(*this));
  }
  int open_feeds = 0;
  std::vector<std::uint8_t> received;
  ingest::PublishRequest last;
  ingest::Publisher* publisher = nullptr;
};

/// A frame of `sizes` payloads, each filled with its index.
inline wire::Frame frame_of(const std::string& rendition, bool video, bool key, base::MediaTime pts,
                            const std::vector<std::size_t>& sizes) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    relay::webrtc::put16(bytes, static_cast<std::uint16_t>(sizes[i]));
    bytes.insert(bytes.end(), sizes[i], static_cast<std::uint8_t>(i + 1));
  }
  return {.rendition = rendition,
          .kind = video ? wire::TrackKind::video : wire::TrackKind::audio,
          .codec = video ? "h264" : "opus",
          .key = key,
          .pts = pts,
          .duration = video ? std::chrono::milliseconds(33) : std::chrono::milliseconds(20),
          .bytes = base::SharedBytes(std::move(bytes))};
}

/// A service on loopback with lesson "L", whose publish key is "key".
struct WebRtcFixture {
  WebRtcFixture() {
    auto created = Service::create({.address = "::",
                                    .port = 0,
                                    .workers = 1,
                                    .addresses = {},
                                    .tcp = true,
                                    .delivered =
                                        [this](const std::string& lesson, const std::string& /*pass*/) {
                                          if (lesson == "L") ++receipts;
                                        }},
                                   control, intake, lessons);
    REQUIRE(created);
    service = std::move(*created);
  }
  /// Runs the client and the control thread's work until `done`.
  bool run(WebRtcClient& client, const std::function<bool()>& done) {
    return client.run_until([&] {
      while (g_main_context_iteration(control.context(), FALSE)) {
      }
      return done();
    });
  }
  std::string join(WebRtcClient& client, std::uint64_t limit = UINT64_MAX) {
    auto answer = service->watch({.lesson = "L",
                                  .offer = client.offer(false),
                                  .peer = "127.0.0.1",
                                  .limit = limit,
                                  .from_this_machine = true});
    REQUIRE(answer);
    client.answer(answer->sdp);
    REQUIRE(client.connect());
    return answer->session;
  }

  base::glib::MainLoop control;
  FakeLessons lessons;
  FakeIntake intake;
  std::atomic<int> receipts{0};
  std::unique_ptr<Service> service;
};

}  // namespace tongke::tests
