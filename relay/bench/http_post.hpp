#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"

namespace tongke::relay::bench {

struct HttpAnswer {
  long status = 0;
  std::string body;
};

/// Posts an SDP offer, over a connection kept for the calling thread's next one.
/// @param token  for `Authorization: Bearer`; may be empty
/// @thread any; blocks for at most `deadline`   @errors unavailable
[[nodiscard]] base::Result<HttpAnswer> post_sdp(const std::string& url, const std::string& token,
                                                const std::string& body, std::chrono::milliseconds deadline);

}  // namespace tongke::relay::bench
