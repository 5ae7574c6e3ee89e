#include "relay/ingest/srt/socket.hpp"

#include <syslog.h>

#include <string>

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

base::Result<Socket> listen_srt(base::Fd udp, std::chrono::milliseconds latency, ListenHook hook) {
  Socket socket(srt_create_socket());
  if (!socket) return last_error("socket");
  const SRTSOCKET s = socket.get();
  const bool configured = set(s, SRTO_TRANSTYPE, int{SRTT_LIVE}) && set(s, SRTO_RCVSYN, false) &&
                          set(s, SRTO_RCVLATENCY, static_cast<int>(latency.count()));
  if (!configured) return last_error("option");
  // libsrt closes it when that fails, too.
  if (srt_bind_acquire(s, udp.release()) != 0) return last_error("bind");
  if (srt_listen_callback(s, hook.call, hook.self) != 0) return last_error("hook");
  if (srt_listen(s, kBacklog) != 0) return last_error("listen");
  return socket;
}

}  // namespace tongke::relay::ingest::srt
