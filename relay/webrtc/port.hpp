#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "relay/webrtc/tcp_port.hpp"
#include "relay/webrtc/udp_socket.hpp"

namespace tongke::relay::webrtc {

/// Where packets to peers go out, by UDP or ICE-TCP.  @thread its worker's
class Port {
 public:
  Port(UdpSocket& udp, TcpPort* tcp) : udp_(udp), tcp_(tcp) {}

  /// Where to write the next message of up to `size` bytes; valid until the next call.
  [[nodiscard]] std::uint8_t* room(std::size_t size) { return at_ = udp_.room(size); }
  /// Queues what was written there; it leaves with flush().
  /// @param segment  size of each packet in it but the last; 0 = it is one packet
  void queue(const Peer& to, std::size_t size, std::size_t segment) {
    if (to.tcp == 0) {
      udp_.queue(to.endpoint, size, segment);
    } else if (tcp_) {
      tcp_->send(to.tcp, {at_, size}, segment);
    }
  }
  /// Queues one packet.
  void send(const Peer& to, base::ByteView packet) {
    std::copy(packet.begin(), packet.end(), room(packet.size()));
    queue(to, packet.size(), 0);
  }
  void flush() { udp_.flush(); }

 private:
  UdpSocket& udp_;
  TcpPort* tcp_;
  std::uint8_t* at_ = nullptr;
};

}  // namespace tongke::relay::webrtc
