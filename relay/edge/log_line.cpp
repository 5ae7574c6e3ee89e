#include "relay/edge/log_line.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "relay/hls/compat.hpp"
#include "relay/hls/names.hpp"

namespace tongke::relay::edge {
namespace {

constexpr std::string_view kVersion = "tongke1";
constexpr std::size_t kStampLength = 15;  // "Nov 26 10:45:45"
constexpr unsigned kMaxPriority = 191;    // facility 23, severity 7
constexpr std::size_t kMaxToken = 128;
constexpr std::size_t kMaxLesson = 32;
constexpr std::int64_t kMaxSeconds = 99'999'999'999;  // in the year 5138
constexpr std::int64_t kMaxMediaTime = 7LL * 24 * 3'600'000;

/// Decimal digits and nothing else, up to a bound.
std::optional<std::int64_t> number(std::string_view text, std::int64_t most) {
  std::int64_t value = 0;
  const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!digits || error != std::errc() || end != text.data() + text.size() || value > most)
    return std::nullopt;
  return value;
}

/// Up to the next `separator`, which goes too; all that is left without one.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

/// "<190>Nov 26 10:45:45 HOST TAG: ", the host being optional.
bool skip_header(std::string_view& line) {
  if (!line.starts_with('<')) return false;
  line.remove_prefix(1);
  const std::size_t close = line.find('>');
  if (close == std::string_view::npos || close > 3 || !number(line.substr(0, close), kMaxPriority))
    return false;
  line.remove_prefix(close + 1);
  const auto is = [&](std::size_t at, char c) { return line[at] == c; };
  if (line.size() <= kStampLength || !is(3, ' ') || !is(6, ' ') || !is(9, ':') || !is(12, ':') ||
      !is(kStampLength, ' '))
    return false;
  line.remove_prefix(kStampLength + 1);
  const std::size_t tag = line.find(": ");
  if (tag == std::string_view::npos) return false;
  line.remove_prefix(tag + 2);
  return true;
}

/// "1764153945.123"
std::optional<base::WallTime> wall_time(std::string_view text) {
  const auto seconds = number(take(text, '.'), kMaxSeconds);
  const auto thousandths = text.size() == 3 ? number(text, 999) : std::nullopt;
  if (!seconds || !thousandths) return std::nullopt;
  return base::WallTime(std::chrono::milliseconds(1000 * *seconds + *thousandths));
}

bool is_media(std::string_view rendition, std::string_view file) {
  if (rendition == "compat") return hls::parse_stretch_name(file).has_value();
  const auto name = hls::parse_media_name(file);
  return name && (name->kind == hls::MediaName::Kind::segment || name->kind == hls::MediaName::Kind::part);
}

/// Takes an address apart.  @return whether it is one of media
bool read_address(std::string_view uri, Fetch& fetch) {
  std::string_view path = take(uri, '?');
  constexpr std::string_view kPrefix = "/hls/";
  if (!path.starts_with(kPrefix)) return false;
  path.remove_prefix(kPrefix.size());
  fetch.token = take(path, '/');
  fetch.lesson = take(path, '/');
  fetch.rendition = take(path, '/');
  const auto fits = [](std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most && text.find('%') == std::string_view::npos;
  };
  return fits(fetch.token, kMaxToken) && fits(fetch.lesson, kMaxLesson) &&
         fits(fetch.rendition, kMaxLesson) && is_media(fetch.rendition, path);
}

}  // namespace

LogLine parse_log_line(std::string_view datagram) noexcept {
  const LogLine malformed;
  std::string_view line = datagram;
  if (line.ends_with('\n')) line.remove_suffix(1);  // of a syslog daemon in between
  if (!std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) return malformed;
  if (!skip_header(line) || take(line, ' ') != kVersion) return malformed;
  const auto at = wall_time(take(line, ' '));
  const auto status = number(take(line, ' '), 999);
  const std::string_view method = take(line, ' ');
  const auto bytes = number(take(line, ' '), std::int64_t{1} << 50);
  const std::string_view start_text = take(line, ' ');
  const auto start = number(start_text, kMaxMediaTime);
  if (!at || !status || method.empty() || !bytes || (!start && start_text != "-") || line.empty() ||
      line.find(' ') != std::string_view::npos)
    return malformed;
  LogLine read{LogLine::Kind::other, {.at = *at, .token = {}, .lesson = {}, .rendition = {}}};
  const bool sent = method == "GET" && (*status == 200 || *status == 206) && *bytes > 0;
  if (!sent || !read_address(line, read.fetch)) return read;
  // The origin gives every piece of media its time: an edge that lacks it is not set up as it should be.
  if (!start) return malformed;
  read.fetch.start = std::chrono::milliseconds(*start);
  read.kind = LogLine::Kind::media;
  return read;
}

Age age_of(base::WallTime at, base::WallTime now) noexcept {
  if (at + kLatest < now) return Age::past;
  return at > now + kEarliest ? Age::future : Age::present;
}

}  // namespace tongke::relay::edge
