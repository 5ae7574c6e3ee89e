#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::relay::http {

/// One listening socket per worker, all on the same address and port by SO_REUSEPORT, so
/// that the kernel spreads connections and no worker waits for another.
struct Listeners {
  std::vector<base::Fd> sockets;
  std::uint16_t port = 0;
};

/// @param address  numeric; "::" takes IPv4 too, and falls back to 0.0.0.0 where there is no IPv6
/// @param port     0 picks a free one
/// @errors invalid (no such address), conflict (port taken, also by another tongke), io
[[nodiscard]] base::Result<Listeners> listen_on(const std::string& address, std::uint16_t port,
                                                std::size_t count);

}  // namespace tongke::relay::http
