#include "relay/http/api/channel_guide.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "relay/hls/answers.hpp"
#include "relay/http/api/channel_audience.hpp"
#include "school/schedule/bridge.hpp"

namespace tongke::relay::http::api {
namespace {

namespace schedule = school::schedule;
namespace tt = school::timetable;

/// Nothing that ends a value in quotes, or a line.
std::string plain(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '"' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

/// What is asked for: the link, what it opens, and the timetable.
struct Asked {
  std::string_view link;
  std::vector<Audience> audiences;
  schedule::ViewPtr view;
};

/// @source https://kodi.wiki/view/Add-on:PVR_IPTV_Simple_Client (M3U attributes)
Response list(const ChannelRoutes& use, const Asked& asked) {
  const std::string& origin = use.office.origin;
  const std::string guide = origin + "/channel/" + std::string(asked.link) + "/guide.xml";
  // Two names for the guide: Kodi knows the first, older set-top players the second.
  std::string text = "#EXTM3U x-tvg-url=\"" + guide + "\" url-tvg=\"" + guide + "\"\n";
  for (const Audience& one : asked.audiences) {
    const std::string title = plain(one.title);
    text += "#EXTINF:-1 tvg-id=\"" + one.id + "\" tvg-name=\"" + title + "\"," + title + "\n" + origin +
            channel_path(asked.link, one.place) + "\n";
  }
  return channel_text("audio/x-mpegurl; charset=utf-8", text);
}

/// This week's programme of each channel.
Response guide(const ChannelRoutes& use, const Asked& asked) {
  const auto week = tt::Week::of(use.zone.local(base::wall_now()).date);
  const auto slots = asked.view->week(week, false);
  std::vector<tt::Programme> programmes;
  for (const Audience& one : asked.audiences) {
    // Brothers and sisters of one class share its channel in the guide.
    if (one.classes.empty() || std::ranges::find(programmes, one.id, &tt::Programme::id) != programmes.end())
      continue;
    const auto& people = asked.view->people();
    tt::Programme programme{.id = one.id, .title = one.title, .entries = {}};
    programme.entries = one.pupil
                            ? schedule::programme_of(people, *slots, week, one.classes.front(), false).entries
                            : schedule::screen_entries(people, *slots, week, one.classes);
    programmes.push_back(std::move(programme));
  }
  return channel_text("application/xml; charset=utf-8", to_xmltv(programmes, use.zone));
}

}  // namespace

std::string channel_path(std::string_view link, std::string_view place) {
  std::string path = "/channel/";
  path.append(link).append("/");
  if (!place.empty()) path.append(place).append("/");
  return path + "live.m3u8";
}

Response channel_text(std::string_view content_type, const std::string& text) {
  Response response;
  response.content_type = content_type;
  response.body = {base::SharedBytes(std::vector<std::uint8_t>(text.begin(), text.end()))};
  response.headers.emplace_back("Cache-Control", hls::kCacheNow);
  return hls::with_cors(std::move(response));
}

void add_channel_guide_routes(Server& server, const ChannelRoutes& routes) {
  const auto use = std::make_shared<const ChannelRoutes>(routes);
  const auto add = [&](const char* address, Response (*handle)(const ChannelRoutes&, const Asked&)) {
    server.route("GET", address, Where::worker, [use, handle](const auto& request, Responder responder) {
      const auto token = use->office.signer.verify_channel(request->param("link"), base::wall_now());
      Asked asked{.link = request->param("link"), .audiences = {}, .view = use->view()};
      if (token) asked.audiences = audiences_of(asked.view->people(), *token);
      responder.send(asked.audiences.empty() ? hls::not_found() : handle(*use, asked));
    });
  };
  add("/channel/{link}/playlist.m3u", list);
  add("/channel/{link}/guide.xml", guide);
}

}  // namespace tongke::relay::http::api
