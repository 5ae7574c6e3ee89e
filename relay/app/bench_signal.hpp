#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.hpp"

namespace tongke::relay::app {

/// `tongke bench signal`: pupils by the thousand on the websocket of a running server.
struct BenchSignal {
  std::string url;  ///< "ws://127.0.0.1:8081/signal"
  std::uint32_t viewers = 1000;
  std::uint32_t rooms = 1;  ///< lessons of one class each; one room is one big lesson
  double ramp_s = 5;        ///< over which the pupils come
  double seconds = 10;      ///< of notes and heartbeats after that
  double note_every_s = 1;  ///< 0 = no notes: heartbeats alone
  bool come_back = false;   ///< whoever is cut off returns: for a restart in the middle
  int pid = 0;              ///< the server's, for its processor time and memory; 0 = not measured
};

/// A command of the server: "lesson.create", "link", "lesson.end".
using Command =
    std::function<base::Result<nlohmann::json>(const std::string& command, const nlohmann::json& arguments)>;

/// Makes lessons and links, runs the load, ends the lessons.
/// @return the report    @errors invalid (url), io, and those of the commands
[[nodiscard]] base::Result<nlohmann::json> bench_signal(const BenchSignal& options, const Command& command);

}  // namespace tongke::relay::app
