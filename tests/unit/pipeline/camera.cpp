#include "tests/unit/pipeline/camera.hpp"

#include <gst/rtsp-server/rtsp-server.h>

#include <thread>

#include "base/glib/main_loop.hpp"

namespace tongke::tests {

struct Camera::Server {
  base::glib::MainLoop loop;
  base::glib::Handle<GstRTSPServer> server;
  base::glib::Handle<GSource> source;
  int port = 0;
  std::thread thread;
};

Camera::Camera(const std::string& launch, int port) : server_(std::make_unique<Server>()) {
  gst_init(nullptr, nullptr);
  server_->server.reset(gst_rtsp_server_new());
  gst_rtsp_server_set_address(server_->server.get(), "127.0.0.1");
  gst_rtsp_server_set_service(server_->server.get(), std::to_string(port).c_str());
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_->server.get());
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch.c_str());
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  gst_rtsp_mount_points_add_factory(mounts, "/cam", factory);
  g_object_unref(mounts);
  server_->source.reset(gst_rtsp_server_create_source(server_->server.get(), nullptr, nullptr));
  g_source_attach(server_->source.get(), server_->loop.context());
  server_->port = gst_rtsp_server_get_bound_port(server_->server.get());
  server_->thread = std::thread([this] { server_->loop.run(); });
}

Camera::~Camera() {
  server_->loop.post([server = server_->server.get()] {
    GList* clients = gst_rtsp_server_client_filter(
        server, [](GstRTSPServer*, GstRTSPClient*, gpointer) { return GST_RTSP_FILTER_REMOVE; }, nullptr);
    g_list_free(clients);
  });
  server_->loop.quit();
  server_->thread.join();
}

std::string Camera::url() const { return "rtsp://127.0.0.1:" + std::to_string(server_->port) + "/cam"; }
int Camera::port() const { return server_->port; }

}  // namespace tongke::tests
