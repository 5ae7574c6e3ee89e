#pragma once

#include <memory>
#include <string>

namespace tongke::tests {

/// An RTSP camera on a free port: gst-rtsp-server with a launch line.
class Camera {
 public:
  /// @param port  0 = any
  explicit Camera(const std::string& launch, int port = 0);
  ~Camera();
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;

  [[nodiscard]] std::string url() const;
  [[nodiscard]] int port() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace tongke::tests
