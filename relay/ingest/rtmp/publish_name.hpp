#pragma once

#include <string>
#include <string_view>

namespace tongke::relay::ingest::rtmp {

/// What a publisher asks for. Either may be empty: the intake refuses it like a wrong one.
struct PublishName {
  std::string lesson;
  std::string key;
};

/// Finds lesson and key where encoders put them: `<lesson>?key=<key>` as stream name (OBS,
/// ffmpeg, GStreamer), or the key in the query of the app or of tcUrl.
[[nodiscard]] PublishName parse_publish_name(std::string_view name, std::string_view app,
                                             std::string_view tc_url);

/// The app without query and surrounding slashes: what has to match.
[[nodiscard]] std::string_view app_name(std::string_view app);

}  // namespace tongke::relay::ingest::rtmp
