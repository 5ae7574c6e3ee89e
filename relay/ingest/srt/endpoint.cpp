#include "relay/ingest/srt/endpoint.hpp"

#include <pthread.h>
#include <srt/access_control.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/log.hpp"
#include "relay/ingest/socket_address.hpp"

namespace tongke::relay::ingest::srt {
namespace {

/// libsrt's epoll looks up every 10 ms whatever we ask for; orders wait no longer than this.
constexpr std::int64_t kTurnMs = 20;
/// Bytes taken from one caller before the others get their turn.
constexpr std::size_t kMaxBatch = 64U << 10U;
constexpr std::size_t kMaxMessage = 1500;
constexpr int kAdmit = 0;

int reject_code(StreamId::Fault fault) {
  switch (fault) {
    case StreamId::Fault::none:
      return kAdmit;
    case StreamId::Fault::malformed:
      return SRT_REJX_BAD_REQUEST;
    case StreamId::Fault::not_publishing:
      return SRT_REJX_BAD_MODE;
    case StreamId::Fault::not_a_stream:
      return SRT_REJX_NOTSUP_MEDIA;
  }
  return SRT_REJX_ISE;
}

int reject_code(const base::Error& error) {
  switch (error.kind) {
    case base::Errc::forbidden:  // a rule of the hour is named; a wrong key names nothing
      return error.field.empty() ? SRT_REJX_UNAUTHORIZED : SRT_REJX_FORBIDDEN;
    case base::Errc::conflict:
      return SRT_REJX_CONFLICT;
    case base::Errc::overload:
      return SRT_REJX_OVERLOAD;
    case base::Errc::unavailable:
      return SRT_REJX_DOWN;
    default:
      return SRT_REJX_ISE;
  }
}

SocketAddress address_of(const sockaddr* peer) {
  SocketAddress address;
  address.size = peer->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  std::memcpy(&address.storage, peer, address.size);
  return address;
}

}  // namespace

base::Result<std::unique_ptr<Endpoint>> Endpoint::create(const std::string& address, std::uint16_t port,
                                                         EndpointSettings settings,
                                                         const Doorkeeper& doorkeeper,
                                                         base::Executor& control,
                                                         std::weak_ptr<EndpointListener> listener) {
  auto doorstep = Doorstep::open(address, port);
  if (!doorstep) return std::move(doorstep).error().in("srt");
  base::Fd bell(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!bell) return base::Error{base::Errc::io, "srt: no eventfd"};
  std::unique_ptr<Endpoint> endpoint(new Endpoint(std::move(*doorstep), std::move(bell), settings, doorkeeper,
                                                  control, std::move(listener)));
  endpoint->thread_ = std::thread([raw = endpoint.get()] { raw->run(); });
  return endpoint;
}

Endpoint::Endpoint(Doorstep doorstep, base::Fd bell, EndpointSettings settings, const Doorkeeper& doorkeeper,
                   base::Executor& control, std::weak_ptr<EndpointListener> listener)
    : settings_(settings),
      doorkeeper_(doorkeeper),
      control_(control),
      events_(std::move(listener)),
      counters_(counters("srt")),
      port_(doorstep.port()),
      bell_(std::move(bell)),
      doorstep_(std::move(doorstep)) {}

Endpoint::~Endpoint() {
  stopping_ = true;
  ring();
  if (thread_.joinable()) thread_.join();
}

void Endpoint::close(CallerId id) {
  orders_.with([&](Orders& orders) { orders.close.push_back(id); });
  ring();
}

void Endpoint::stop_listening() {
  orders_.with([](Orders& orders) { orders.stop_listening = true; });
  ring();
}

void Endpoint::ring() { eventfd_write(bell_.get(), 1); }

int Endpoint::on_caller(void* self, SRTSOCKET socket, int /*version*/, const sockaddr* peer,
                        const char* stream_id) noexcept {
  constexpr int kRefuse = -1;
  auto& endpoint = *static_cast<Endpoint*>(self);
  const StreamId wanted = parse_stream_id(stream_id ? stream_id : "");
  const int code = endpoint.answer(wanted);
  endpoint.called_ = true;
  if (code == kAdmit) return kAdmit;
  srt_setrejectreason(socket, code);
  endpoint.counters_.refused.Increment();
  base::log::info("srt publisher refused",
                  {{"lesson", wanted.lesson}, {"peer", to_string(address_of(peer))}, {"code", code}});
  return kRefuse;
}

int Endpoint::answer(const StreamId& wanted) const {
  if (wanted.fault != StreamId::Fault::none) return reject_code(wanted.fault);
  if (connections_ >= settings_.max_connections) return SRT_REJX_OVERLOAD;
  const auto allowed = doorkeeper_.admits(wanted.lesson, wanted.key);
  return allowed ? kAdmit : reject_code(allowed.error());
}

// ---- SRT thread ----

void Endpoint::run() {
  ::pthread_setname_np(::pthread_self(), "srt");
  while (!stopping_) {
    if (library_) {
      turn();
    } else if (doorstep_.wait(bell_.get())) {
      if (const auto begun = begin_work(); !begun) {
        base::log::error("srt caller not heard", {{"why", begun.error().message}});
        rest();
        doorstep_.discard();
      }
    } else {
      obey();
    }
  }
  rest();
}

base::Result<void> Endpoint::begin_work() {
  library_.emplace();
  auto listening = listen_srt(doorstep_.share(), settings_.latency, {&Endpoint::on_caller, this});
  if (!listening) return std::move(listening).error();
  listener_ = std::move(*listening);
  epoll_ = srt_epoll_create();
  const int events = SRT_EPOLL_IN | SRT_EPOLL_ERR;
  if (epoll_ < 0 || srt_epoll_add_usock(epoll_, listener_.get(), &events) != 0) return last_error("epoll");
  called_ = true;
  return {};
}

void Endpoint::turn() {
  std::array<SRT_EPOLL_EVENT, 64> events{};
  const int ready = srt_epoll_uwait(epoll_, events.data(), static_cast<int>(events.size()), kTurnMs);
  obey();
  for (int i = 0; i < ready; ++i) {
    const SRTSOCKET socket = events[static_cast<std::size_t>(i)].fd;
    if (listener_ && socket == listener_.get()) {
      accept_all();
    } else {
      read(socket);
    }
  }
  const auto now = base::Steady::now();
  if (called_.exchange(false) || !callers_.empty()) rest_at_ = now + settings_.quiet;
  if (now >= rest_at_) rest();
}

// libsrt's end joins its threads, so that nobody but us reads from the socket afterwards. A
// caller whose handshake falls into these milliseconds sends another after 250.
void Endpoint::rest() {
  listener_.reset();
  counters_.connections.Decrement(static_cast<double>(callers_.size()));
  callers_.clear();
  if (epoll_ >= 0) srt_epoll_release(std::exchange(epoll_, -1));
  library_.reset();
}

void Endpoint::obey() {
  const auto orders = orders_.with([](Orders& all) { return std::exchange(all, {}); });
  if (orders.stop_listening) {
    listener_.reset();
    doorstep_.close();
  }
  for (const CallerId id : orders.close) {
    const auto found =
        std::ranges::find_if(callers_, [&](const auto& entry) { return entry.second.id == id; });
    if (found != callers_.end()) hang_up(found->first);
  }
}

void Endpoint::accept_all() {
  for (;;) {
    SocketAddress peer;
    int size = sizeof peer.storage;
    Socket socket(srt_accept(listener_.get(), peer.get(), &size));
    if (!socket) return;
    peer.size = static_cast<socklen_t>(size);
    std::array<char, 512> stream_id{};
    int length = stream_id.size();
    const int events = SRT_EPOLL_IN | SRT_EPOLL_ERR;
    if (srt_getsockflag(socket.get(), SRTO_STREAMID, stream_id.data(), &length) != 0 ||
        srt_epoll_add_usock(epoll_, socket.get(), &events) != 0) {
      continue;
    }
    const CallerId id = ++last_id_;
    control_.post([events_to = events_, id, peer = to_string(peer),
                   wanted = parse_stream_id({stream_id.data(), static_cast<std::size_t>(length)})] {
      if (const auto listener = events_to.lock()) listener->called(id, wanted, peer);
    });
    const SRTSOCKET key = socket.get();
    callers_.insert_or_assign(key, Caller{.id = id,
                                          .socket = std::move(socket),
                                          .waiting = std::make_shared<std::atomic<std::size_t>>(0)});
    ++connections_;
    counters_.connections.Increment();
  }
}

void Endpoint::read(SRTSOCKET socket) {
  const auto found = callers_.find(socket);
  if (found == callers_.end()) return;
  std::vector<std::uint8_t> batch;
  bool gone = false;
  while (batch.size() < kMaxBatch) {
    std::array<char, kMaxMessage> message;
    const int got = srt_recvmsg(socket, message.data(), message.size());
    if (got <= 0) {
      gone = got == 0 || srt_getlasterror(nullptr) != SRT_EASYNCRCV;
      break;
    }
    batch.insert(batch.end(), message.begin(), message.begin() + got);
  }
  counters_.bytes.Increment(static_cast<double>(batch.size()));
  if (!batch.empty()) post(found->second, std::move(batch));
  if (gone) hang_up(socket);
}

void Endpoint::post(Caller& caller, std::vector<std::uint8_t> batch) {
  const std::size_t size = batch.size();
  if (*caller.waiting + size > settings_.max_waiting_bytes) {
    counters_.dropped.Increment(static_cast<double>(size));
    return;
  }
  *caller.waiting += size;
  control_.post([events_to = events_, id = caller.id, waiting = caller.waiting,
                 bytes = base::SharedBytes(std::move(batch))] {
    *waiting -= bytes.size();
    if (const auto listener = events_to.lock()) listener->received(id, bytes.view());
  });
}

void Endpoint::hang_up(SRTSOCKET socket) {
  const auto found = callers_.find(socket);
  control_.post([events_to = events_, id = found->second.id] {
    if (const auto listener = events_to.lock()) listener->hung_up(id);
  });
  callers_.erase(found);
  --connections_;
  counters_.connections.Decrement();
}

}  // namespace tongke::relay::ingest::srt
