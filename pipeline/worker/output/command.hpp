#pragma once

namespace tongke::pipeline::worker::output {

/// `tongke-pipeline output`: sends one lesson to one destination outside. Speaks the pipeline wire
/// protocol on descriptor 3.  @return the process's exit code
int run();

}  // namespace tongke::pipeline::worker::output
