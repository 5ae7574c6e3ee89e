#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tongke::signaling::bench {

/// Links to one room: its teacher's, who sends notes, and its pupils'.
struct RoomTokens {
  std::string teacher;
  std::vector<std::string> pupils;
};

struct LoadPlan {
  std::string url;  ///< "ws://127.0.0.1:8081/signal"
  std::vector<RoomTokens> rooms;
  std::chrono::milliseconds ramp{5000};       ///< over which pupils come
  std::chrono::milliseconds measure{10'000};  ///< after the last one came
  std::chrono::milliseconds heartbeat{30'000};
  std::chrono::milliseconds note_every{1000};  ///< by one teacher after the other; 0 = none
  /// Whoever is cut off while it is measured comes back as the page does (player-web's connection.ts):
  /// later each time, jittered, with `resume`. Else it is an error.
  bool come_back = false;
  int pid = 0;  ///< the server's, for its processor time and memory; 0 = not measured
};

struct Percentiles {
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

struct LoadReport {
  std::size_t connected = 0;  ///< at the end of the ramp
  Percentiles join;           ///< from connect() to the welcome
  double join_seconds = 0;    ///< from the first connect() to the last welcome
  Percentiles note;           ///< from a teacher's send to a pupil's frame
  std::size_t notes = 0;
  std::size_t notes_missing = 0;  ///< deliveries that did not come
  std::size_t heartbeats = 0;
  std::map<std::string, std::size_t> errors;  ///< by kind
  std::size_t cut_off = 0;                    ///< connections lost while measuring, with come_back
  std::size_t resumed = 0;                    ///< of those, welcomed again where they were
  Percentiles back;                           ///< from the loss to the welcome
  std::size_t most_in_a_second = 0;           ///< connections begun of those coming back
  double server_cpu = 0;                      ///< cores, while measuring
  double server_rss_per_connection = 0;       ///< bytes, sockets of the kernel not counted
};

/// Connects everybody, lets them be pupils for a while and measures.
/// @errors invalid (url), io (too few files allowed)
[[nodiscard]] base::Result<LoadReport> run_load(const LoadPlan& plan);

}  // namespace tongke::signaling::bench
