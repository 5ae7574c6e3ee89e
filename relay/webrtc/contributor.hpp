#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "relay/webrtc/counters.hpp"
#include "relay/webrtc/session.hpp"

namespace tongke::relay::webrtc {

/// A publisher's worker side: decrypted packets, framed by their lengths, go to the control
/// thread in batches.  @thread its worker's
class Contributor final : public Session::User {
 public:
  /// Bytes on their way to the control thread; more are dropped and counted.
  static constexpr std::size_t kMaxWaiting = 8U << 20U;

  struct Sink {
    /// The handshake is done.  @thread the worker's
    std::function<void()> connected;
    /// Takes a batch to the control thread and lowers `waiting` by its size there.
    std::function<void(std::vector<std::uint8_t> batch, std::shared_ptr<std::atomic<std::size_t>> waiting)>
        push;
  };
  Contributor(Sink sink, Counters& counters) : sink_(std::move(sink)), counters_(counters) {}
  ~Contributor() override {
    if (connected_) counters_.publishers.Decrement();
  }
  Contributor(const Contributor&) = delete;
  Contributor& operator=(const Contributor&) = delete;

  void connected() override;
  void rtp(base::ByteView packet) override { add(packet); }
  void rtcp(base::ByteView compound) override { add(compound); }
  void tick(base::Steady::time_point /*now*/) override {}

  /// Hands over what came in this round of the loop.
  void flush();
  [[nodiscard]] bool waiting() const noexcept { return !batch_.empty(); }

 private:
  void add(base::ByteView packet);

  Sink sink_;
  Counters& counters_;
  std::vector<std::uint8_t> batch_;
  std::shared_ptr<std::atomic<std::size_t>> waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
  bool connected_ = false;
};

}  // namespace tongke::relay::webrtc
