#include "relay/app/control_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kMaxClients = 16;
constexpr std::size_t kMaxLine = 64U << 10U;
constexpr std::chrono::seconds kClientDeadline{10};
// An import of a whole district, on a busy machine.
constexpr std::chrono::seconds kAnswerDeadline{120};
constexpr timeval kAskDeadline{.tv_sec = kAnswerDeadline.count(), .tv_usec = 0};

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof(address.sun_path)) {
    return Error{Errc::invalid, path.string() + ": path too long for a socket; choose a shorter data folder"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

// Blocking; nullopt when nobody listens.
Result<std::optional<base::Fd>> connect_to(const std::filesystem::path& path) {
  const auto address = address_of(path);
  if (!address) return Error(address.error());
  base::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return Error{Errc::io, std::string("socket: ") + std::strerror(errno)};
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::optional<base::Fd>();
    return Error{Errc::io, path.string() + ": " + std::strerror(errno)};
  }
  return std::optional<base::Fd>(std::move(socket));
}

}  // namespace

struct ControlSocket::Client {
  base::Fd socket;
  std::string line;
  base::glib::FdWatch watch;
  base::glib::Timer deadline;
};

ControlSocket::ControlSocket(std::filesystem::path path, GMainContext* context, Handler handler,
                             base::Fd socket)
    : path_(std::move(path)), context_(context), handler_(std::move(handler)), socket_(std::move(socket)) {
  watch_ = base::glib::FdWatch(context_, socket_.get(), G_IO_IN, [this](GIOCondition) {
    accept();
    return true;
  });
}

ControlSocket::~ControlSocket() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::listen(const std::filesystem::path& path,
                                                             GMainContext* context, Handler handler) {
  auto other = connect_to(path);
  if (!other) return std::move(other).error();
  if (*other)
    return Error{Errc::conflict,
                 path.parent_path().string() + ": a server is already running on this data folder"};
  const auto address = address_of(path);
  if (!address) return Error(address.error());
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // left behind by a killed server
  base::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const mode_t before = ::umask(0077);
  const int bound = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address));
  ::umask(before);
  if (bound != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
    return Error{Errc::io, path.string() + ": " + std::strerror(errno)};
  }
  return std::unique_ptr<ControlSocket>(
      new ControlSocket(path, context, std::move(handler), std::move(socket)));
}

void ControlSocket::accept() {
  base::Fd accepted(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!accepted || clients_.size() >= kMaxClients) return;
  const auto& client = clients_.emplace_back(std::make_shared<Client>());
  client->socket = std::move(accepted);
  const std::weak_ptr<Client> weak = client;
  client->watch = base::glib::FdWatch(context_, client->socket.get(), G_IO_IN, [this, weak](GIOCondition) {
    const auto known = weak.lock();
    return known && read(known);
  });
  client->deadline = base::glib::Timer(context_, kClientDeadline, [this, raw = client.get()] { drop(*raw); });
}

void ControlSocket::drop(const Client& client) {
  clients_.remove_if([&](const auto& known) { return known.get() == &client; });
}

bool ControlSocket::read(const std::shared_ptr<Client>& client) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::recv(client->socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0 || client->line.size() > kMaxLine) {
      drop(*client);
      return false;
    }
    client->line.append(buffer.data(), static_cast<std::size_t>(got));
    const auto end = client->line.find('\n');
    if (end == std::string::npos) continue;
    client->deadline =
        base::glib::Timer(context_, kAnswerDeadline, [this, raw = client.get()] { drop(*raw); });
    handler_(client->line.substr(0, end), [this, weak = std::weak_ptr(client)](const std::string& text) {
      if (const auto known = weak.lock()) answer(*known, text);
    });
    return false;
  }
}

void ControlSocket::answer(Client& client, const std::string& text) {
  // An answer of thousands of links may exceed the socket's buffer: our own client reads at once.
  const timeval limit{.tv_sec = 2, .tv_usec = 0};
  ::setsockopt(client.socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  ::fcntl(client.socket.get(), F_SETFL, 0);
  const std::string line = text + "\n";
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t sent =
        ::send(client.socket.get(), line.data() + written, line.size() - written, MSG_NOSIGNAL);
    if (sent <= 0) break;
    written += static_cast<std::size_t>(sent);
  }
  drop(client);
}

Result<std::optional<std::string>> ask_server(const std::filesystem::path& path, const std::string& line) {
  auto connected = connect_to(path);
  if (!connected) return std::move(connected).error();
  if (!*connected) return std::optional<std::string>();
  const int socket = (*connected)->get();
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kAskDeadline, sizeof(kAskDeadline));
  const std::string request = line + "\n";
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return Error{Errc::io, "the server hung up"};
  }
  std::string answer;
  std::array<char, 65536> buffer{};
  while (answer.find('\n') == std::string::npos) {
    const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) return Error{Errc::timeout, "the server did not answer"};
    if (got <= 0) return Error{Errc::io, "the server hung up"};
    answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  answer.resize(answer.find('\n'));
  return std::optional<std::string>(std::move(answer));
}

}  // namespace tongke::relay::app
