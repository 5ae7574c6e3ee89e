#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relay/live/lesson.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"
#include "tests/unit/pipeline/rtp_sender.hpp"
#include "tests/unit/relay/program.hpp"

/// A lesson on air with its real pipeline child, and who publishes to it.
namespace tongke::tests {

using namespace tongke::relay;
using namespace std::chrono_literals;
using ingest::ChunkKind;
using pipeline::wire::Frame;

/// A server of nothing: keeps the last snapshot, the frames and the gaps.
class Desk final : public live::Outlet {
 public:
  std::optional<live::RecordedLesson> recorded(const std::string& /*lesson*/) override {
    return std::nullopt;
  }
  live::TimelineListener* begin_recording(const std::string& /*lesson*/,
                                          base::WallTime /*started*/) override {
    return nullptr;
  }
  void record_gap(const std::string& /*lesson*/, live::Gap gap) override { gaps.push_back(gap); }
  void end_recording(const std::string& /*lesson*/) override {}
  void publish(std::shared_ptr<const live::LessonSnapshot> snapshot) override {
    newest = std::move(snapshot);
  }
  void on_air(const std::string& /*lesson*/, live::OnAir state) override { told.push_back(state); }
  void frame(const std::string& /*lesson*/, const Frame& frame) override { frames.push_back(frame); }

  [[nodiscard]] std::vector<Frame> frames_of(const std::string& rendition) const {
    std::vector<Frame> found;
    std::ranges::copy_if(frames, std::back_inserter(found),
                         [&](const Frame& frame) { return frame.rendition == rendition; });
    return found;
  }
  [[nodiscard]] std::uint32_t msn() const {
    const auto* video = newest ? newest->find("src") : nullptr;
    return video ? video->edge().msn : 0;
  }

  std::shared_ptr<const live::LessonSnapshot> newest;
  std::vector<Frame> frames;
  std::vector<live::Gap> gaps;
  std::vector<live::OnAir> told;
};

class Teacher final : public ingest::Publisher {
 public:
  void dismiss(ingest::Dismissal why) override { dismissed = why; }
  void send_rtcp(base::ByteView packet) override {
    ++rtcp;
    if (sender) sender->hear(packet);
  }

  RtpSender* sender = nullptr;
  std::size_t rtcp = 0;
  std::optional<ingest::Dismissal> dismissed;
};

struct OnAir {
  explicit OnAir(const live::LessonSettings& settings = {.child = {.program = TONGKE_PIPELINE, .nice = 0}})
      : lesson(std::make_shared<live::Lesson>("m1", loop, settings, desk)) {}

  base::glib::MainLoop loop;
  Desk desk;
  Teacher teacher;
  std::shared_ptr<live::Lesson> lesson;
  std::unique_ptr<ingest::Feed> feed;

  ~OnAir() {
    feed.reset();
    lesson->end(ingest::Dismissal::lesson_ended);
    CHECK(turn_until(loop, 10s, [&] { return lesson->idle(); }));
  }
};

inline void push_rtp(OnAir& air, RtpSender& sender) {
  for (const SentPacket& packet : sender.take()) {
    Bytes framed = {static_cast<std::uint8_t>(packet.bytes.size() >> 8U),
                    static_cast<std::uint8_t>(packet.bytes.size())};
    framed.insert(framed.end(), packet.bytes.begin(), packet.bytes.end());
    air.feed->push({.bytes = framed});
  }
}

inline void push_flv(OnAir& air, const std::vector<Bytes>& chunks, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    const Bytes& tag = chunks[i];
    const bool media = i > 0 && (tag[0] == 8 || tag[0] == 9);
    const bool header = !media || tag[12] == 0;
    const bool key = media && !header && tag[0] == 9 && tag[11] >> 4U == 1;
    const std::uint8_t slot = i == 0 ? 0 : (tag[0] == 18 ? 1 : (tag[0] == 9 ? 2 : 3));
    air.feed->push({.bytes = tag,
                    .kind = header ? ChunkKind::header : (key ? ChunkKind::keyframe : ChunkKind::media),
                    .slot = slot});
  }
}

}  // namespace tongke::tests
