#include "tests/support/http_client.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace tongke::test {

using Clock = std::chrono::steady_clock;

bool HttpClient::connect() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host_.c_str(), std::to_string(port_).c_str(), &hints, &found) != 0) return false;
  for (const addrinfo* one = found; one != nullptr && !fd_; one = one->ai_next) {
    base::Fd fd(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd || ::connect(fd.get(), one->ai_addr, one->ai_addrlen) != 0) continue;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fd_ = std::move(fd);
  }
  ::freeaddrinfo(found);
  return static_cast<bool>(fd_);
}

bool HttpClient::send(std::string_view method, std::string_view target, const Headers& headers) {
  if (!fd_ && !connect()) return false;
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host_).append("\r\n");
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  text += "\r\n";
  for (std::string_view left = text; !left.empty();) {
    const ssize_t sent = ::send(fd_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      close();
      return false;
    }
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::readable(std::chrono::milliseconds patience) {
  if (!buffer_.empty()) return true;
  pollfd poller{fd_.get(), POLLIN, 0};
  return ::poll(&poller, 1, static_cast<int>(patience.count())) == 1;
}

bool HttpClient::read_more(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd poller{fd_.get(), POLLIN, 0};
  if (left <= 0 || ::poll(&poller, 1, static_cast<int>(left)) != 1) return false;
  std::array<char, 65536> bytes;
  const ssize_t size = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<HttpReply> HttpClient::receive(std::chrono::milliseconds patience, bool has_body) {
  const auto deadline = Clock::now() + patience;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fd_ || !read_more(deadline)) {
      close();
      return std::nullopt;
    }
  }
  HttpReply reply;
  const std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  reply.status = head.size() > 12 ? std::atoi(head.c_str() + 9) : 0;
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t next = head.find("\r\n", at);
    const std::size_t colon = head.find(':', at);
    if (colon < next) {
      std::string name = head.substr(at, colon - at);
      std::ranges::transform(name, name.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const std::size_t value = head.find_first_not_of(' ', colon + 1);
      reply.headers[name] = head.substr(value, next - value);
    }
    at = next + 2;
  }
  const bool none = !has_body || reply.status == 204 || reply.status == 304;
  const std::size_t size =
      none ? 0 : static_cast<std::size_t>(std::atoll(reply.header("content-length").c_str()));
  while (buffer_.size() < size) {
    if (!read_more(deadline)) {
      close();
      return std::nullopt;
    }
  }
  reply.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  if (reply.header("connection") == "close") close();
  return reply;
}

HttpReply HttpClient::request(std::string_view method, std::string_view target, const Headers& headers) {
  if (!send(method, target, headers)) return {};
  auto reply = receive(std::chrono::seconds(20), method != "HEAD");
  return reply ? std::move(*reply) : HttpReply();
}

HttpReply HttpClient::get(std::string_view target, const Headers& headers) {
  return request("GET", target, headers);
}

std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  if (inflateInit2(&stream, kGzip) != Z_OK) return {};
  std::vector<Bytef> input(bytes.begin(), bytes.end());
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  std::string text;
  std::array<Bytef, 16384> out;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    result = ::inflate(&stream, Z_NO_FLUSH);
    text.append(reinterpret_cast<const char*>(out.data()), out.size() - stream.avail_out);
  }
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return whole ? text : std::string();
}

}  // namespace tongke::test
