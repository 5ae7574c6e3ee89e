#include "relay/webrtc/udp_socket.hpp"

#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

namespace tongke::relay::webrtc {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kArena = 1U << 20U;
constexpr std::size_t kMaxQueued = 256;
constexpr std::size_t kReadAtOnce = 32;
constexpr int kRounds = 4;
constexpr int kSocketBuffer = 4 << 20;

/// Of 500 viewers' frames, one every 33 ms: larger than the default. Forced where we may.
void enlarge(int fd, int option, int forced) {
  if (::setsockopt(fd, SOL_SOCKET, forced, &kSocketBuffer, sizeof(kSocketBuffer)) != 0)
    ::setsockopt(fd, SOL_SOCKET, option, &kSocketBuffer, sizeof(kSocketBuffer));
}

}  // namespace

/// What sendmmsg wants to see, kept so that nothing is allocated per packet.
struct UdpSocket::Batch {
  static constexpr std::size_t kSize = 64;
  struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };
  std::array<mmsghdr, kSize> headers{};
  std::array<iovec, kSize> pieces{};
  std::array<sockaddr_in6, kSize> addresses{};
  std::array<Control, kSize> controls{};
};

struct UdpSocket::Reader {
  std::array<mmsghdr, kReadAtOnce> headers{};
  std::array<iovec, kReadAtOnce> pieces{};
  std::array<sockaddr_in6, kReadAtOnce> addresses{};
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kReadAtOnce * kMaxPacket);
};

Result<std::unique_ptr<UdpSocket>> UdpSocket::open(const std::string& address, std::uint16_t port) {
  const auto local = Endpoint::parse(address, port);
  if (!local) return Error{Errc::invalid, "webrtc: \"" + address + "\" is not an IP address"};
  const bool any = address == "::" || address == "0.0.0.0";
  base::Fd fd(::socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int off = 0;
  bool v6 = fd && ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0;
  const auto wanted6 = local->as_sockaddr6();
  if (v6 && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&wanted6), sizeof(wanted6)) != 0) {
    if (errno == EADDRINUSE || errno == EACCES || !(any || local->is_v4()))
      return Error{Errc::io, "webrtc: UDP port " + std::to_string(port) + ": " + std::strerror(errno)};
    v6 = false;
  }
  if (!v6) {
    fd.reset(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in wanted4 = local->as_sockaddr4();
    if (any) wanted4.sin_addr.s_addr = INADDR_ANY;
    if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&wanted4), sizeof(wanted4)) != 0)
      return Error{Errc::io, "webrtc: UDP port " + std::to_string(port) + ": " + std::strerror(errno)};
  }
  sockaddr_in6 bound{};
  socklen_t size = sizeof(bound);
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  enlarge(fd.get(), SO_SNDBUF, SO_SNDBUFFORCE);
  enlarge(fd.get(), SO_RCVBUF, SO_RCVBUFFORCE);
  // The port is at the same place in both families' addresses.
  return std::unique_ptr<UdpSocket>(new UdpSocket(std::move(fd), ntohs(bound.sin6_port), v6));
}

UdpSocket::UdpSocket(base::Fd fd, std::uint16_t port, bool v6)
    : fd_(std::move(fd)),
      port_(port),
      v6_(v6),
      arena_(kArena),
      batch_(std::make_unique<Batch>()),
      reader_(std::make_unique<Reader>()),
      dropped_(
          base::metrics::counter("tongke_webrtc_send_dropped_total", "Datagrams the kernel did not take.")) {
  const int none = 0;
  segments_ = ::setsockopt(fd_.get(), SOL_UDP, UDP_SEGMENT, &none, sizeof(none)) == 0;
  queued_.reserve(kMaxQueued);
}

UdpSocket::~UdpSocket() = default;

