#include "pipeline/worker/gst/runtime.hpp"

#include <gst/gst.h>

#include <cstdlib>
#include <initializer_list>
#include <string>

#include "base/glib/handle.hpp"

namespace tongke::pipeline::worker::gst {
namespace {

base::Result<void> load(std::initializer_list<const char*> plugins) {
  for (const char* name : plugins) {
    const std::string file = std::string(TONGKE_GST_PLUGINS) + "/libgst" + name + ".so";
    base::glib::ErrorOut error;
    GstPlugin* plugin = gst_plugin_load_file(file.c_str(), error);
    if (!plugin)
      return base::Error{base::Errc::unavailable, std::string("plugin ") + name + ": " + error.message()};
    gst_object_unref(plugin);
  }
  return {};
}

}  // namespace

base::Result<void> start(wire::InputFormat format) {
  setenv("GST_REGISTRY_DISABLE", "yes", 1);
  setenv("GST_PLUGIN_SYSTEM_PATH_1_0", "", 1);
  setenv("GST_PLUGIN_PATH_1_0", "", 1);
  base::glib::ErrorOut error;
  if (!gst_init_check(nullptr, nullptr, error))
    return base::Error{base::Errc::unavailable, std::string("GStreamer: ") + error.message()};
  if (auto ok = load({"app", "audioparsers", "videoparsersbad", "coreelements"}); !ok) return ok;
  switch (format) {
    case wire::InputFormat::flv:
      return load({"flv"});
    case wire::InputFormat::mpegts:
      return load({"mpegtsdemux", "opusparse"});
    case wire::InputFormat::rtp:
      return load({"rtp", "rtpmanager"});
    case wire::InputFormat::rtsp_url:
      return load({"rtsp", "rtp", "rtpmanager", "udp", "tcp"});
    case wire::InputFormat::slate:
      break;  // nothing comes in
  }
  return {};
}

base::Result<void> load_vp8_transcoding() { return load({"vpx", "x264"}); }

}  // namespace tongke::pipeline::worker::gst
