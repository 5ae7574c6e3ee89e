#include "relay/ingest/rtmp/publish_name.hpp"

#include <cstddef>
#include <optional>

namespace tongke::relay::ingest::rtmp {
namespace {

std::optional<unsigned> hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex(text[i + 1]);
      const auto low = hex(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high << 4U | *low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string_view after_question_mark(std::string_view text) {
  const auto at = text.find('?');
  return at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
}

std::string_view key_in(std::string_view query) {
  constexpr std::string_view kKey = "key=";
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (pair.starts_with(kKey)) return pair.substr(kKey.size());
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return {};
}

std::string_view without_slashes(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view app_name(std::string_view app) { return without_slashes(app.substr(0, app.find('?'))); }

PublishName parse_publish_name(std::string_view name, std::string_view app, std::string_view tc_url) {
  auto lesson = without_slashes(name.substr(0, name.find('?')));
  constexpr std::string_view kContainer = "flv:";  // a habit of old Flash encoders
  if (lesson.starts_with(kContainer)) lesson.remove_prefix(kContainer.size());
  std::string_view key;
  for (const auto source : {name, app, tc_url}) {
    if (key.empty()) key = key_in(after_question_mark(source));
  }
  return {.lesson = percent_decoded(lesson), .key = percent_decoded(key)};
}

}  // namespace tongke::relay::ingest::rtmp
