#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "relay/http/api/air_status.hpp"
#include "relay/http/server.hpp"
#include "relay/live/directory.hpp"
#include "relay/record/archive.hpp"
#include "relay/record/exporter.hpp"
#include "school/lessons.hpp"
#include "school/links/seat_devices.hpp"
#include "school/schedule/plans.hpp"
#include "school/televisions.hpp"
#include "school/token.hpp"

namespace tongke::relay::webrtc {
class Service;
}

/// The routes under /api/v1 and for operating. Each add_… function registers a handful that
/// belong together; what they use must outlive the server.
namespace tongke::relay::http::api {

/// GET /api/v1/about and /api/v1/watch/{link}: what the pages ask.
struct WatchRoutes {
  school::Lessons& lessons;
  const school::TokenSigner& signer;
  live::Directory& directory;
  const school::schedule::Plans& plans;
  std::string version;
  /// Where the websocket is, seen from the page: ":8081/signal" or "/signal".
  std::string signal;
  /// Token of the demo lesson's link; empty when there is none.
  std::function<std::string()> demo_link;
  /// The studio page of a subject teacher whom the lesson was handed to; "" for any other link.
  std::function<std::string(const school::Token& token)> studio;
  /// For how long a viewer of a lesson on air is to be content with sound and stills; zero: not at all.
  std::function<std::chrono::milliseconds(const school::Token& viewer, std::string_view link)> sound_first;
  bool secure = false;  ///< cookies over TLS only
};
void add_watch_routes(Server& server, const WatchRoutes& use);

/// What the lead teacher's studio page asks. GET /api/v1/studio/{link}: the lesson, its key, and
/// which protocol publishes it now (so that a page whose stream broke knows whether another
/// device took over); POST …/start and …/end open and end it. POST /api/v1/preflight/upload
/// takes at most 1 MiB (the server's bound for bodies), throws it away and says how much it
/// was: the uplink is tried without putting anything on air.
struct StudioRoutes {
  school::Lessons& lessons;
  const school::TokenSigner& signer;
  live::Directory& directory;
  const school::schedule::Plans& plans;
  /// Where the websocket is, as in WatchRoutes.
  std::string signal;
  /// Opens or ends a lesson, with all that follows from it.
  std::function<base::Result<void>(const std::string& lesson, school::LessonState state)> set_state;
  /// What the rules of the hour leave it; nothing for a lesson outside of them.
  std::function<std::optional<AirStatus>(const std::string& lesson)> air = {};
  /// Who leads, as api::lead_json says it.
  std::function<nlohmann::json(const school::Token& token)> lead = {};
};
void add_studio_routes(Server& server, const StudioRoutes& use);

/// A lesson on the family's television. POST /api/v1/tvs: a television shows six digits;
/// GET …/{key}: which link it is to show. PUT /api/v1/watch/{link}/tv with {"code"} puts a link's
/// lesson there, GET says whether it is, DELETE takes it off.
struct TvRoutes {
  const school::TokenSigner& signer;
  school::Televisions& televisions;
};
void add_tv_routes(Server& server, const TvRoutes& use);

/// GET /api/v1/lessons/{id}/stats, for office and technician.
struct StatsRoutes {
  const school::TokenSigner& signer;
  live::Directory& directory;
  /// Viewers of each rendition in the last seconds.
  std::function<std::map<std::string, std::size_t>(const std::string& lesson)> viewers;
  /// Those who watch by WebRTC.
  std::function<std::size_t(const std::string& lesson)> webrtc_viewers;
  /// Code of the recording's trouble; empty when all is well.
  std::function<std::string(const std::string& lesson)> recording_trouble;
};
void add_stats_routes(Server& server, const StatsRoutes& use);

/// GET /api/v1/lessons/{id}/recording (what there is), …/recording.mp4 and …/recording.m4a
/// (made on demand), for the lesson's teachers and the office.
struct RecordingRoutes {
  const school::TokenSigner& signer;
  record::ArchiveReader& archive;
  record::Exporter& exporter;
};
void add_recording_routes(Server& server, const RecordingRoutes& use);

/// POST /whip/{lesson} (bearer = publish key) and /whep/{lesson} (bearer or ?token= = a link's
/// token), and PATCH and DELETE of what they make. Ended lessons and pictures that WebRTC
/// cannot carry answer 409: players go on with HLS.
/// @source RFC 9725 (WHIP), draft-ietf-wish-whep
struct WebRtcRoutes {
  const school::TokenSigner& signer;
  webrtc::Service& service;
  /// Whether the device may play too. What watch() is given as pass names both (read_pass).
  std::function<bool(const school::Token& token, const school::links::Device& device)> seat;
  /// Whether the lesson is shown to it now: not while its class rests.
  std::function<base::Result<void>(const school::Token& token)> may_see;
};
void add_webrtc_routes(Server& server, const WebRtcRoutes& use);

/// GET /healthz (the process answers), /readyz (it can take lessons), /metrics and /api/openapi.yaml.
void add_operation_routes(Server& server, std::function<bool()> ready);

}  // namespace tongke::relay::http::api
