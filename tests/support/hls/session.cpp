#include "tests/support/hls/session.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/hls/rules.hpp"

namespace tongke::test::hls {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr double kTimeTolerance = 0.015;
/// The same fault in every update would drown the rest.
constexpr std::size_t kMostFindings = 200;

std::string unquote(const std::string& text) {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::string resolve(const std::string& base, const std::string& uri) {
  if (uri.starts_with('/')) return uri;
  std::string folder = base.substr(0, base.rfind('/') + 1);
  std::string_view left = uri;
  while (left.starts_with("../")) {
    left.remove_prefix(3);
    folder.pop_back();
    folder = folder.substr(0, folder.rfind('/') + 1);
  }
  return folder + std::string(left);
}

Session::Session(const std::string& master) {
  const std::size_t host = master.find("://") + 3;
  const std::size_t path = std::min(master.find('/', host), master.size());
  const std::string authority = master.substr(host, path - host);
  const std::size_t colon = authority.find(':');
  const auto port =
      static_cast<std::uint16_t>(colon == std::string::npos ? 80 : std::stoi(authority.substr(colon + 1)));
  http_ = std::make_unique<HttpClient>(port, authority.substr(0, colon));
  hint_ = std::make_unique<HttpClient>(port, authority.substr(0, colon));
  master_ = master.substr(path);
}

void Session::complain(const std::string& where, const std::string& what) {
  const std::string line = where + ": " + what;
  if (findings_.size() < kMostFindings && std::ranges::find(findings_, line) == findings_.end())
    findings_.push_back(line);
}

void Session::complain(const std::string& where, const Findings& findings) {
  for (const std::string& finding : findings) complain(where, finding);
}

std::optional<std::string> Session::fetch(const std::string& path, std::string_view content_type) {
  const HttpReply reply = http_->get(path, {{"Accept-Encoding", "gzip"}});
  if (reply.status != 200) {
    complain(path, "HTTP status " + std::to_string(reply.status));
    return std::nullopt;
  }
  if (reply.header("content-type") != content_type)
    complain(path, "content type " + reply.header("content-type"));
  return reply.header("content-encoding") == "gzip" ? gunzip(reply.body) : reply.body;
}

std::optional<MediaPlaylist> Session::fetch_playlist(const std::string& path, const std::string& query) {
  const auto text = fetch(path + query, "application/vnd.apple.mpegurl");
  if (!text) return std::nullopt;
  ++totals_.playlists;
  Findings findings;
  MediaPlaylist playlist = parse_media(*text, findings);
  complain(path, findings);
  complain(path, hls::check_media(playlist));
  return playlist;
}

void Session::begin() {
  const auto text = fetch(master_, "application/vnd.apple.mpegurl");
  if (!text) return;
  Findings findings;
  const MasterPlaylist master = parse_master(*text, findings);
  complain(master_, findings);
  complain(master_, check_master(master));
  std::vector<std::string> paths;
  for (const auto& media : master.media) {
    if (media.contains("URI")) paths.push_back(resolve(master_, unquote(media.at("URI"))));
  }
  for (const Variant& variant : master.variants) paths.push_back(resolve(master_, variant.uri));
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  for (const std::string& path : paths) {
    auto playlist = fetch_playlist(path, "");
    if (!playlist) continue;
    renditions_.push_back({path, std::move(*playlist), {}, {}});
  }
  totals_.renditions = renditions_.size();
  std::vector<std::pair<std::string, MediaPlaylist>> group;
  for (const Rendition& rendition : renditions_) group.emplace_back(rendition.path, rendition.playlist);
  complain(master_, check_group(group));
}

void Session::run(std::chrono::milliseconds duration) {
  const auto until = Clock::now() + duration;
  begin();
  for (Rendition& rendition : renditions_) {
    check_old_media(rendition);
    if (!rendition.playlist.ended) check_bad_requests(rendition);
  }
  for (int round = 0; Clock::now() < until; ++round) {
    bool live = false;
    for (Rendition& rendition : renditions_) {
      if (rendition.playlist.ended) continue;
      live = true;
      follow(rendition);
      if (round % 8 == 7) check_skip(rendition);
    }
    if (!live) return;
  }
}

void Session::update(Rendition& rendition, MediaPlaylist playlist) {
  complain(rendition.path, check_update(rendition.playlist, playlist));
  const MediaPlaylist before = std::exchange(rendition.playlist, std::move(playlist));
  check_new_media(rendition, before);
}

void Session::follow(Rendition& rendition) {
  const auto [msn, part] = rendition.playlist.next_part();
  const bool hinted = !rendition.playlist.hints.empty() && rendition.playlist.can_block_reload;
  const std::string hint = hinted ? rendition.playlist.hints.front() : "";
  if (hinted) hint_->send("GET", resolve(rendition.path, hint));

  const auto asked = Clock::now();
  auto playlist = fetch_playlist(rendition.path,
                                 "?_HLS_msn=" + std::to_string(msn) + "&_HLS_part=" + std::to_string(part));
  const auto waited = Clock::now() - asked;
  ++totals_.blocked_reloads;
  if (!playlist) return;
  const auto limit = std::chrono::seconds(3 * playlist->target_duration.value_or(2) + 1);
  if (waited > limit) complain(rendition.path, "6.2.5.2: blocked longer than three target durations");
  if (!playlist->ended && playlist->next_part() <= std::pair(msn, part)) {
    complain(rendition.path, "6.2.5.2: answered before part " + std::to_string(msn) + "." +
                                 std::to_string(part) + " was there");
  }
  if (hinted) {
    const auto reply = hint_->receive(8s);
    const Segment* const listed = playlist->find_part(hint);
    if (!reply) {
      complain(rendition.path, "6.2.6: no answer for the hint " + hint);
    } else if (reply->status != 200 && listed != nullptr) {
      complain(rendition.path,
               "6.2.6: hinted part " + hint + " is listed but answered " + std::to_string(reply->status));
    } else if (reply->status == 200 && listed == nullptr && !playlist->ended) {
      complain(rendition.path, "6.2.6: hinted part " + hint + " came but is not listed");
    }
  }
  update(rendition, std::move(*playlist));
}

void Session::check_skip(Rendition& rendition) {
  const std::string skip = "?_HLS_skip=YES";
  const MediaPlaylist before = rendition.playlist;
  auto delta = fetch_playlist(rendition.path, skip);
  if (!delta) return;
  ++totals_.deltas;
  // The whole may be a part further on: compare at the delta's own edge, by blocking there.
  const auto [msn, part] = delta->next_part();
  Findings findings;
  const MediaPlaylist merged = merge(before, *delta, findings);
  complain(rendition.path, findings);
  complain(rendition.path, check_update(before, merged));
  auto whole = fetch_playlist(rendition.path, "");
  if (!whole) return;
  if (whole->next_part() == std::pair(msn, part) && whole->ended == merged.ended)
    complain(rendition.path, check_delta(merged, *whole));
  update(rendition, std::move(*whole));
}

void Session::check_bad_requests(const Rendition& rendition) {
  const std::uint64_t far = rendition.playlist.last_msn() + 50;
  for (const std::string& query :
       {"?_HLS_msn=" + std::to_string(far), std::string("?_HLS_part=0"), std::string("?_HLS_msn=x")}) {
    const auto asked = Clock::now();
    const HttpReply reply = http_->get(rendition.path + query);
    if (reply.status != 400)
      complain(rendition.path, "6.2.5.2: " + query + " is answered " + std::to_string(reply.status));
    if (Clock::now() - asked > 1s) complain(rendition.path, "6.2.5.2: " + query + " is not answered at once");
  }
}

const Mp4Init* Session::init_of(Rendition& rendition, const Segment& segment) {
  const auto known = rendition.inits.find(segment.map);
  if (known != rendition.inits.end()) return &known->second;
  const HttpReply reply = http_->get(resolve(rendition.path, segment.map));
  const auto init = reply.status == 200 ? parse_init(reply.body) : std::nullopt;
  if (!init) {
    complain(rendition.path, "3.1.2: " + segment.map + " is no init segment");
    return nullptr;
  }
  return &rendition.inits.emplace(segment.map, *init).first->second;
}

void Session::check_media(Rendition& rendition, const Segment& segment, const std::string& uri, double offset,
                          double duration) {
  const Mp4Init* const init = init_of(rendition, segment);
  if (init == nullptr) return;
  const HttpReply reply = http_->get(resolve(rendition.path, uri));
  if (reply.status != 200)
    return complain(rendition.path,
                    "6.2.1: " + uri + " is listed but answered " + std::to_string(reply.status));
  const auto fragments = parse_fragments(reply.body, *init);
  if (!fragments) return complain(rendition.path, "3.1.2: " + uri + " is not fragmented MP4");
  double length = 0;
  for (const Mp4Fragment& fragment : *fragments)
    length += static_cast<double>(fragment.duration) / init->tracks.at(fragment.track).timescale;
  if (std::abs(length - duration) > kTimeTolerance) {
    complain(rendition.path,
             "4.4.4.1: " + uri + " lasts " + std::to_string(length) + " s, not " + std::to_string(duration));
  }
  if (!segment.date_ms) return;
  const Mp4Fragment& first = fragments->front();
  const double decode = static_cast<double>(first.decode_time) / init->tracks.at(first.track).timescale;
  const double epoch = static_cast<double>(*segment.date_ms) / 1000 + offset - decode;
  const auto [known, fresh] = rendition.epoch.try_emplace(segment.discontinuity_sequence, epoch);
  if (fresh) return;
  const double error = std::abs(epoch - known->second);
  totals_.worst_tfdt_error = std::max(totals_.worst_tfdt_error, error);
  if (error > kDateTolerance)
    complain(rendition.path,
             "6.2.4: tfdt of " + uri + " is " + std::to_string(error) + " s off the program date");
}

void Session::check_new_media(Rendition& rendition, const MediaPlaylist& before) {
  const auto [msn, part] = before.next_part();
  for (const Segment& segment : rendition.playlist.segments) {
    if (segment.msn < msn || segment.gap) continue;
    double offset = 0;
    for (std::size_t i = 0; i < segment.parts.size(); ++i) {
      if (segment.msn > msn || i >= part) {
        ++totals_.parts;
        check_media(rendition, segment, segment.parts[i].uri, offset, segment.parts[i].duration);
      }
      offset += segment.parts[i].duration;
    }
    if (!segment.complete) continue;
    ++totals_.segments;
    check_media(rendition, segment, segment.uri, 0, segment.duration);
  }
}

void Session::check_old_media(Rendition& rendition) {
  // The first, the last, and some between.
  std::vector<const Segment*> listed;
  for (const Segment& segment : rendition.playlist.segments) {
    if (segment.complete && !segment.gap) listed.push_back(&segment);
  }
  const std::size_t step = std::max<std::size_t>(1, listed.size() / 10);
  for (std::size_t i = 0; i < listed.size(); i += step) {
    ++totals_.segments;
    check_media(rendition, *listed[i], listed[i]->uri, 0, listed[i]->duration);
  }
}

}  // namespace tongke::test::hls
