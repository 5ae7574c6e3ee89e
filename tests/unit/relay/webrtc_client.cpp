#include "tests/unit/relay/webrtc_client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <sstream>

#include "base/clock.hpp"
#include "relay/webrtc/big_endian.hpp"
#include "relay/webrtc/demux.hpp"
#include "relay/webrtc/stun.hpp"
#include "tests/support/catch.hpp"

namespace tongke::tests {

using namespace relay::webrtc;
using base::Steady;
using std::chrono::milliseconds;

WebRtcClient::WebRtcClient(Way way) : way_(way), local_(make_ice_credentials()) {
  auto context = DtlsContext::create();
  REQUIRE(context);
  context_ = *context;
}

std::string WebRtcClient::offer(bool sends) const {
  std::ostringstream out;
  out << "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n";
  for (const bool video : {false, true}) {
    out << (video ? "m=video 9 UDP/TLS/RTP/SAVPF 108 109\r\n" : "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")
        << "c=IN IP4 0.0.0.0\r\na=ice-ufrag:" << local_.ufrag << "\r\na=ice-pwd:" << local_.password
        << "\r\na=fingerprint:" << context_->fingerprint()
        << "\r\na=setup:actpass\r\na=mid:" << (video ? 1 : 0) << "\r\na=extmap:2 " << sdp::kAbsSendTimeUri
        << "\r\na=extmap:3 " << sdp::kTransportCcUri << "\r\na=extmap:4 " << sdp::kMidUri
        << "\r\na=" << (sends ? "sendonly" : "recvonly") << "\r\na=rtcp-mux\r\na=rtcp-rsize\r\n";
    if (video) {
      out << "a=rtpmap:108 H264/90000\r\na=fmtp:108 packetization-mode=1;profile-level-id=42e01f\r\n"
          << "a=rtcp-fb:108 nack\r\na=rtcp-fb:108 nack pli\r\na=rtcp-fb:108 transport-cc\r\n"
          << "a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n";
    } else {
      out << "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n";
    }
  }
  return out.str();
}

void WebRtcClient::answer(const std::string& text) {
  auto parsed = sdp::parse(text);
  REQUIRE(parsed);
  description_ = *parsed;
  const auto& first = description_->media.front();
  remote_ = {.ufrag = first.security.ufrag, .password = first.security.password};
  for (const auto& candidate : first.candidates) {
    std::istringstream words(candidate);
    std::string foundation, component, protocol, priority, ip, port;
    words >> foundation >> component >> protocol >> priority >> ip >> port;
    const auto endpoint = Endpoint::parse(ip, static_cast<std::uint16_t>(std::stoi(port)));
    REQUIRE(endpoint);
    const bool fits = protocol == (way_ == Way::udp ? "udp" : "tcp");
    if (fits && endpoint->is_loopback() && endpoint->is_v4()) server_ = endpoint;
  }
  REQUIRE(server_);
  dtls_ = std::make_unique<DtlsSession>(context_, DtlsSession::Role::client, first.security.fingerprint);
  open_socket();
}

void WebRtcClient::open_socket() {
  const int type = way_ == Way::udp ? SOCK_DGRAM : SOCK_STREAM;
  fd_.reset(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  const auto address = server_->as_sockaddr4();
  REQUIRE(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

void WebRtcClient::move() { open_socket(); }

void WebRtcClient::send_raw(const std::vector<std::uint8_t>& packet) {
  std::vector<std::uint8_t> out;
  if (way_ == Way::tcp) put16(out, static_cast<std::uint16_t>(packet.size()));
  out.insert(out.end(), packet.begin(), packet.end());
  [[maybe_unused]] const auto sent = ::send(fd_.get(), out.data(), out.size(), MSG_NOSIGNAL);
}

void WebRtcClient::check(bool nominate, const std::string* password) {
  stun::Writer writer(stun::kBindingRequest, {++transactions_});
  writer.username(remote_.ufrag + ":" + local_.ufrag).priority(1).controlling(7);
  if (nominate) writer.use_candidate();
  send_raw(writer.finish(password ? *password : remote_.password));
}

bool WebRtcClient::connect() {
  check();
  if (!run_until([&] { return responses > 0; })) return false;
  DtlsSession::Datagrams out;
  dtls_->start(out);
  for (const auto& datagram : out) send_raw(datagram);
  return run_until([&] { return connected(); });
}

bool WebRtcClient::run_until(const std::function<bool()>& done, milliseconds limit) {
  const auto end = Steady::now() + limit;
  while (!done()) {
    if (Steady::now() > end) return false;
    if (!read_once(milliseconds(20)) && dtls_->state() == DtlsSession::State::handshaking && responses > 0) {
      const auto timeout = dtls_->timeout();
      if (!timeout || timeout->count() > 0) continue;
      DtlsSession::Datagrams out;
      dtls_->tick(out);
      for (const auto& datagram : out) send_raw(datagram);
    }
  }
  return true;
}

bool WebRtcClient::read_once(milliseconds wait) {
  pollfd ready{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (::poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return false;
  std::array<std::uint8_t, 65536> buffer;
  const ssize_t size = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  bytes_in += static_cast<std::size_t>(size);
  if (way_ == Way::udp) {
    handle({buffer.begin(), buffer.begin() + size});
    return true;
  }
  stream_.insert(stream_.end(), buffer.begin(), buffer.begin() + size);
  while (stream_.size() >= 2 && stream_.size() >= 2U + load16(stream_.data())) {
    const auto end = stream_.begin() + 2 + load16(stream_.data());
    handle({stream_.begin() + 2, end});
    stream_.erase(stream_.begin(), end);
  }
  return true;
}

void WebRtcClient::handle(std::vector<std::uint8_t> packet) {
  switch (classify(packet)) {
    case PacketKind::stun: {
      const auto message = stun::parse(packet);
      if (message && message->type == stun::kBindingSuccess &&
          stun::check_integrity(packet, *message, remote_.password)) {
        ++responses;
      }
      return;
    }
    case PacketKind::dtls: {
      DtlsSession::Datagrams out;
      const auto state = dtls_->receive(packet, out);
      for (const auto& datagram : out) send_raw(datagram);
      if (state != DtlsSession::State::connected || receiver_) return;
      auto sender = SrtpSender::create(dtls_->keys().profile, dtls_->keys().local);
      auto receiver = SrtpReceiver::create(dtls_->keys().profile, dtls_->keys().remote);
      REQUIRE((sender && receiver));
      sender_ = std::move(*sender);
      receiver_ = std::move(*receiver);
      return;
    }
    case PacketKind::rtp:
    case PacketKind::rtcp: {
      if (!receiver_) return;
      const bool is_rtcp = classify(packet) == PacketKind::rtcp;
      const auto copy = packet;
      const auto plain = is_rtcp ? receiver_->unprotect_rtcp(packet) : receiver_->unprotect(packet);
      if (!is_rtcp) encrypted.push_back(copy);
      if (plain) (is_rtcp ? rtcp : rtp).emplace_back(plain->begin(), plain->end());
      return;
    }
    case PacketKind::unknown:
      return;
  }
}

void WebRtcClient::send_rtp(const std::vector<std::uint8_t>& header, const std::vector<std::uint8_t>& payload,
                            std::uint32_t rollover) {
  std::vector<std::uint8_t> out(header);
  out.resize(header.size() + payload.size() + kSrtpOverhead);
  out.resize(sender_->protect(out.data(), header.size(), {}, payload, 0, rollover));
  send_raw(out);
}

void WebRtcClient::send_rtcp(std::vector<std::uint8_t> compound) {
  REQUIRE(sender_->protect_rtcp(compound));
  send_raw(compound);
}

void WebRtcClient::close() {
  DtlsSession::Datagrams out;
  dtls_->close(out);
  for (const auto& datagram : out) send_raw(datagram);
}

bool WebRtcClient::closed_by_server() const { return dtls_->state() == DtlsSession::State::closed; }

}  // namespace tongke::tests
