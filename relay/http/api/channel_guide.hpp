#pragma once

#include <string>
#include <string_view>

#include "relay/http/api/channel.hpp"

namespace tongke::relay::http::api {

/// GET /channel/{link}/playlist.m3u and …/guide.xml, as set-top players read them.
void add_channel_guide_routes(Server& server, const ChannelRoutes& use);

/// The address of a channel, from this server's root.
[[nodiscard]] std::string channel_path(std::string_view link, std::string_view place);

/// Text of now, for players and pages everywhere.
[[nodiscard]] Response channel_text(std::string_view content_type, const std::string& text);

}  // namespace tongke::relay::http::api
