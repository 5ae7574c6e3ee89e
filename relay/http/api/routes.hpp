#pragma once

#include <functional>
#include <map>
#include <string>

#include "relay/http/server.hpp"
#include "relay/live/directory.hpp"
#include "relay/record/archive.hpp"
#include "relay/record/exporter.hpp"
#include "school/lessons.hpp"
#include "school/token.hpp"

/// The routes under /api/v1 and for operating. Each add_… function registers a handful that
/// belong together; what they use must outlive the server.
namespace tongke::relay::http::api {

/// GET /api/v1/about and /api/v1/watch/{link}: what the pages ask.
struct WatchRoutes {
  school::Lessons& lessons;
  const school::TokenSigner& signer;
  live::Directory& directory;
  std::string version;
  /// Where the websocket is, seen from the page: ":8081/signal" or "/signal".
  std::string signal;
  /// Token of the demo lesson's link; empty when there is none.
  std::function<std::string()> demo_link;
};
void add_watch_routes(Server& server, const WatchRoutes& use);

/// GET /api/v1/lessons/{id}/stats, for office and technician.
struct StatsRoutes {
  const school::TokenSigner& signer;
  live::Directory& directory;
  /// Viewers of each rendition in the last seconds.
  std::function<std::map<std::string, std::size_t>(const std::string& lesson)> viewers;
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

/// GET /healthz (the process answers), /readyz (it can take lessons) and /metrics.
void add_operation_routes(Server& server, std::function<bool()> ready);

}  // namespace tongke::relay::http::api
