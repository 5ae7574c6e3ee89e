#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/glib/main_loop.hpp"
#include "relay/http/server.hpp"
#include "tests/support/catch.hpp"

namespace tongke::test {

using relay::http::Request;
using relay::http::Responder;
using relay::http::Response;
using relay::http::Where;
using RequestPtr = std::shared_ptr<const Request>;

inline base::SharedBytes shared(std::string_view text) {
  return base::SharedBytes({text.begin(), text.end()});
}

inline Response plain(std::string_view text) {
  Response response;
  response.content_type = "text/plain";
  response.body = {shared(text)};
  return response;
}

/// Waits until `condition` holds; false after the deadline.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds deadline = std::chrono::seconds(10)) {
  const auto until = base::Steady::now() + deadline;
  while (!condition()) {
    if (base::Steady::now() > until) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

/// The real server on a free port of loopback, with a control thread of its own.
class HttpFixture {
 public:
  explicit HttpFixture(relay::http::ServerSettings settings = {}) {
    settings.address = "127.0.0.1";
    settings.port = 0;
    auto created = relay::http::Server::create(settings, control_);
    REQUIRE(created);
    server_ = std::move(*created);
    control_thread_ = std::jthread([this] { control_.run(); });
  }
  ~HttpFixture() {
    server_.reset();
    control_.quit();
  }

  relay::http::Server& server() { return *server_; }
  base::glib::MainLoop& control() { return control_; }
  [[nodiscard]] std::string url(const std::string& path = "") const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }

 private:
  base::glib::MainLoop control_;
  std::unique_ptr<relay::http::Server> server_;
  std::jthread control_thread_;
};

/// A blocking TCP client with a deadline on every read.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }

  void send(std::string_view text) const {
    CHECK(::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  }
  void half_close() const { ::shutdown(fd_.get(), SHUT_WR); }
  void close() { fd_.reset(); }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Everything until the server closes, or until the deadline ("…TIMEOUT" then).
  std::string read_all(std::chrono::milliseconds deadline = std::chrono::seconds(10)) const {
    return read_until([](const std::string&) { return false; }, deadline);
  }
  /// One answer with its Content-Length.
  std::string read_answer() const {
    return read_until([](const std::string& text) {
      const auto end = text.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      const auto at = text.find("Content-Length: ");
      const std::size_t length = at < end ? std::stoul(text.substr(at + 16)) : 0;
      return text.size() >= end + 4 + length;
    });
  }
  std::string read_until(const std::function<bool(const std::string&)>& enough,
                         std::chrono::milliseconds deadline = std::chrono::seconds(10)) const {
    const auto until = base::Steady::now() + deadline;
    std::string text;
    std::array<char, 65536> buffer;
    while (!enough(text)) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - base::Steady::now()).count();
      pollfd waiting{fd_.get(), POLLIN, 0};
      if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return text + "TIMEOUT";
      const auto count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  base::Fd fd_;
};

/// What `curl ARGS…` prints.
inline std::string curl(const std::string& args) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      ::popen(("curl -sS --max-time 20 " + args + " 2>&1").c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  std::string out;
  std::array<char, 4096> buffer;
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    out.append(buffer.data(), count);
  return out;
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace tongke::test
