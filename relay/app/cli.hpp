#pragma once

namespace tongke::relay::app {

/// The whole command line of `tongke`.
/// @return 0 done, 1 failed (said why on standard error), 2 wrong usage
[[nodiscard]] int run_cli(int argc, char** argv);

}  // namespace tongke::relay::app
