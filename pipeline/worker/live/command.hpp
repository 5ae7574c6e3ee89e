#pragma once

namespace tongke::pipeline::worker::live {

/// `tongke-pipeline live`: one live lesson over the wire on descriptor 3.
/// @return the process's exit code
int run();

}  // namespace tongke::pipeline::worker::live
