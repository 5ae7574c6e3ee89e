#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "pipeline/wire/codec.hpp"

namespace tongke::tests {

using Bytes = std::vector<std::uint8_t>;

/// Everything a child said, in order, sorted by what it is about.
struct Heard {
  std::vector<pipeline::wire::Track> tracks;
  std::vector<pipeline::wire::Init> inits;
  std::vector<pipeline::wire::Part> parts;
  std::vector<pipeline::wire::Frame> frames;
  std::vector<pipeline::wire::Rtcp> rtcp;
  std::vector<pipeline::wire::Still> stills;
  std::optional<pipeline::wire::Stats> stats;
  std::optional<pipeline::wire::Failure> failure;
  /// One playable file per Init: its bytes and those of the parts after it.
  std::map<std::string, std::vector<Bytes>> files;

  [[nodiscard]] std::vector<pipeline::wire::Part> parts_of(const std::string& rendition) const;
  [[nodiscard]] std::vector<pipeline::wire::Init> inits_of(const std::string& rendition) const;
  [[nodiscard]] std::vector<pipeline::wire::Frame> frames_of(const std::string& rendition) const;
};

/// A real `tongke-pipeline live` at the other end of a socketpair.
class WorkerProcess {
 public:
  explicit WorkerProcess(const std::string& binary);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Sends, reading meanwhile whatever the child has to say.
  void send(const pipeline::wire::Message& message);
  /// Sends Inputs without ever reading. @return how many went in before the socket stayed full
  std::size_t stuff(const std::vector<Bytes>& chunks, std::chrono::milliseconds patience);
  [[nodiscard]] std::size_t resident_bytes() const;
  /// Reads until `enough` or the deadline. @return whether it was enough
  bool read_until(const std::function<bool(const Heard&)>& enough, std::chrono::milliseconds deadline);
  /// Reads until the child has closed its end. @return whether it did in time
  bool read_to_end(std::chrono::milliseconds deadline);
  /// Closes our end of the socket.
  void hang_up() { socket_.reset(); }
  void signal(int number) const;
  /// Exit status as waitpid() gives it; nullopt when the deadline passed.
  std::optional<int> wait(std::chrono::milliseconds deadline);

  [[nodiscard]] const Heard& heard() const { return heard_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  bool read_once(std::chrono::milliseconds wait);
  void take(pipeline::wire::Message message);

  base::Fd socket_;
  pid_t pid_ = -1;
  bool closed_ = false;
  pipeline::wire::Decoder decoder_;
  Heard heard_;
};

/// Cuts an FLV file as a relay receives it: the header, then whole tags.
[[nodiscard]] std::vector<Bytes> flv_chunks(const Bytes& file);
/// Cuts a transport stream into datagrams of seven packets.
[[nodiscard]] std::vector<Bytes> ts_chunks(const Bytes& file);
[[nodiscard]] Bytes read_file(const std::string& path);
void write_file(const std::string& path, const Bytes& bytes);
/// Standard output and error of a shell command.
[[nodiscard]] std::string shell(const std::string& command);

}  // namespace tongke::tests
