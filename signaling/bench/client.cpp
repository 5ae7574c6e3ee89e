#include "signaling/bench/client.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "signaling/protocol/messages.hpp"

namespace tongke::signaling::bench {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::size_t kShort = 126;

}  // namespace

base::Result<Target> parse_target(const std::string& url) {
  constexpr std::string_view kScheme = "ws://";
  const auto bad = [&](const char* why) {
    return base::Error{base::Errc::invalid, "\"" + url + "\": " + why, "url"};
  };
  if (!url.starts_with(kScheme)) return bad("must begin with ws://");
  const std::size_t slash = url.find('/', kScheme.size());
  const std::string host = url.substr(kScheme.size(), slash - kScheme.size());
  const std::size_t colon = host.rfind(':');
  if (slash == std::string::npos || colon == std::string::npos) return bad("must be ws://HOST:PORT/PATH");
  std::string name = host.substr(0, colon);
  if (name.size() > 2 && name.front() == '[') name = name.substr(1, name.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), host.c_str() + colon + 1, &hints, &found) != 0) return bad("no such host");
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  Target target;
  std::memcpy(&target.address, found->ai_addr, found->ai_addrlen);
  target.address_size = found->ai_addrlen;
  target.host = host;
  target.path = url.substr(slash);
  return target;
}

base::Result<void> Client::connect(const Target& target) {
  fd_.reset(socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto* const address = reinterpret_cast<const sockaddr*>(&target.address);
  if (!fd_ || (::connect(fd_.get(), address, target.address_size) != 0 && errno != EINPROGRESS)) {
    return base::Error{base::Errc::io, std::string("connect: ") + std::strerror(errno)};
  }
  const int on = 1;
  setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  state_ = State::connecting;
  out_ = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
         "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " +
         std::string(protocol::kSubprotocol) + "\r\n\r\n";
  return {};
}

void Client::close() {
  fd_.reset();
  state_ = State::closed;
}

void Client::send(std::string_view text) { queue(Opcode::text, text); }

void Client::queue(Opcode opcode, std::string_view payload) {
  std::string& to = state_ == State::open ? out_ : waiting_;
  to += static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  if (payload.size() < kShort) {
    to += static_cast<char>(kMasked | payload.size());
  } else {
    to += static_cast<char>(kMasked | kShort);
    to += static_cast<char>(payload.size() >> 8U);
    to += static_cast<char>(payload.size() & 0xFFU);
  }
  to.append(4, '\0');  // the mask
  to += payload;
  if (state_ == State::open) flush();
}

void Client::flush() {
  while (!out_.empty()) {
    const ssize_t n = ::send(fd_.get(), out_.data(), out_.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) return close();
    out_.erase(0, static_cast<std::size_t>(n));
  }
  out_.shrink_to_fit();
}

void Client::ready(bool readable, bool writable, const std::function<void(std::string_view)>& text) {
  if (writable && state_ == State::connecting) state_ = State::upgrading;
  if (writable && state_ != State::closed) flush();
  if (readable && state_ != State::closed) read_all(text);
}

void Client::read_all(const std::function<void(std::string_view)>& text) {
  std::array<char, 65536> buffer;
  bool ended = false;
  while (!ended) {
    const ssize_t n = recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    ended = n <= 0;
    if (!ended) in_.append(buffer.data(), static_cast<std::size_t>(n));
  }
  if (state_ != State::upgrading || take_answer()) {
    while (state_ == State::open && take_frame(text)) {
    }
  }
  if (ended) close();  // what it said before that was heard
  if (in_.empty()) in_.shrink_to_fit();
}

bool Client::take_answer() {
  const std::size_t end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  if (!in_.starts_with("HTTP/1.1 101")) {
    close();
    return false;
  }
  in_.erase(0, end + 4);
  state_ = State::open;
  out_ += std::exchange(waiting_, {});
  flush();
  return true;
}

bool Client::take_frame(const std::function<void(std::string_view)>& text) {
  if (in_.size() < 2) return false;
  const auto byte = [this](std::size_t at) { return static_cast<std::uint8_t>(in_[at]); };
  std::size_t size = byte(1) & 0x7FU;
  std::size_t head = 2;
  if (size == kShort) {
    if (in_.size() < 4) return false;
    size = static_cast<std::size_t>(byte(2) << 8U | byte(3));
    head = 4;
  } else if (size > kShort) {
    close();  // no frame of ours is that long
    return false;
  }
  if (in_.size() < head + size) return false;
  const std::string payload = in_.substr(head, size);
  const auto opcode = static_cast<Opcode>(byte(0) & 0x0FU);
  in_.erase(0, head + size);
  switch (opcode) {
    case Opcode::text:
      text(payload);
      break;
    case Opcode::ping:
      queue(Opcode::pong, payload);
      break;
    case Opcode::close:
      if (payload.size() >= 2) {
        close_code_ = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8U |
                                                 static_cast<std::uint8_t>(payload[1]));
      }
      queue(Opcode::close, payload.substr(0, std::min<std::size_t>(2, payload.size())));
      close();
      break;
    case Opcode::pong:
      break;
  }
  return state_ == State::open;
}

}  // namespace tongke::signaling::bench
