#include "relay/bench/viewer.hpp"

#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include "relay/webrtc/demux.hpp"
#include "relay/webrtc/rtcp.hpp"
#include "relay/webrtc/stun.hpp"

namespace tongke::relay::bench {
namespace {

using namespace std::chrono_literals;
using base::Errc;
using base::Error;
using base::Steady;
namespace stun = webrtc::stun;
namespace rtcp = webrtc::rtcp;

constexpr auto kGiveUp = 15s;
constexpr auto kCheckAgain = 100ms;
/// Consent, once connected.  @source RFC 7675 section 5.1
constexpr auto kConsent = 5s;
constexpr auto kReport = 1s;
constexpr std::uint8_t kPaddingBit = 0x20;
constexpr std::uint32_t kOwnSsrc = 1;
/// Says that any rendition fits.
constexpr std::uint64_t kPlenty = 20'000'000;
constexpr int kReceiveBuffer = 1 << 20;

stun::Transaction random_transaction() {
  static std::mt19937_64 random{std::random_device()()};
  stun::Transaction transaction{};
  for (auto& byte : transaction) byte = static_cast<std::uint8_t>(random());
  return transaction;
}

/// Sizes of the datagrams in a batch that GRO put together; 0 when there is but one.
std::size_t segment_size(msghdr& message) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(&message, control)) {
    if (control->cmsg_level != SOL_UDP || control->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(control), sizeof(size));
    return static_cast<std::size_t>(size);
  }
  return 0;
}

}  // namespace

Viewer::Viewer(webrtc::IceCredentials local, Answer answer, std::shared_ptr<const webrtc::DtlsContext> dtls,
               Steady::time_point posted)
    : local_(std::move(local)), answer_(std::move(answer)), context_(std::move(dtls)), posted_(posted) {}

base::Result<void> Viewer::start(bool gro) {
  const sockaddr_in6 peer = answer_.candidate.as_sockaddr6();
  socket_.reset(::socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_ || connect(socket_.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0) {
    fail("socket");
    return Error{Errc::io, std::string("socket: ") + std::strerror(errno)};
  }
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof(kReceiveBuffer));
  const int on = gro ? 1 : 0;
  setsockopt(socket_.get(), SOL_UDP, UDP_GRO, &on, sizeof(on));
  check();
  return {};
}

// ---- in ----

