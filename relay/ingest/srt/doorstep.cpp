#include "relay/ingest/srt/doorstep.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "relay/ingest/socket_address.hpp"
#include "relay/ingest/srt/greeting.hpp"

namespace tongke::relay::ingest::srt {

base::Result<Doorstep> Doorstep::open(const std::string& address, std::uint16_t port) {
  auto bound = bind_udp(address, port);
  if (!bound) return std::move(bound).error().in(address + " port " + std::to_string(port));
  return Doorstep(std::move(bound->fd), bound->port);
}

bool Doorstep::wait(int bell) {
  for (;;) {
    std::array<pollfd, 2> ready{pollfd{.fd = bell, .events = POLLIN, .revents = 0},
                                pollfd{.fd = fd_.get(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) <= 0) continue;
    if (ready[0].revents != 0) {
      eventfd_t ignored = 0;
      eventfd_read(bell, &ignored);
      return false;
    }
    std::array<std::uint8_t, 64> start{};
    const ssize_t size = ::recv(fd_.get(), start.data(), start.size(), MSG_PEEK | MSG_DONTWAIT);
    if (size > 0 && is_greeting({start.data(), static_cast<std::size_t>(size)})) return true;
    discard();
  }
}

void Doorstep::discard() {
  std::uint8_t ignored = 0;
  [[maybe_unused]] const auto read = ::recv(fd_.get(), &ignored, sizeof ignored, MSG_DONTWAIT);
}

base::Fd Doorstep::share() const { return base::Fd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0)); }

}  // namespace tongke::relay::ingest::srt
