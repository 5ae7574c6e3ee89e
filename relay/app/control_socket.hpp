#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "base/result.hpp"

namespace tongke::relay::app {

/// How commands reach the running server: a Unix socket in the data folder, one JSON line
/// in, one JSON line out. Only the server's own user can open it.
/// @thread the context's
class ControlSocket {
 public:
  using Handler = std::function<std::string(const std::string& line)>;

  /// @errors conflict: another server answers at this path; io
  [[nodiscard]] static base::Result<std::unique_ptr<ControlSocket>> listen(const std::filesystem::path& path,
                                                                           GMainContext* context,
                                                                           Handler handler);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

 private:
  struct Client;
  ControlSocket(std::filesystem::path path, GMainContext* context, Handler handler, base::Fd socket);
  void accept();
  /// False when the client is done with.
  bool serve(Client& client);

  std::filesystem::path path_;
  GMainContext* context_;
  Handler handler_;
  base::Fd socket_;
  base::glib::FdWatch watch_;
  std::list<std::unique_ptr<Client>> clients_;
};

/// Sends one line to the server at `path` and waits for its answer.
/// @return nullopt when no server listens there.  @errors timeout, io
[[nodiscard]] base::Result<std::optional<std::string>> ask_server(const std::filesystem::path& path,
                                                                  const std::string& line);

}  // namespace tongke::relay::app
