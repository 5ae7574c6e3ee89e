#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"

/// Where ingest protocols and live lessons meet. A protocol accepts a connection, asks the
/// Intake for a Feed and pushes chunks into it; it never knows what a lesson is. All of it
/// runs on the control thread.
namespace tongke::relay::ingest {

/// Why a publisher has to go; each protocol says it in its own words.
enum class Dismissal {
  superseded,      ///< a newer publisher with the key took over
  lesson_ended,    ///< somebody ended the lesson
  shutting_down,   ///< the server stops
  unusable_media,  ///< the pipeline cannot work with what is sent
  outside_hours    ///< the rules of the hour end its time on air
};

/// For logs.
[[nodiscard]] constexpr std::string_view to_string(Dismissal why) noexcept {
  switch (why) {
    case Dismissal::superseded:
      return "superseded";
    case Dismissal::lesson_ended:
      return "lesson ended";
    case Dismissal::shutting_down:
      return "shutting down";
    case Dismissal::unusable_media:
      return "unusable media";
    case Dismissal::outside_hours:
      return "outside hours";
  }
  return {};
}

/// A connected publisher, as a lesson sees it.
class Publisher {
 public:
  virtual ~Publisher() = default;
  /// Tells the peer why and closes. The feed stays valid but ignores further chunks.
  virtual void dismiss(Dismissal why) = 0;
  /// What the pipeline has to say to an RTP sender: one compound RTCP packet.
  virtual void send_rtcp(base::ByteView /*packet*/) {}
};

struct PublishRequest {
  std::string lesson;
  std::string key;
  std::string protocol;  ///< "rtmp", "srt", "whip": for logs and health
  std::string peer;      ///< address, for logs
  pipeline::wire::InputFormat format = pipeline::wire::InputFormat::flv;
  std::string sdp = {};  ///< rtp only: our answer
  /// It was let go for its silence and is heard again: whoever came in its place stays.
  bool returning = false;
};

/// What a crashed pipeline child must see again before media makes sense to it.
enum class ChunkKind : std::uint8_t {
  header,    ///< decoder configuration or stream header; replayed in full, the newest of each `slot`
  keyframe,  ///< begins with (or for TS: contains) a random access point of the video
  media,     ///< anything else
  control,   ///< about the media (RTCP): no sign that any comes
};

struct Chunk {
  base::ByteView bytes;
  ChunkKind kind = ChunkKind::media;
  /// Headers only: which one it replaces (0 stream header, 1 metadata, 2 video, 3 audio).
  std::uint8_t slot = 0;
};

/// An accepted publisher's way into its lesson. Destroying it means: publisher gone.
class Feed {
 public:
  virtual ~Feed() = default;
  /// Takes a copy of what it needs; never blocks.
  virtual void push(const Chunk& chunk) = 0;
};

/// Foresees what Intake::open() would say, for protocols whose handshake is answered on a
/// thread that must not wait for control. A snapshot: open() has the last word.
class Doorkeeper {
 public:
  virtual ~Doorkeeper() = default;
  /// @thread any; never blocks long.   @errors forbidden, conflict: as Intake::open
  [[nodiscard]] virtual base::Result<void> admits(const std::string& lesson,
                                                  const std::string& key) const = 0;
};

class Intake {
 public:
  virtual ~Intake() = default;
  /// Checks lesson and key, takes over from an earlier publisher of the lesson.
  /// `publisher` must outlive the returned feed.
  /// @errors forbidden (wrong key, or no such lesson: indistinguishable on purpose; or, with the
  ///         rule's code as field, a rule of the hour),
  ///         conflict (lesson has ended; a returning publisher finds another), overload, unavailable
  ///         (shutting down)
  [[nodiscard]] virtual base::Result<std::unique_ptr<Feed>> open(const PublishRequest& request,
                                                                 Publisher& publisher) = 0;
};

}  // namespace tongke::relay::ingest
