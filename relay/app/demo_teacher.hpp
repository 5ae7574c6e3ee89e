#pragma once

#include <string>

#include "base/glib/main_loop.hpp"
#include "base/glib/process.hpp"

namespace tongke::relay::app {

/// The teacher of the demo lesson: `tongke-pipeline demo`, which publishes through the same
/// RTMP door as everybody else. Started again when it ends.  @thread the context's
class DemoTeacher {
 public:
  DemoTeacher(GMainContext* context, std::string program, std::string url);

 private:
  void start();

  GMainContext* context_;
  std::string program_;
  std::string url_;
  base::glib::Process process_;
  base::glib::Timer again_;
};

}  // namespace tongke::relay::app
