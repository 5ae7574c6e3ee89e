#include "signaling/ws/loop.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "signaling/protocol/encode.hpp"

namespace tongke::signaling::ws {

using namespace std::chrono_literals;
using protocol::Close;
namespace log = base::log;

namespace {

constexpr const char* kPath = "/signal";
constexpr auto kTick = 250ms;
// With nobody connected; what was posted lazily then waits so long.
constexpr auto kIdleTick = 1000ms;
constexpr int kCloseSeconds = 10;
// What libwebsockets keeps for a client's input; longer frames arrive in pieces.
constexpr std::size_t kReceiveBuffer = 512;
// What the kernel keeps for a client that does not read; left to itself it takes megabytes.
constexpr int kSendBuffer = 64 << 10;
// For clients that are silent, at the most.
constexpr std::chrono::milliseconds kLookEvery = 5s;

static_assert(protocol::Frame::kHeadroom >= LWS_PRE);

struct Metrics {
  base::metrics::Gauge& connections =
      base::metrics::gauge("tongke_signal_connections", "Websocket clients connected");
  base::metrics::Counter& sent =
      base::metrics::counter("tongke_signal_frames_sent_total", "Frames written to websocket clients");
  base::metrics::Counter& slow = base::metrics::counter("tongke_signal_slow_clients_total",
                                                        "Websocket clients closed for being too far behind");
  base::metrics::Counter& tasks_dropped =
      base::metrics::counter("tongke_signal_tasks_dropped_total",
                             "News for the websocket service dropped because its queue was full");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

Instant now() { return {base::Steady::now(), base::wall_now()}; }

void say(int level, const char* line) noexcept {
  std::string_view text(line);
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (level == LLL_ERR) {
    log::error("libwebsockets", {{"says", text}});
  } else {
    log::debug("libwebsockets", {{"says", text}});
  }
}

// libwebsockets asks nobody whether they are still there: see look_for_silent().
constexpr lws_retry_bo_t kNoPings{};

}  // namespace

Loop::Loop(const Service::Options& options, const Service::Ports& ports)
    : hub_({.signer = ports.signer,
            .directory = ports.directory,
            .book = ports.book,
            .log = ports.log,
            .outbox = *this}),
      loop_(ev_loop_new(EVBACKEND_EPOLL)),
      options_(options),
      tasks_(kMaxTasks),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Loop::~Loop() {
  // Its last callbacks still come here.
  context_.reset();
}

base::Result<std::unique_ptr<Loop>> Loop::create(const Service::Options& options,
                                                 const Service::Ports& ports) {
  static const std::array<lws_protocols, 3> kProtocols = {{
      {"http", &Loop::on_other, 0, 0, 0, nullptr, 0},
      {protocol::kSubprotocol.data(), &Loop::on_signal, sizeof(Socket*), kReceiveBuffer, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  }};
  lws_set_log_level(LLL_ERR | LLL_WARN, &say);
  std::unique_ptr<Loop> loop(new Loop(options, ports));

  lws_context_creation_info info{};
  info.port = options.port;
  info.protocols = kProtocols.data();
  info.user = loop.get();
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME;
  info.retry_and_idle_policy = &kNoPings;
  if (options.address != "::") info.iface = options.address.c_str();
  if (options.address.find(':') == std::string::npos) info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
  const bool tls = !options.tls_certificate.empty();
  if (tls) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.ssl_cert_filepath = options.tls_certificate.c_str();
    info.ssl_private_key_filepath = options.tls_key.c_str();
    info.alpn = "http/1.1";
  }
  info.options |= LWS_SERVER_OPTION_LIBEV;
  void* foreign = loop->loop_.get();
  info.foreign_loops = &foreign;
  loop->context_.reset(lws_create_context(&info));
  lws_vhost* const vhost = loop->context_ ? lws_get_vhost_by_name(loop->context_.get(), "default") : nullptr;
  if (vhost == nullptr) {
    return base::Error{base::Errc::unavailable, "websocket port " + std::to_string(options.port) + " on \"" +
                                                    options.address + "\" cannot be opened" +
                                                    (tls ? ", or its certificate not be read" : "")};
  }
  loop->port_ = static_cast<std::uint16_t>(lws_get_vhost_listen_port(vhost));
  return loop;
}

// ---- other threads ----

bool Loop::post(Task task) {
  const bool taken = post_lazily(std::move(task));
  if (woken_.exchange(true)) return taken;
  eventfd_write(wake_.get(), 1);
  lws_cancel_service(context_.get());
  return taken;
}

bool Loop::post_lazily(Task task) {
  const bool taken = tasks_.push(std::move(task));
  if (!taken) metrics().tasks_dropped.Increment();
  return taken;
}

void Loop::stop(std::chrono::milliseconds patience) {
  stop_after_ms_ = patience.count();
  eventfd_write(wake_.get(), 1);
  lws_cancel_service(context_.get());
}

// ---- the loop ----

void Loop::run() {
  timer_.loop = this;
  lws_sul_schedule(context_.get(), 0, &timer_.list, &Loop::on_tick, 1);
  while (stop_after_ms_ < 0) {
    ev_run(loop_.get(), EVRUN_ONCE);
  }
  dismiss();
  const auto deadline = base::Steady::now() + std::chrono::milliseconds(stop_after_ms_.load());
  while (!sockets_.empty() && base::Steady::now() < deadline) {
    ev_run(loop_.get(), EVRUN_ONCE);
  }
  lws_sul_schedule(context_.get(), 0, &timer_.list, nullptr, LWS_SET_TIMER_USEC_CANCEL);
}

void Loop::dismiss() {
  for (const auto& [id, socket] : sockets_) close(id, Close::restarting);
}

void Loop::on_tick(lws_sorted_usec_list_t* list) noexcept {
  Loop& loop = *reinterpret_cast<Timer*>(list)->loop;  // the list is its first member
  lws_sul_schedule(loop.context_.get(), 0, list, &Loop::on_tick,
                   std::chrono::microseconds(loop.sockets_.empty() ? kIdleTick : kTick).count());
  loop.run_tasks();
  const Instant at = now();
  loop.hub_.tick(at);
  loop.look_for_silent(at.steady);
}

void Loop::run_tasks() {
  eventfd_t ignored = 0;
  eventfd_read(wake_.get(), &ignored);
  woken_ = false;
  const Instant at = now();
  while (auto task = tasks_.try_pop()) (*task)(hub_, at);
}

void Loop::send(ConnectionId to, const protocol::FramePtr& frame) {
  const auto found = sockets_.find(to);
  if (found == sockets_.end() || found->second->closing) return;
  Socket& socket = *found->second;
  if (socket.queue.size() - socket.sent >= kMaxQueuedFrames ||
      socket.bytes + frame->size() > kMaxQueuedBytes) {
    metrics().slow.Increment();
    socket.queue.clear();
    socket.sent = 0;
    socket.bytes = 0;
    return close(to, Close::slow);
  }
  socket.queue.push_back(frame);
  socket.bytes += frame->size();
  // Nearly always the kernel takes it at once, which spares a turn of the loop.
  if (socket.queue.size() - socket.sent > 1) return;
  if (!write(socket)) lws_set_timeout(socket.wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

void Loop::close(ConnectionId connection, Close reason) {
  const auto found = sockets_.find(connection);
  if (found == sockets_.end() || found->second->closing) return;
  Socket& socket = *found->second;
  socket.queue.push_back(protocol::framed(protocol::encode::bye(reason)));
  socket.closing = reason;
  // Whoever does not read its goodbye is cut off.
  lws_set_timeout(socket.wsi, PENDING_TIMEOUT_CLOSE_SEND, kCloseSeconds);
  lws_callback_on_writable(socket.wsi);
}

// ---- callbacks ----

int Loop::on_other(lws* wsi, lws_callback_reasons reason, void* /*user*/, void* /*in*/,
                   std::size_t /*length*/) noexcept {
  switch (reason) {
    case LWS_CALLBACK_HTTP:
      lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, nullptr);
      return -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return 1;  // a websocket without our subprotocol
    default:
      return 0;
  }
}

int Loop::on_signal(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                    std::size_t length) noexcept {
  auto* const loop = static_cast<Loop*>(lws_context_user(lws_get_context(wsi)));
  auto** const slot = static_cast<Socket**>(user);
  switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return loop->admits(wsi) ? 0 : 1;
    case LWS_CALLBACK_ESTABLISHED:
      loop->established(wsi, slot);
      return 0;
    case LWS_CALLBACK_RECEIVE:
      if (*slot == nullptr) return -1;
      loop->receive(**slot, {static_cast<const char*>(in), length},
                    lws_is_final_fragment(wsi) != 0 && lws_remaining_packet_payload(wsi) == 0,
                    lws_frame_is_binary(wsi) != 0);
      return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
      if (*slot != nullptr) (*slot)->hear(base::Steady::now());
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return *slot != nullptr && loop->write(**slot) ? 0 : -1;
    case LWS_CALLBACK_CLOSED:
      if (*slot != nullptr) loop->closed(**slot);
      *slot = nullptr;
      return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
      loop->run_tasks();
      return 0;
    default:
      return 0;
  }
}

bool Loop::admits(lws* wsi) const {
  std::array<char, 32> path{};
  const int length = lws_hdr_copy(wsi, path.data(), path.size(), WSI_TOKEN_GET_URI);
  return length > 0 && std::strcmp(path.data(), kPath) == 0 && sockets_.size() < options_.max_connections;
}

void Loop::established(lws* wsi, Socket** slot) {
  auto socket = std::make_unique<Socket>();
  socket->wsi = wsi;
  socket->id = next_id_++;
  socket->hear(base::Steady::now());
  *slot = socket.get();
  setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  const ConnectionId id = socket->id;
  sockets_.emplace(id, std::move(socket));
  metrics().connections.Set(static_cast<double>(sockets_.size()));
  hub_.opened(id, now());
}

void Loop::receive(Socket& socket, std::string_view piece, bool whole, bool binary) {
  const Instant at = now();
  socket.hear(at.steady);
  if (socket.closing || socket.over_long) return;
  if (binary || socket.partial.size() + piece.size() > protocol::kMaxFrame) {
    socket.over_long = true;
    return hub_.no_frame(socket.id, binary ? "bad_json" : "too_long");
  }
  if (whole && socket.partial.empty()) return hub_.received(socket.id, piece, at);
  socket.partial += piece;
  if (!whole) return;
  const std::string frame = std::exchange(socket.partial, {});
  hub_.received(socket.id, frame, at);
}

void Loop::look_for_silent(base::Steady::time_point now) {
  if (now - looked_ < std::min(kLookEvery, options_.ask_after / 4)) return;
  looked_ = now;
  for (const auto& [id, socket] : sockets_) {
    const auto silence = now - socket->heard;
    if (silence >= options_.cut_after) {
      lws_set_timeout(socket->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    } else if (silence >= options_.ask_after && !socket->asked) {
      socket->asked = true;
      // Not empty: libwebsockets tells of no empty answer.
      std::array<unsigned char, LWS_PRE + 1> question{};
      (void)lws_write(socket->wsi, question.data() + LWS_PRE, 1, LWS_WRITE_PING);
    }
  }
}

bool Loop::write(Socket& socket) {
  // What the kernel does not take of a frame, libwebsockets keeps; then no other is given to it.
  // (Asking by lws_send_pipe_choked() would be a poll() for each frame.)
  while (socket.sent < socket.queue.size() && lws_partial_buffered(socket.wsi) == 0) {
    const auto frame = std::move(socket.queue[socket.sent++]);
    socket.bytes -= std::min(socket.bytes, frame->size());
    if (lws_write(socket.wsi, frame->payload(), frame->size(), LWS_WRITE_TEXT) < 0) return false;
    metrics().sent.Increment();
  }
  if (socket.sent < socket.queue.size()) {
    socket.queue.erase(socket.queue.begin(), socket.queue.begin() + static_cast<std::ptrdiff_t>(socket.sent));
    socket.sent = 0;
    lws_callback_on_writable(socket.wsi);
    return true;
  }
  socket.queue.clear();
  socket.sent = 0;
  if (!socket.closing) return true;
  std::string reason(to_string(*socket.closing));
  lws_close_reason(socket.wsi, static_cast<lws_close_status>(*socket.closing),
                   reinterpret_cast<unsigned char*>(reason.data()), reason.size());
  return false;
}

void Loop::closed(const Socket& socket) {
  const ConnectionId id = socket.id;
  sockets_.erase(id);
  metrics().connections.Set(static_cast<double>(sockets_.size()));
  hub_.closed(id, now());
}

}  // namespace tongke::signaling::ws
