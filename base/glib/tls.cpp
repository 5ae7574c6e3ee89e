#include "base/glib/tls.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace tongke::base::glib {

Result<Handle<GTlsCertificate>> load_certificate(const std::string& certificate, const std::string& key) {
  ErrorOut error;
  auto loaded = adopt(g_tls_certificate_new_from_files(certificate.c_str(), key.c_str(), error));
  if (!loaded) {
    return Error{Errc::invalid, "TLS certificate " + certificate + ": " + error.message(), "tls_certificate"};
  }
  std::signal(SIGPIPE, SIG_IGN);
  return loaded;
}

Handle<GIOStream> serve_tls(int fd, GTlsCertificate* certificate) {
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return nullptr;
  const auto socket = adopt(g_socket_new_from_fd(copy, nullptr));
  if (!socket) {
    ::close(copy);
    return nullptr;
  }
  const auto plain = adopt(g_socket_connection_factory_create_connection(socket.get()));
  auto tls = adopt(g_tls_server_connection_new(G_IO_STREAM(plain.get()), certificate, nullptr));
  if (tls) g_object_set(tls.get(), "require-close-notify", FALSE, nullptr);
  return tls;
}

bool would_block(const ErrorOut& why) noexcept {
  return g_error_matches(why.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

bool broke_tls(const ErrorOut& why) noexcept {
  return why && why.get()->domain == G_TLS_ERROR && why.get()->code != G_TLS_ERROR_EOF;
}

}  // namespace tongke::base::glib
