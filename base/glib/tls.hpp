#pragma once

#include <string>

#include "base/glib/handle.hpp"
#include "base/result.hpp"

namespace tongke::base::glib {

/// A server's certificate with its private key, both PEM files. Also makes the process ignore
/// SIGPIPE: GIO writes to sockets without MSG_NOSIGNAL on some paths.
/// @errors invalid, with field tls_certificate
[[nodiscard]] Result<Handle<GTlsCertificate>> load_certificate(const std::string& certificate,
                                                               const std::string& key);

/// The server's side of TLS over a duplicate of `fd`: GIO closes its own, the caller the other.
/// The handshake happens within the first reads. Null when descriptors have run out.
[[nodiscard]] Handle<GIOStream> serve_tls(int fd, GTlsCertificate* certificate);

/// Whether a non-blocking call failed only because it would have blocked.
[[nodiscard]] bool would_block(const ErrorOut& why) noexcept;
/// Whether the peer does not speak TLS as it should.
[[nodiscard]] bool broke_tls(const ErrorOut& why) noexcept;

}  // namespace tongke::base::glib