void Viewer::readable() {
  std::array<std::uint8_t, 65536> buffer;  // NOLINT: filled by the kernel
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  while (state_ != State::failed) {
    iovec piece{.iov_base = buffer.data(), .iov_len = buffer.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = recvmsg(socket_.get(), &message, 0);
    if (got < 0 && errno == ECONNREFUSED) continue;
    if (got <= 0) return;
    std::span<std::uint8_t> rest(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t each = segment_size(message);
    const auto now = Steady::now();
    while (!rest.empty()) {
      const std::size_t size = each == 0 ? rest.size() : std::min(each, rest.size());
      datagram(rest.first(size), now);
      rest = rest.subspan(size);
    }
  }
}

void Viewer::datagram(std::span<std::uint8_t> packet, Steady::time_point now) {
  switch (webrtc::classify(packet)) {
    case webrtc::PacketKind::stun:
      stun(packet, now);
      break;
    case webrtc::PacketKind::dtls:
      if (dtls_) {
        webrtc::DtlsSession::Datagrams out;
        const auto state = dtls_->receive(packet, out);
        for (const auto& one : out) send(one);
        handshake(state);
      }
      break;
    case webrtc::PacketKind::rtp:
      media(packet, now);
      break;
    case webrtc::PacketKind::rtcp:
    case webrtc::PacketKind::unknown:
      break;
  }
}

void Viewer::stun(base::ByteView packet, Steady::time_point now) {
  const auto message = stun::parse(packet);
  if (!message) return;
  if (message->type == stun::kBindingRequest) {  // a full agent checks us too
    if (stun::check_integrity(packet, *message, local_.password)) {
      send(stun::Writer(stun::kBindingSuccess, message->transaction)
               .mapped(answer_.candidate)
               .finish(local_.password));
    }
    return;
  }
  if (message->type == stun::kBindingError) return fail("ICE error " + std::to_string(message->error));
  if (message->type != stun::kBindingSuccess || state_ != State::connecting ||
      !stun::check_integrity(packet, *message, answer_.ice.password)) {
    return;
  }
  state_ = State::handshaking;
  next_check_ = now + kConsent;
  dtls_.emplace(context_,
                answer_.passive ? webrtc::DtlsSession::Role::client : webrtc::DtlsSession::Role::server,
                answer_.fingerprint);
  webrtc::DtlsSession::Datagrams out;
  if (answer_.passive) dtls_->start(out);
  for (const auto& one : out) send(one);
}

void Viewer::handshake(webrtc::DtlsSession::State state) {
  using Dtls = webrtc::DtlsSession::State;
  if (state == Dtls::failed) return fail("DTLS: " + dtls_->failure());
  if (state == Dtls::closed) return fail("closed by the server");
  if (state != Dtls::connected || receiver_) return;
  auto receiver = webrtc::SrtpReceiver::create(dtls_->keys().profile, dtls_->keys().remote);
  auto sender = webrtc::SrtpSender::create(dtls_->keys().profile, dtls_->keys().local);
  if (!receiver || !sender) return fail("SRTP");
  receiver_ = std::move(*receiver);
  sender_ = std::move(*sender);
  connected_ = Steady::now();
  state_ = State::receiving;
}

void Viewer::media(std::span<std::uint8_t> packet, Steady::time_point now) {
  // How much padding there is, is still encrypted.
  const std::uint8_t first = packet[0];
  packet[0] = first & static_cast<std::uint8_t>(~kPaddingBit);
  const auto header = webrtc::rtp::parse(packet);
  packet[0] = first;
  if (!header) return;
  bytes_ += packet.size();
  if (!first_packet_) first_packet_ = now;
  if (header->payload_type == answer_.audio_type) {
    audio_ssrc_ = header->ssrc;
    audio_.add(header->sequence, header->timestamp, now);
  } else if (header->payload_type == answer_.video_type) {
    video_ssrc_ = header->ssrc;
    video_.add(header->sequence, header->timestamp, now);
    if (last_video_) longest_pause_ = std::max(longest_pause_, now - *last_video_);
    last_video_ = now;
    if (!first_keyframe_ && receiver_) look_for_keyframe(packet, now);
  }
}

void Viewer::look_for_keyframe(std::span<std::uint8_t> packet, Steady::time_point now) {
  const auto plain = receiver_->unprotect(packet);
  const auto whole = plain ? webrtc::rtp::parse(*plain) : std::nullopt;
  if (whole && finder_.add(*whole)) first_keyframe_ = now;
}

// ---- out ----

void Viewer::tick(Steady::time_point now) {
  if (state_ == State::failed) return;
  if (state_ != State::receiving && now - posted_ > kGiveUp) return fail("no connection in 15 s");
  if (now >= next_check_) check();
  if (dtls_ && state_ == State::handshaking) {
    webrtc::DtlsSession::Datagrams out;
    const auto state = dtls_->tick(out);
    for (const auto& one : out) send(one);
    handshake(state);
  }
  if (state_ == State::receiving && now >= next_report_) {
    next_report_ = now + kReport;
    report();
  }
}

void Viewer::check() {
  next_check_ =
      Steady::now() + (state_ == State::connecting ? base::Steady::duration(kCheckAgain) : kConsent);
  stun::Writer request(stun::kBindingRequest, random_transaction());
  request.username(answer_.ice.ufrag + ":" + local_.ufrag)
      .priority(1845501695)
      .controlling(1)
      .use_candidate();
  send(request.finish(answer_.ice.password));
}

void Viewer::report() {
  std::vector<std::uint8_t> compound;
  std::vector<rtcp::ReportBlock> blocks;
  std::vector<std::uint32_t> media;
  const auto add = [&](std::uint32_t ssrc, const StreamCounter& stream) {
    if (stream.packets() == 0) return;
    blocks.push_back({.ssrc = ssrc,
                      .lost = static_cast<std::int32_t>(stream.lost()),
                      .highest_sequence = stream.highest_sequence()});
    media.push_back(ssrc);
  };
  add(video_ssrc_, video_);
  add(audio_ssrc_, audio_);
  rtcp::write_receiver_report(compound, kOwnSsrc, blocks);
  rtcp::write_remb(compound, kOwnSsrc, kPlenty, media);
  if (sender_->protect_rtcp(compound)) send(compound);
}

void Viewer::close() {
  if (!dtls_) return;
  webrtc::DtlsSession::Datagrams out;
  dtls_->close(out);
  for (const auto& one : out) send(one);
}

// A full send buffer loses the packet, like any network.
void Viewer::send(base::ByteView packet) { (void)::send(socket_.get(), packet.data(), packet.size(), 0); }

void Viewer::fail(std::string why) {
  state_ = State::failed;
  failure_ = std::move(why);
}

Viewer::Delay Viewer::since_post(const std::optional<Steady::time_point>& at) const {
  if (!at) return std::nullopt;
  return *at - posted_;
}

}  // namespace tongke::relay::bench
