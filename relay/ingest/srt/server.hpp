#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/executor.hpp"
#include "base/result.hpp"
#include "relay/ingest/counters.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/ingest/srt/endpoint.hpp"

namespace tongke::relay::ingest::srt {

/// The SRT door: takes publishers in and hands their transport streams to the intake, cut so
/// that a replay can begin at a keyframe (TsSplitter).
/// @thread that of `control`, for all of it
class Server {
 public:
  /// Listens at once. `intake`, `doorkeeper` and `control` must outlive the server.
  /// @errors invalid (address), io (port taken)
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> create(const std::string& address,
                                                                    std::uint16_t port,
                                                                    base::Executor& control, Intake& intake,
                                                                    const Doorkeeper& doorkeeper,
                                                                    EndpointSettings settings = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::size_t connections() const noexcept;

  /// Stops listening and hangs up on every publisher: SRT has no words for why.
  void stop();

 private:
  class Desk;
  explicit Server(std::shared_ptr<Desk> desk);

  std::shared_ptr<Desk> desk_;
};

}  // namespace tongke::relay::ingest::srt
