#include "relay/ingest/srt/server.hpp"

#include <utility>

#include "base/log.hpp"
#include "relay/ingest/srt/ts_splitter.hpp"

namespace tongke::relay::ingest::srt {
namespace {

/// A transport stream repeats its tables at least twice a second: so much without any is
/// something else.
constexpr std::uint64_t kMaxBeforeTables = 2U << 20U;

/// A caller on its lesson: splits what it sends and feeds it.
class Connection final : public Publisher {
 public:
  Connection(Endpoint& endpoint, CallerId id)
      : endpoint_(endpoint), id_(id), splitter_([this](const Chunk& chunk) { feed_->push(chunk); }) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override = default;

  [[nodiscard]] base::Result<void> open(Intake& intake, const StreamId& wanted, const std::string& peer) {
    lesson_ = wanted.lesson;
    auto feed = intake.open({.lesson = wanted.lesson,
                             .key = wanted.key,
                             .protocol = "srt",
                             .peer = peer,
                             .format = pipeline::wire::InputFormat::mpegts},
                            *this);
    if (!feed) return std::move(feed).error();
    feed_ = std::move(*feed);
    return {};
  }

  /// @errors protocol: this is no transport stream
  [[nodiscard]] base::Result<void> receive(base::ByteView bytes) {
    if (closing_) return {};
    received_ += bytes.size();
    splitter_.receive(bytes);
    if (splitter_.has_program() || received_ < kMaxBeforeTables) return {};
    return base::Error{base::Errc::protocol, "not an MPEG transport stream"};
  }

  // The feed stays: this call may come from inside its push().
  void dismiss(Dismissal /*why*/) override { close(); }
  void close() {
    if (!std::exchange(closing_, true)) endpoint_.close(id_);
  }

  [[nodiscard]] const std::string& lesson() const noexcept { return lesson_; }

 private:
  Endpoint& endpoint_;
  const CallerId id_;
  std::string lesson_;
  TsSplitter splitter_;
  std::uint64_t received_ = 0;
  bool closing_ = false;
  std::unique_ptr<Feed> feed_;
};

}  // namespace

/// Where the SRT thread's news arrives. Posts hold it weakly.
class Server::Desk final : public EndpointListener {
 public:
  explicit Desk(Intake& intake) : intake_(intake), counters_(counters("srt")) {}
  void attach(std::unique_ptr<Endpoint> endpoint) { endpoint_ = std::move(endpoint); }

  void called(CallerId id, const StreamId& wanted, const std::string& peer) override {
    auto connection = std::make_unique<Connection>(*endpoint_, id);
    if (auto opened = connection->open(intake_, wanted, peer); !opened) {
      counters_.refused.Increment();
      base::log::info("srt publisher refused",
                      {{"lesson", wanted.lesson}, {"peer", peer}, {"why", opened.error().message}});
      endpoint_->close(id);
      return;
    }
    counters_.publishers.Increment();
    connections_.emplace(id, std::move(connection));
  }

  void received(CallerId id, base::ByteView bytes) override {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    if (auto taken = found->second->receive(bytes); !taken) {
      counters_.malformed.Increment();
      base::log::warn("srt peer breaks the protocol",
                      {{"lesson", found->second->lesson()}, {"why", taken.error().message}});
      found->second->close();
    }
  }

  void hung_up(CallerId id) override { connections_.erase(id); }

  void stop() {
    endpoint_->stop_listening();
    for (const auto& [id, connection] : connections_) connection->close();
  }

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return *endpoint_; }
  [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

 private:
  Intake& intake_;
  const Counters counters_;
  std::unique_ptr<Endpoint> endpoint_;
  std::map<CallerId, std::unique_ptr<Connection>> connections_;
};

base::Result<std::unique_ptr<Server>> Server::create(const std::string& address, std::uint16_t port,
                                                     base::Executor& control, Intake& intake,
                                                     const Doorkeeper& doorkeeper,
                                                     EndpointSettings settings) {
  auto desk = std::make_shared<Desk>(intake);
  auto endpoint = Endpoint::create(address, port, settings, doorkeeper, control, desk);
  if (!endpoint) return std::move(endpoint).error();
  desk->attach(std::move(*endpoint));
  return std::unique_ptr<Server>(new Server(std::move(desk)));
}

Server::Server(std::shared_ptr<Desk> desk) : desk_(std::move(desk)) {}
Server::~Server() = default;

std::uint16_t Server::port() const noexcept { return desk_->endpoint().port(); }
std::size_t Server::connections() const noexcept { return desk_->connections(); }
void Server::stop() { desk_->stop(); }

}  // namespace tongke::relay::ingest::srt
