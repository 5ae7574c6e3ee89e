#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http {

/// Does an Accept-Encoding value take gzip (a "q=0" refuses it)?  @source RFC 9110 section 12.5.3
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

/// `bytes` as one gzip member.
/// @param level  1 (for answers made on the fly) to 9 (for what is made once)
[[nodiscard]] base::SharedBytes gzip(base::ByteView bytes, int level);

/// Compresses a body of text in place when the client takes it and it is worth it; adds
/// Content-Encoding and, always, Vary. A strong ETag of the handler's becomes weak, as the
/// bytes are no longer the same. Keeps nothing.
void compress_for(const Request& request, Response& response);

}  // namespace tongke::relay::http
