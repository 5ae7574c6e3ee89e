#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fd.hpp"

namespace tongke::test {

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// One keep-alive HTTP/1.1 connection, written from scratch so that tests do not judge the
/// server by the library it is built on. Blocking, with a deadline for every wait.
class HttpClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  explicit HttpClient(std::uint16_t port, std::string host = "127.0.0.1")
      : host_(std::move(host)), port_(port) {}

  /// Sends a request without waiting for its answer. False when nobody can be reached.
  bool send(std::string_view method, std::string_view target, const Headers& headers = {});
  /// The next answer; nothing when it does not come whole in time.
  std::optional<HttpReply> receive(std::chrono::milliseconds patience = std::chrono::seconds(10),
                                   bool has_body = true);
  /// Whether bytes of an answer are there by then.
  bool readable(std::chrono::milliseconds patience);

  /// send() and receive() at once; status 0 when there is no answer.
  HttpReply get(std::string_view target, const Headers& headers = {});
  HttpReply request(std::string_view method, std::string_view target, const Headers& headers = {});
  void close() {
    fd_.reset();
    buffer_.clear();
  }

 private:
  bool connect();
  bool read_more(std::chrono::steady_clock::time_point deadline);

  std::string host_;
  std::uint16_t port_;
  base::Fd fd_;
  std::string buffer_;
};

/// What a gzip body says; empty when it is broken.
[[nodiscard]] std::string gunzip(const std::string& bytes);

}  // namespace tongke::test
