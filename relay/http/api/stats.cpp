#include "relay/http/api/access.hpp"
#include "relay/http/api/json_response.hpp"
#include "relay/http/api/routes.hpp"

namespace tongke::relay::http::api {
namespace {

using nlohmann::json;

json renditions(const StatsRoutes& use, const live::Lesson& lesson) {
  json all = json::array();
  const auto snapshot = lesson.snapshot();
  if (!snapshot) return all;
  auto viewers = use.viewers(lesson.id());
  for (const auto& rendition : snapshot->renditions) {
    const live::RenditionInit* init = rendition->inits->empty() ? nullptr : rendition->inits->back().get();
    json one = {{"id", rendition->id},
                {"kind", rendition->kind == live::TrackKind::video ? "video" : "audio"},
                {"codecs", init ? init->codecs : ""},
                {"bitrate", rendition->average_bps},
                {"peak_bitrate", rendition->peak_bps},
                {"next_msn", rendition->edge().msn},
                {"viewers", viewers[rendition->id]}};
    if (init && init->width > 0) {
      one["width"] = init->width;
      one["height"] = init->height;
      one["frame_rate"] = init->frame_rate;
    }
    all.push_back(std::move(one));
  }
  return all;
}

json gaps(const live::Lesson& lesson) {
  json all = json::array();
  if (const auto snapshot = lesson.snapshot()) {
    for (const auto& gap : *snapshot->gaps) {
      all.push_back({{"start", base::seconds(gap.start)}, {"duration", base::seconds(gap.duration)}});
    }
  }
  return all;
}

json ingest(const live::LessonHealth& health) {
  json tracks = json::array();
  for (const auto& track : health.tracks) {
    json one = {{"codec", track.codec}};
    if (track.kind == live::TrackKind::video) {
      one.update({{"kind", "video"},
                  {"width", track.width},
                  {"height", track.height},
                  {"frame_rate", track.frame_rate}});
    } else {
      one.update({{"kind", "audio"}, {"sample_rate", track.sample_rate}, {"channels", track.channels}});
    }
    tracks.push_back(std::move(one));
  }
  return {{"protocol", health.protocol.empty() ? json(nullptr) : json(health.protocol)},
          {"bytes", health.input_bytes},
          {"takeovers", health.takeovers},
          {"video_frames", health.input.video_frames},
          {"audio_frames", health.input.audio_frames},
          {"dropped_frames", health.input.dropped_frames},
          {"input_errors", health.input.input_errors},
          {"last_failure", health.last_failure.empty() ? json(nullptr) : json(health.last_failure)},
          {"tracks", std::move(tracks)}};
}

void stats(const StatsRoutes& use, const Request& request, Responder responder) {
  const std::string id(request.param("id"));
  const auto token = require(request, use.signer, id, {school::Role::office, school::Role::technician});
  if (!token) {
    responder.fail(token.error());
    return;
  }
  const auto lesson = use.directory.find(id);
  if (!lesson) {
    responder.fail({base::Errc::not_found, "the lesson has not been on air"});
    return;
  }
  const auto health = lesson->health();
  const std::string trouble = use.recording_trouble(id);
  responder.send(
      json_response({{"lesson", id},
                     {"state", to_string(lesson->on_air())},
                     {"duration", base::seconds(lesson->end_time())},
                     {"ingest", ingest(health)},
                     {"pipeline",
                      {{"pid", health.child},
                       {"restarts", health.restarts},
                       {"passthrough_only", health.passthrough_only}}},
                     {"renditions", renditions(use, *lesson)},
                     {"webrtc", {{"viewers", use.webrtc_viewers(id)}}},
                     {"parts",
                      {{"accepted", health.counts.accepted},
                       {"replayed", health.counts.duplicates},
                       {"rejected", health.counts.rejected}}},
                     {"gaps", gaps(*lesson)},
                     {"recording", {{"trouble", trouble.empty() ? json(nullptr) : json(trouble)}}}}));
}

}  // namespace

void add_stats_routes(Server& server, const StatsRoutes& use) {
  server.route(
      "GET", "/api/v1/lessons/{id}/stats", Where::control,
      [use](const auto& request, Responder responder) { stats(use, *request, std::move(responder)); });
}

}  // namespace tongke::relay::http::api