void UdpSocket::receive(const Each& each) {
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < kReadAtOnce; ++i) {
      reader_->pieces[i] = {reader_->bytes.data() + i * kMaxPacket, kMaxPacket};
      reader_->headers[i] = {};
      reader_->headers[i].msg_hdr.msg_name = &reader_->addresses[i];
      reader_->headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_in6);
      reader_->headers[i].msg_hdr.msg_iov = &reader_->pieces[i];
      reader_->headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int count = ::recvmmsg(fd_.get(), reader_->headers.data(), kReadAtOnce, 0, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const auto& header = reader_->headers[at];
      if ((header.msg_hdr.msg_flags & MSG_TRUNC) != 0) continue;
      const auto from = v6_ ? Endpoint::from(reader_->addresses[at])
                            : Endpoint::from(reinterpret_cast<const sockaddr_in&>(reader_->addresses[at]));
      each(from, {reader_->bytes.data() + at * kMaxPacket, header.msg_len});
    }
    if (count < static_cast<int>(kReadAtOnce)) return;
  }
}

std::uint8_t* UdpSocket::room(std::size_t size) {
  if (used_ + size > arena_.size() || queued_.size() >= kMaxQueued) flush();
  return arena_.data() + used_;
}

void UdpSocket::queue(const Endpoint& to, std::size_t size, std::size_t segment) {
  if (segment >= size) segment = 0;
  queued_.push_back({to, static_cast<std::uint32_t>(used_), static_cast<std::uint32_t>(size),
                     static_cast<std::uint32_t>(segment)});
  used_ += size;
}

void UdpSocket::flush() {
  std::span<const Message> rest(queued_);
  while (!rest.empty()) {
    if (rest.front().segment != 0 && !segments_) {
      send_cut(rest.front());
      rest = rest.subspan(1);
    } else {
      rest = rest.subspan(send_some(rest));
    }
  }
  queued_.clear();
  used_ = 0;
}

std::size_t UdpSocket::send_some(std::span<const Message> messages) {
  const std::size_t count = std::min(messages.size(), Batch::kSize);
  std::size_t filled = 0;
  for (; filled < count; ++filled) {
    const Message& message = messages[filled];
    if (message.segment != 0 && !segments_) break;
    auto& header = batch_->headers[filled].msg_hdr;
    batch_->pieces[filled] = {arena_.data() + message.at, message.size};
    batch_->addresses[filled] = message.to.as_sockaddr6();
    header = {};
    header.msg_name = &batch_->addresses[filled];
    header.msg_namelen = sizeof(sockaddr_in6);
    if (!v6_) {
      const auto v4 = message.to.as_sockaddr4();
      std::memcpy(&batch_->addresses[filled], &v4, sizeof(v4));
      header.msg_namelen = sizeof(v4);
    }
    header.msg_iov = &batch_->pieces[filled];
    header.msg_iovlen = 1;
    if (message.segment == 0) continue;
    header.msg_control = batch_->controls[filled].bytes.data();
    header.msg_controllen = batch_->controls[filled].bytes.size();
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto segment = static_cast<std::uint16_t>(message.segment);
    std::memcpy(CMSG_DATA(control), &segment, sizeof(segment));
  }
  const int sent = ::sendmmsg(fd_.get(), batch_->headers.data(), static_cast<unsigned>(filled), 0);
  if (sent > 0) return static_cast<std::size_t>(sent);
  if (errno == EINTR) return 0;
  // Some devices and tunnels refuse segments only when asked to send one.
  if (messages.front().segment != 0 && (errno == EIO || errno == EINVAL || errno == EOPNOTSUPP)) {
    segments_ = false;
    return 0;
  }
  dropped_.Increment();
  return 1;
}

void UdpSocket::send_cut(const Message& message) {
  std::array<Message, kMaxSegments> pieces;
  std::size_t count = 0;
  for (std::uint32_t at = 0; at < message.size; at += message.segment) {
    pieces[count++] = {message.to, message.at + at, std::min(message.segment, message.size - at), 0};
    if (count == pieces.size() || at + message.segment >= message.size) {
      std::span<const Message> rest(pieces.data(), count);
      while (!rest.empty()) rest = rest.subspan(send_some(rest));
      count = 0;
    }
  }
}

}  // namespace tongke::relay::webrtc
