#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relay/hls/archive.hpp"
#include "relay/hls/rendered.hpp"
#include "relay/hls/ts_maker.hpp"
#include "relay/hls/viewers.hpp"
#include "relay/http/server.hpp"
#include "relay/live/snapshot.hpp"

namespace tongke::relay::hls {

class NewsBoard;
struct News;
class OriginWorker;

/// A media answer on its way to somebody.
struct Delivery {
  std::string_view token;
  std::string_view lesson;
  std::string_view rendition;
  base::MediaTime start{0};  ///< of the segment it is or belongs to
  std::uint64_t bytes = 0;
};

struct OriginSettings {
  /// Whether a token may watch a lesson. Called for every request, on worker threads: a few
  /// microseconds, no waiting.
  std::function<bool(std::string_view token, std::string_view lesson)> authorise = {};
  /// Asked instead for playlists, where a player begins: whether the device that asks may play
  /// too. May be empty; as quick as authorise().
  enum class Entry { no, third_device, yes };
  std::function<Entry(const http::Request& request)> admit = {};
  /// Under which name what a token sees instead of the lesson was published; nothing where it sees the
  /// lesson itself. Such media counts as nobody's. May be empty; as quick as authorise().
  std::function<std::optional<std::string>(std::string_view token, std::string_view lesson)> instead = {};
  /// Told once in a while that somebody who may watch a lesson asked for it, but it was
  /// never published; the request waits for publish() as long as `begin_wait`. Runs on worker
  /// threads: post. May be empty.
  std::function<void(const std::string& lesson)> wanted = {};
  /// Told that players fetch a rendition that is made on demand, every few seconds as long as
  /// they do; `lesson` is as published. Runs on worker threads: post. May be empty.
  std::function<void(const std::string& lesson, const std::string& rendition)> asked = {};
  /// Told of every segment and part sent, on worker threads. May be empty.
  std::function<void(const Delivery&)> delivered = {};
  /// May be null: then only what is in memory is served. Must outlive the origin.
  ArchiveReader* archive = nullptr;
  /// Makes MPEG-TS for old players; null: there is none. Must outlive the origin.
  std::shared_ptr<TsMaker> ts = {};

  // Per worker.
  std::size_t max_waiting_per_lesson = 8192;
  /// A player has at most a poll and a hinted part for picture and sound each, while it
  /// switches twice that; a token may be used by a phone and a TV.
  std::size_t max_waiting_per_token = 16;
  std::size_t archive_cache_bytes = std::size_t{24} << 20U;
  std::size_t archive_reads = 64;
  std::chrono::milliseconds archive_deadline{5'000};
  /// How long a player may wait for a lesson to be found or to begin before it is told to
  /// come back.
  std::chrono::milliseconds begin_wait{6'000};
};

/// Serves lessons by HLS: GET /hls/{token}/{lesson}/master.m3u8 and
/// /hls/{token}/{lesson}/{rendition}/{media.m3u8 | init-N.mp4 | MSN.m4s | MSN.PART.m4s}.
/// Edges that cache by all but the token ask /hls/{token}/{lesson}/pass whether it is good, and are told
/// in the header Tongke-Instead whose media it is given where that is not the lesson's own; the media's time,
/// which their log lines repeat, is in the header Tongke-Media-Time.
///
/// 404 to whoever may not know (unknown lesson, wrong token, no such file: all alike);
/// 503 with Retry-After when the lesson is there but what is asked for is not, yet: players
/// retry 503 and give up at 404. The playlist of a rendition that is made on demand is answered
/// once the rendition has caught up with the source. Nothing here blocks; whoever must wait costs memory
/// only.
/// @source draft-pantos-hls-rfc8216bis sections 6.2.5, 6.2.6 and appendix B
class Origin {
 public:
  /// Registers the routes; before server.start(). The server must outlive the origin's use.
  Origin(http::Server& server, OriginSettings settings);
  ~Origin();
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  /// Makes a lesson known (a snapshot without renditions will do) or its news visible, and
  /// wakes whoever waited for it. Snapshots that follow each other quickly may be merged
  /// into the newest.  @thread control
  void publish(std::shared_ptr<const live::LessonSnapshot> snapshot);
  /// The lesson is unknown from now on.  @thread control
  void withdraw(const std::string& lesson);

  /// Somebody whose token is good gets media from an edge.  @thread any
  void watched_by_edge(std::string_view token, std::string_view lesson, std::string_view rendition);
  /// Distinct tokens that fetched media in the last 15 s, by rendition.  @thread any
  [[nodiscard]] std::map<std::string, std::size_t> viewers(std::string_view lesson) const;

 private:
  void announce(const News& news);

  http::Server& server_;
  std::shared_ptr<const OriginSettings> settings_;
  std::shared_ptr<NewsBoard> board_;
  std::shared_ptr<Viewers> viewers_;
  std::vector<std::shared_ptr<OriginWorker>> workers_;
  std::map<std::string, PlaylistCache::Histories> histories_;  ///< by lesson; control only
};

}  // namespace tongke::relay::hls
