#pragma once

#include <functional>
#include <memory>

#include "relay/channel/clip.hpp"
#include "relay/channel/rests.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/timetable.hpp"
#include "school/links/seat_devices.hpp"
#include "school/schedule/between.hpp"

namespace tongke::relay::http::api {

/// Channels: one address that a television opens in the morning, docs/channels.md. GET
/// /channel/{link}/live.m3u8 and …/{place}/live.m3u8 play; …/playlist.m3u lists what the link opens,
/// …/guide.xml says what is on this week, …/rest/{piece} and …/clip/{piece} are what is shown between
/// lessons.
struct ChannelRoutes {
  const Office& office;
  std::function<school::schedule::ViewPtr()> view;  ///< @thread any
  school::timetable::Zone zone;
  /// Whether a room of a lesson on air rests.  @thread control
  std::function<bool(const school::Room&)> rests;
  /// Whether the hour lets the lesson be on air.  @thread control
  std::function<bool(const std::string& lesson)> may_be_on_air;
  /// Whether the device may play too.  @thread any
  std::function<bool(const school::Token& token, const school::links::Device& device)> seat;
  std::shared_ptr<channel::Rests> pictures;
  std::shared_ptr<const channel::Clip> eye_exercises;
  std::chrono::milliseconds segment{};
};
void add_channel_routes(Server& server, const ChannelRoutes& use);

/// GET /api/v1/links/{link}/channels: the addresses of a pupil's or a family's channels. POST
/// /api/v1/channels {"class"} or {"school","grade"?}: those of a school's screen.
void add_channel_link_routes(Server& server, const Office& office);

}  // namespace tongke::relay::http::api
