#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/hls/mp4.hpp"
#include "tests/support/hls/playlist.hpp"
#include "tests/support/http_client.hpp"

namespace tongke::test::hls {

/// Follows one presentation as a strict player would and collects what is wrong with it:
/// every rule of rules.hpp on everything it reads, blocking reloads, delta updates, hinted
/// parts, answers to bad requests, and the times inside the media.
class Session {
 public:
  /// @param master "http://host:port/path/master.m3u8"
  explicit Session(const std::string& master);

  /// Follows the presentation for so long, or until it ends.
  void run(std::chrono::milliseconds duration);

  [[nodiscard]] const Findings& findings() const noexcept { return findings_; }

  struct Totals {
    std::size_t playlists = 0;
    std::size_t blocked_reloads = 0;
    std::size_t deltas = 0;
    std::size_t parts = 0;
    std::size_t segments = 0;
    std::size_t renditions = 0;
    double worst_tfdt_error = 0;  ///< seconds
  };
  [[nodiscard]] const Totals& totals() const noexcept { return totals_; }

 private:
  struct Rendition {
    std::string path;  ///< of its playlist
    MediaPlaylist playlist;
    std::map<std::string, Mp4Init> inits;
    /// Media time (s) of program date zero, by discontinuity: tfdt must agree with it.
    std::map<std::uint64_t, double> epoch;
  };

  void complain(const std::string& where, const std::string& what);
  void complain(const std::string& where, const Findings& findings);
  [[nodiscard]] std::optional<std::string> fetch(const std::string& path, std::string_view content_type);
  [[nodiscard]] std::optional<MediaPlaylist> fetch_playlist(const std::string& path,
                                                            const std::string& query);
  void begin();
  void follow(Rendition& rendition);
  void update(Rendition& rendition, MediaPlaylist playlist);
  void check_skip(Rendition& rendition);
  void check_bad_requests(const Rendition& rendition);
  void check_new_media(Rendition& rendition, const MediaPlaylist& before);
  void check_old_media(Rendition& rendition);
  void check_media(Rendition& rendition, const Segment& segment, const std::string& uri, double offset,
                   double duration);
  [[nodiscard]] const Mp4Init* init_of(Rendition& rendition, const Segment& segment);

  std::string base_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<HttpClient> hint_;
  std::string master_;
  std::vector<Rendition> renditions_;
  Findings findings_;
  Totals totals_;
};

/// `uri` as seen from the document at `base` (both paths).
[[nodiscard]] std::string resolve(const std::string& base, const std::string& uri);

}  // namespace tongke::test::hls
