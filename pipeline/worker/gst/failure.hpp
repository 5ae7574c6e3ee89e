#pragma once

#include <string>

namespace tongke::pipeline::worker::gst {

/// Why intake cannot go on; what becomes a wire::Failure.
struct IntakeFailure {
  std::string code;
  std::string text;
};

}  // namespace tongke::pipeline::worker::gst
