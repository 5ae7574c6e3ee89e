#pragma once

namespace CLI {
class App;
}

namespace tongke::relay::app {

/// Adds `tongke bench …`, the load tools; each prints a JSON report.
/// @param status  becomes the program's exit status
void add_bench_commands(CLI::App& cli, int& status);

}  // namespace tongke::relay::app
