#pragma once

#include "relay/app/bench_signal.hpp"
#include "relay/app/command.hpp"

namespace CLI {
class App;
}

namespace tongke::relay::app {

/// Adds `tongke bench …`, the load tools; each prints a JSON report.
/// @param common   must outlive the parsing
/// @param command  runs a command of the server, for lessons and links to load it with
/// @param status   becomes the program's exit status
void add_bench_commands(CLI::App& cli, Common& common, const Command& command, int& status);

}  // namespace tongke::relay::app
