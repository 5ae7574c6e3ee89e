#include "relay/ingest/srt/socket.hpp"

#include <syslog.h>

#include "base/log.hpp"

namespace tongke::relay::ingest::srt {
namespace {

constexpr int kBacklog = 128;

// Refusals and broken connections are ours to report; what is left is libsrt's own trouble.
void on_log(void* /*opaque*/, int /*level*/, const char* /*file*/, int /*line*/, const char* area,
            const char* message) noexcept {
  base::log::warn("libsrt", {{"area", area}, {"what", message}});
}

template <class T>
bool set(SRTSOCKET socket, SRT_SOCKOPT option, T value) {
  return srt_setsockflag(socket, option, &value, sizeof value) == 0;
}

}  // namespace

Library::Library() {
  srt_startup();
  srt_setloglevel(LOG_CRIT);
  srt_setloghandler(nullptr, &on_log);
}

Library::~Library() { srt_cleanup(); }

base::Error last_error(const char* what) {
  return {base::Errc::io, std::string(what) + ": " + srt_getlasterror_str()};
}

base::Result<SrtListener> listen_srt(const std::string& address, std::uint16_t port,
                                     std::chrono::milliseconds latency, ListenHook hook) {
  auto parsed = parse_address(address, port);
  if (!parsed) return std::move(parsed).error();
  SocketAddress at = *parsed;
  Socket socket(srt_create_socket());
  if (!socket) return last_error("socket");
  const SRTSOCKET s = socket.get();
  const bool configured = set(s, SRTO_TRANSTYPE, int{SRTT_LIVE}) && set(s, SRTO_RCVSYN, false) &&
                          set(s, SRTO_REUSEADDR, false) &&
                          set(s, SRTO_RCVLATENCY, static_cast<int>(latency.count())) &&
                          (at.storage.ss_family != AF_INET6 || set(s, SRTO_IPV6ONLY, 0));
  if (!configured) return last_error("option");
  const std::string where = address + " port " + std::to_string(port);
  if (srt_bind(s, at.get(), static_cast<int>(at.size)) != 0) return last_error("bind").in(where);
  if (srt_listen_callback(s, hook.call, hook.self) != 0) return last_error("hook");
  if (srt_listen(s, kBacklog) != 0) return last_error("listen").in(where);
  int size = sizeof at.storage;
  if (srt_getsockname(s, at.get(), &size) != 0) return last_error("getsockname");
  return SrtListener{.socket = std::move(socket), .port = at.port()};
}

}  // namespace tongke::relay::ingest::srt
