#include "relay/hls/names.hpp"

#include <charconv>

#include "relay/hls/playlist.hpp"

namespace tongke::relay::hls {

namespace {

/// Decimal digits and nothing else.
template <class T>
std::optional<T> number(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// As number(), without leading zeros.
std::optional<std::uint32_t> canonical(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return number<std::uint32_t>(text);
}

bool eat_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<MediaName> parse_media_name(std::string_view file) {
  if (file == "media.m3u8") return MediaName{};
  if (file.starts_with("init-")) {
    file.remove_prefix(5);
    if (!eat_suffix(file, ".mp4")) return std::nullopt;
    const auto init = canonical(file);
    if (!init) return std::nullopt;
    return MediaName{MediaName::Kind::init, *init, 0};
  }
  if (!eat_suffix(file, ".m4s")) return std::nullopt;
  const std::size_t dot = file.find('.');
  const auto msn = canonical(file.substr(0, dot));
  if (!msn) return std::nullopt;
  if (dot == std::string_view::npos) return MediaName{MediaName::Kind::segment, *msn, 0};
  const auto part = canonical(file.substr(dot + 1));
  if (!part) return std::nullopt;
  return MediaName{MediaName::Kind::part, *msn, *part};
}

base::Result<Directives> parse_directives(std::optional<std::string_view> msn,
                                          std::optional<std::string_view> part,
                                          std::optional<std::string_view> skip) {
  Directives directives;
  if (msn) {
    directives.msn = number<std::uint64_t>(*msn);
    if (!directives.msn) return base::Error{base::Errc::invalid, "not a media sequence number", "_HLS_msn"};
  }
  if (part) {
    directives.part = number<std::uint64_t>(*part);
    if (!directives.part) return base::Error{base::Errc::invalid, "not a part number", "_HLS_part"};
    if (!directives.msn) return base::Error{base::Errc::invalid, "_HLS_part needs _HLS_msn", "_HLS_part"};
  }
  directives.skip = skip && (*skip == "YES" || *skip == "v2");
  return directives;
}

Reach reach(const live::LessonSnapshot& lesson, const live::RenditionSnapshot& rendition,
            const Directives& wanted) {
  if (lesson.ended) return Reach::there;
  if (rendition.empty()) return Reach::soon;
  const live::LiveEdge edge = rendition.edge();
  // A playlist without a whole segment is an error to players, who come back seconds later; one
  // that waits is not. A class that waits for its teacher would all meet it.
  if (!wanted.msn) return edge.msn > rendition.first_msn() ? Reach::there : Reach::soon;
  std::uint64_t msn = *wanted.msn;
  // The last whole segment is edge.msn - 1; two more may be asked for.
  if (msn > edge.msn + std::uint64_t{1}) return Reach::too_far;
  if (!wanted.part) return msn < edge.msn ? Reach::there : Reach::soon;

  std::uint64_t part = *wanted.part;
  if (msn < edge.msn) {
    const auto segment = rendition.find(static_cast<std::uint32_t>(msn));
    if (!segment || segment->held == nullptr || part < segment->held->parts.size()) return Reach::there;
    // A part beyond a segment's last means the first of the next segment.
    ++msn;
    part = 0;
    if (msn < edge.msn) return Reach::there;
  }
  const std::uint64_t parts = msn == edge.msn ? edge.parts : 0;
  if (part < parts) return Reach::there;
  return part >= parts + advance_part_limit(rendition) ? Reach::too_far : Reach::soon;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const std::string_view item = accept_encoding.substr(0, comma);
    const std::size_t semicolon = item.find(';');
    const std::string_view coding = trimmed(item.substr(0, semicolon));
    if (coding == "gzip" || coding == "*") {
      const std::string_view weight =
          semicolon == std::string_view::npos ? "" : trimmed(item.substr(semicolon + 1));
      return !(weight.starts_with("q=0") && weight.find_first_of("123456789") == std::string_view::npos);
    }
    if (comma == std::string_view::npos) break;
    accept_encoding.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace tongke::relay::hls
