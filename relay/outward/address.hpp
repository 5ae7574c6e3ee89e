#pragma once

#include <sys/socket.h>

namespace tongke::relay::outward {

/// Whether a message may be sent to this address: in the clear to loopback and private networks only,
/// within TLS anywhere a name may rightly point to; never to link-local addresses, where clouds keep
/// their machines' credentials, nor to "any" and multicast. It is asked for the address that is really
/// connected to, so a name that points elsewhere the second time gains nothing.
/// @source RFC 1918, RFC 3927, RFC 4193, RFC 6890   @thread any
[[nodiscard]] bool may_connect(const sockaddr& to, bool tls) noexcept;

}  // namespace tongke::relay::outward
