#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/guarded.hpp"
#include "relay/hls/gzip.hpp"
#include "relay/hls/playlist.hpp"
#include "relay/live/snapshot.hpp"

namespace tongke::relay::hls {

/// A playlist ready to be sent to any number of clients.
struct RenderedPlaylist {
  std::vector<base::SharedBytes> plain;
  std::vector<base::SharedBytes> gzip;
  std::string etag;       ///< of the plain form, with its quotes
  std::string gzip_etag;  ///< strong tags name one encoding each (RFC 9110 section 8.8.1)
};

/// The playlist text of a rendition's old segments, plain and deflated: made when somebody
/// first asks, extended block by block, shared by all workers.  @thread any
class HistoryText {
 public:
  struct Text {
    std::shared_ptr<const live::SegmentHistory> of;
    base::SharedBytes plain;
    base::SharedBytes deflated;
    std::uint32_t crc = 0;
  };
  /// Null for a rendition without history.
  [[nodiscard]] std::shared_ptr<const Text> text(const live::LessonSnapshot& lesson,
                                                 const live::RenditionSnapshot& rendition);

 private:
  base::Guarded<std::shared_ptr<const Text>> newest_;
};

/// The texts of one snapshot that somebody asked for, each made once.  @thread its worker
class PlaylistCache {
 public:
  using Histories = std::map<std::string, std::shared_ptr<HistoryText>, std::less<>>;
  using Rendered = std::shared_ptr<const RenderedPlaylist>;

  explicit PlaylistCache(Deflater& deflater) : deflater_(deflater) {}

  /// Forgets the texts of the snapshot before.
  void set(std::shared_ptr<const live::LessonSnapshot> lesson, Histories histories);

  /// Null while the lesson has nothing to play.
  [[nodiscard]] Rendered master(Reader reader);
  /// @pre `rendition` is one of the snapshot's and not empty
  [[nodiscard]] Rendered media(const live::RenditionSnapshot& rendition);
  [[nodiscard]] Rendered delta(const live::RenditionSnapshot& rendition);

 private:
  [[nodiscard]] Rendered render(const std::string& text);

  Deflater& deflater_;
  std::shared_ptr<const live::LessonSnapshot> lesson_;
  Histories histories_;
  std::map<std::pair<const live::RenditionSnapshot*, bool>, Rendered>
      made_;  ///< true: delta; null: master, true: for VLC
};

}  // namespace tongke::relay::hls
