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
  /// Sends the answer; at once or later, on the context's thread. Later than the client's patience
  /// or the socket's end it does nothing.
  using Answer = std::function<void(std::string)>;
  using Handler = std::function<void(const std::string& line, Answer answer)>;

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
  /// False when no more is to be read from the client.
  bool read(const std::shared_ptr<Client>& client);
  void answer(Client& client, const std::string& text);
  void drop(const Client& client);

  std::filesystem::path path_;
  GMainContext* context_;
  Handler handler_;
  base::Fd socket_;
  base::glib::FdWatch watch_;
  std::list<std::shared_ptr<Client>> clients_;
};

/// Sends one line to the server at `path` and waits for its answer.
/// @return nullopt when no server listens there.  @errors timeout, io
[[nodiscard]] base::Result<std::optional<std::string>> ask_server(const std::filesystem::path& path,
                                                                  const std::string& line);

}  // namespace tongke::relay::app
