#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::signaling::bench {

/// Where a load tool connects to.
struct Target {
  sockaddr_storage address{};
  socklen_t address_size = 0;
  std::string host;  ///< for the Host header
  std::string path;
};
/// @param url  "ws://host:port/signal"   @errors invalid (no such URL; TLS is not spoken)
[[nodiscard]] base::Result<Target> parse_target(const std::string& url);

/// One websocket client on a non-blocking socket, as lean as it can be: it believes what the
/// server says of itself and masks with zero.
/// @thread one   @source RFC 6455 sections 4.1, 5.2
class Client {
 public:
  enum class State { connecting, upgrading, open, closed };

  /// @errors io
  base::Result<void> connect(const Target& target);
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] State state() const noexcept { return state_; }
  /// Close code the server gave; 0 = none.
  [[nodiscard]] std::uint16_t close_code() const noexcept { return close_code_; }
  /// Whether there is something that the socket did not take yet.
  [[nodiscard]] bool wants_write() const noexcept { return state_ == State::connecting || !out_.empty(); }

  /// The socket can be read or written; `text` is called for each text frame.
  void ready(bool readable, bool writable, const std::function<void(std::string_view)>& text);
  /// Before the handshake is done it waits.
  void send(std::string_view text);
  void close();

 private:
  enum class Opcode : std::uint8_t { text = 1, close = 8, ping = 9, pong = 10 };
  void queue(Opcode opcode, std::string_view payload);
  void flush();
  void read_all(const std::function<void(std::string_view)>& text);
  [[nodiscard]] bool take_answer();
  [[nodiscard]] bool take_frame(const std::function<void(std::string_view)>& text);

  base::Fd fd_;
  State state_ = State::closed;
  std::string out_;
  std::string waiting_;  ///< frames said before the handshake was done
  std::string in_;
  std::uint16_t close_code_ = 0;
};

}  // namespace tongke::signaling::bench
