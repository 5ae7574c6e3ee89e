#include "tests/unit/pipeline/worker_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace tongke::tests {

using namespace std::chrono_literals;
using namespace pipeline::wire;
using base::Steady;

std::vector<Part> Heard::parts_of(const std::string& rendition) const {
  std::vector<Part> found;
  for (const Part& part : parts) {
    if (part.rendition == rendition) found.push_back(part);
  }
  return found;
}

std::vector<Init> Heard::inits_of(const std::string& rendition) const {
  std::vector<Init> found;
  for (const Init& init : inits) {
    if (init.rendition == rendition) found.push_back(init);
  }
  return found;
}

std::vector<Frame> Heard::frames_of(const std::string& rendition) const {
  std::vector<Frame> found;
  for (const Frame& frame : frames) {
    if (frame.rendition == rendition) found.push_back(frame);
  }
  return found;
}

WorkerProcess::WorkerProcess(const std::string& binary) {
  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) return;
  socket_.reset(pair[0]);
  fcntl(pair[0], F_SETFL, O_NONBLOCK);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(pair[1], 3);
    if (pair[1] == 3) fcntl(3, F_SETFD, 0);
    execl(binary.c_str(), binary.c_str(), "live", nullptr);
    _exit(127);
  }
  close(pair[1]);
}

WorkerProcess::~WorkerProcess() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void WorkerProcess::send(const Message& message) {
  const Encoded encoded = encode(message);
  Bytes bytes = encoded.head;
  bytes.insert(bytes.end(), encoded.tail.view().begin(), encoded.tail.view().end());
  std::size_t sent = 0;
  while (sent < bytes.size() && !closed_) {
    const ssize_t count = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      read_once(50ms);
    } else {
      return;
    }
    while (read_once(0ms)) {
    }
  }
}

std::size_t WorkerProcess::stuff(const std::vector<Bytes>& chunks, std::chrono::milliseconds patience) {
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const Encoded encoded = encode(Input{base::SharedBytes(chunks[i])});
    Bytes bytes = encoded.head;
    bytes.insert(bytes.end(), encoded.tail.view().begin(), encoded.tail.view().end());
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      pollfd poller{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
      if (poll(&poller, 1, static_cast<int>(patience.count())) <= 0) return i;
      const ssize_t count = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count > 0) sent += static_cast<std::size_t>(count);
    }
  }
  return chunks.size();
}

std::size_t WorkerProcess::resident_bytes() const {
  std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

bool WorkerProcess::read_once(std::chrono::milliseconds wait) {
  pollfd poller{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  if (closed_ || poll(&poller, 1, static_cast<int>(wait.count())) <= 0) return false;
  std::array<std::uint8_t, 65536> bytes;
  const ssize_t count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (count < 0 && errno == EAGAIN) return false;
  if (count <= 0 || !decoder_.push({bytes.data(), static_cast<std::size_t>(count)})) {
    closed_ = true;
    return false;
  }
  while (auto message = decoder_.next()) take(std::move(*message));
  return true;
}

bool WorkerProcess::read_until(const std::function<bool(const Heard&)>& enough,
                               std::chrono::milliseconds deadline) {
  const auto until = Steady::now() + deadline;
  while (!enough(heard_)) {
    if (closed_ || Steady::now() > until) return false;
    read_once(50ms);
  }
  return true;
}

bool WorkerProcess::read_to_end(std::chrono::milliseconds deadline) {
  const auto until = Steady::now() + deadline;
  while (!closed_ && Steady::now() < until) read_once(50ms);
  return closed_;
}

void WorkerProcess::signal(int number) const { kill(pid_, number); }

std::optional<int> WorkerProcess::wait(std::chrono::milliseconds deadline) {
  // waitpid has no deadline of its own; a pidfd becomes readable when the process ends.
  const int watched = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (watched < 0) return std::nullopt;
  pollfd ended{.fd = watched, .events = POLLIN, .revents = 0};
  const int ready = poll(&ended, 1, static_cast<int>(deadline.count()));
  close(watched);
  int status = 0;
  if (ready != 1 || waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  pid_ = -1;
  return status;
}

void WorkerProcess::take(Message message) {
  if (auto* track = std::get_if<Track>(&message)) heard_.tracks.push_back(*track);
  if (auto* stats = std::get_if<Stats>(&message)) heard_.stats = *stats;
  if (auto* failure = std::get_if<Failure>(&message)) heard_.failure = *failure;
  if (auto* frame = std::get_if<Frame>(&message)) heard_.frames.push_back(std::move(*frame));
  if (auto* rtcp = std::get_if<Rtcp>(&message)) heard_.rtcp.push_back(*rtcp);
  if (auto* still = std::get_if<Still>(&message)) heard_.stills.push_back(*still);
  if (auto* init = std::get_if<Init>(&message)) {
    const base::ByteView bytes = init->bytes.view();
    heard_.files[init->rendition].emplace_back(bytes.begin(), bytes.end());
    heard_.inits.push_back(std::move(*init));
  }
  if (auto* part = std::get_if<Part>(&message)) {
    const base::ByteView bytes = part->bytes.view();
    auto& files = heard_.files[part->rendition];
    if (!files.empty()) files.back().insert(files.back().end(), bytes.begin(), bytes.end());
    heard_.parts.push_back(std::move(*part));
  }
}

std::vector<Bytes> flv_chunks(const Bytes& file) {
  constexpr std::size_t kHeader = 13;  // with the first back-pointer
  std::vector<Bytes> chunks;
  if (file.size() < kHeader) return chunks;
  chunks.emplace_back(file.begin(), file.begin() + kHeader);
  std::size_t at = kHeader;
  while (at + 11 <= file.size()) {
    const std::size_t body = static_cast<std::size_t>(file[at + 1]) << 16U |
                             static_cast<std::size_t>(file[at + 2]) << 8U | file[at + 3];
    const std::size_t end = std::min(at + 11 + body + 4, file.size());
    chunks.emplace_back(file.begin() + static_cast<std::ptrdiff_t>(at),
                        file.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
  }
  return chunks;
}

std::vector<Bytes> ts_chunks(const Bytes& file) {
  constexpr std::size_t kDatagram = 7 * 188;
  std::vector<Bytes> chunks;
  for (std::size_t at = 0; at < file.size(); at += kDatagram) {
    const std::size_t end = std::min(at + kDatagram, file.size());
    chunks.emplace_back(file.begin() + static_cast<std::ptrdiff_t>(at),
                        file.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return chunks;
}

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::string shell(const std::string& command) {
  std::string output;
  FILE* pipe = popen(("( " + command + " ) 2>&1 </dev/null").c_str(), "r");
  if (!pipe) return "popen failed";
  std::array<char, 4096> chunk{};
  while (const std::size_t count = fread(chunk.data(), 1, chunk.size(), pipe))
    output.append(chunk.data(), count);
  pclose(pipe);
  return output;
}

}  // namespace tongke::tests
