#include "relay/ingest/srt/stream_id.hpp"

namespace tongke::relay::ingest::srt {
namespace {

using Fault = StreamId::Fault;

/// Takes what comes before `separator` off the front of `text`; all of it when there is none.
std::string_view take(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const auto front = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return front;
}

StreamId fault(Fault what) { return {.fault = what, .lesson = {}, .key = {}}; }

StreamId asked(std::string_view lesson, std::string_view key) {
  if (lesson.empty() || key.empty()) return fault(Fault::malformed);
  return {.fault = Fault::none, .lesson = std::string(lesson), .key = std::string(key)};
}

StreamId parse_plain(std::string_view text) {
  const auto mode = take(text, ':');
  if (mode == "read" || mode == "request" || mode == "play") return fault(Fault::not_publishing);
  if (mode != "publish") return fault(Fault::malformed);
  const auto lesson = take(text, ':');
  return asked(lesson, text);
}

StreamId parse_keyed(std::string_view pairs) {
  std::string_view lesson;
  std::string_view key;
  std::string_view mode = "request";
  std::string_view type = "stream";
  while (!pairs.empty()) {
    auto value = take(pairs, ',');
    const auto name = take(value, '=');
    if (name == "r") lesson = value;
    if (name == "key") key = value;
    if (name == "m") mode = value;
    if (name == "t") type = value;
  }
  if (type != "stream") return fault(Fault::not_a_stream);
  if (mode != "publish") return fault(Fault::not_publishing);
  return asked(lesson, key);
}

}  // namespace

StreamId parse_stream_id(std::string_view text) {
  constexpr std::string_view kKeyed = "#!::";
  if (text.starts_with(kKeyed)) return parse_keyed(text.substr(kKeyed.size()));
  return parse_plain(text);
}

}  // namespace tongke::relay::ingest::srt
