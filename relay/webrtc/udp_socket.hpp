#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "relay/webrtc/endpoint.hpp"

namespace tongke::relay::webrtc {

/// One UDP port that sends in batches: packets are written where they will be sent from, and
/// leave together. A run of equal packets to one peer (the last may be shorter) is one message
/// that the kernel cuts (UDP_SEGMENT); where it cannot, we cut.  @thread one
class UdpSocket {
 public:
  /// Longest packet received: no path carries more to us.
  static constexpr std::size_t kMaxPacket = 2048;
  /// Segments in one message: the kernel takes 64, and 48 of the longest are below its 65,507 bytes.
  static constexpr std::size_t kMaxSegments = 48;

  /// Binds. "::" serves IPv4 too, also where there is no IPv6. Port 0 picks one.
  /// @errors invalid (address), io (port taken)
  [[nodiscard]] static base::Result<std::unique_ptr<UdpSocket>> open(const std::string& address,
                                                                     std::uint16_t port);

  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] bool segments() const noexcept { return segments_; }

  /// Reads what is there, up to a bound, so that others get their turn.
  /// @param each  may change the bytes
  using Each = std::function<void(const Endpoint& from, std::span<std::uint8_t> packet)>;
  void receive(const Each& each);

  /// Where to write the next message of up to `size` bytes; valid until the next call.
  [[nodiscard]] std::uint8_t* room(std::size_t size);
  /// Queues what was written there.
  /// @param segment  size of each packet in it but the last; 0 = it is one packet
  void queue(const Endpoint& to, std::size_t size, std::size_t segment);
  /// Sends all that is queued. What the kernel does not take is dropped and counted.
  void flush();

 private:
  struct Message {
    Endpoint to;
    std::uint32_t at = 0;
    std::uint32_t size = 0;
    std::uint32_t segment = 0;
  };
  struct Batch;
  struct Reader;
  UdpSocket(base::Fd fd, std::uint16_t port, bool v6);
  /// @return how many of `messages` need no more attention
  std::size_t send_some(std::span<const Message> messages);
  void send_cut(const Message& message);

  base::Fd fd_;
  std::uint16_t port_;
  bool v6_;
  bool segments_;
  std::vector<std::uint8_t> arena_;
  std::size_t used_ = 0;
  std::vector<Message> queued_;
  std::unique_ptr<Batch> batch_;
  std::unique_ptr<Reader> reader_;
  base::metrics::Counter& dropped_;
};

}  // namespace tongke::relay::webrtc
