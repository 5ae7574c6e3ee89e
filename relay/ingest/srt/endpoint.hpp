#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/fd.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/ingest/counters.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/ingest/srt/doorstep.hpp"
#include "relay/ingest/srt/socket.hpp"
#include "relay/ingest/srt/stream_id.hpp"

namespace tongke::relay::ingest::srt {

struct EndpointSettings {
  std::chrono::milliseconds latency{120};
  std::size_t max_connections = 512;          ///< more are refused and counted
  std::size_t max_waiting_bytes = 4U << 20U;  ///< of one caller, on their way to control
  /// Without any caller for so long, libsrt is let go until the next one.
  std::chrono::milliseconds quiet{10'000};
};

/// Numbers a connection; never used twice.
using CallerId = std::uint64_t;

/// What the endpoint tells.  @thread control
class EndpointListener {
 public:
  virtual ~EndpointListener() = default;
  /// A caller with a key that was right a moment ago.
  virtual void called(CallerId id, const StreamId& wanted, const std::string& peer) = 0;
  virtual void received(CallerId id, base::ByteView bytes) = 0;
  /// The caller has hung up or was closed; nothing of it follows.
  virtual void hung_up(CallerId id) = 0;
};

/// The SRT thread: listener, connections and libsrt's epoll. Until somebody calls it sleeps at
/// its Doorstep and libsrt is not even started: at rest, it costs nothing. Callers are looked at in
/// libsrt's listen callback, on the thread that receives for all of them: there nobody is
/// waited for, so the key is checked against the doorkeeper's snapshot, and a wrong one is
/// refused in the handshake. Control hears of callers that passed and has the last word.
///
/// What is received goes to control as batches, at most `max_waiting_bytes` a caller under
/// way. Drop rule: a batch that would pass the bound is thrown away and counted.
class Endpoint {
 public:
  /// Listens at once. `doorkeeper` and `control` must outlive the endpoint.
  /// @errors invalid (address), io (port taken)
  [[nodiscard]] static base::Result<std::unique_ptr<Endpoint>> create(
      const std::string& address, std::uint16_t port, EndpointSettings settings, const Doorkeeper& doorkeeper,
      base::Executor& control, std::weak_ptr<EndpointListener> listener);
  /// Closes everything and waits for the thread.
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Hangs up; hung_up() follows.  @thread any
  void close(CallerId id);
  /// Takes no more callers.  @thread any
  void stop_listening();

 private:
  struct Caller {
    CallerId id = 0;
    Socket socket;
    std::shared_ptr<std::atomic<std::size_t>> waiting;  ///< bytes posted and not yet taken
  };

  Endpoint(Doorstep doorstep, base::Fd bell, EndpointSettings settings, const Doorkeeper& doorkeeper,
           base::Executor& control, std::weak_ptr<EndpointListener> listener);
  // On the thread that receives for the listener.
  static int on_caller(void* self, SRTSOCKET socket, int version, const sockaddr* peer,
                       const char* stream_id) noexcept;
  [[nodiscard]] int answer(const StreamId& wanted) const;
  /// Wakes the SRT thread, should it sleep.  @thread any
  void ring();
  // On the SRT thread.
  void run();
  [[nodiscard]] base::Result<void> begin_work();
  void turn();
  void rest();
  void obey();
  void accept_all();
  void read(SRTSOCKET socket);
  void post(Caller& caller, std::vector<std::uint8_t> batch);
  void hang_up(SRTSOCKET socket);

  const EndpointSettings settings_;
  const Doorkeeper& doorkeeper_;
  base::Executor& control_;
  const std::weak_ptr<EndpointListener> events_;
  const Counters counters_;
  const std::uint16_t port_;
  const base::Fd bell_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> called_{false};  ///< lately, admitted or not
  struct Orders {
    std::vector<CallerId> close;
    bool stop_listening = false;
  };
  base::Guarded<Orders> orders_;

  // The SRT thread's.
  Doorstep doorstep_;
  std::optional<Library> library_;  ///< while there are callers, or may be
  base::Steady::time_point rest_at_{};
  int epoll_ = -1;
  Socket listener_;
  std::map<SRTSOCKET, Caller> callers_;
  CallerId last_id_ = 0;

  std::thread thread_;
};

}  // namespace tongke::relay::ingest::srt
