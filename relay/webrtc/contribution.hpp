#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "relay/ingest/counters.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/webrtc/service.hpp"

namespace tongke::relay::webrtc {

/// A publisher's control side. It asks the intake for a feed once its media can come, so that
/// a POST that leads nowhere interrupts nobody; when packets stop it gives the feed back, and a
/// laptop that wakes up does not take the lesson from the phone that went on with it.
/// @thread control
class Service::Contribution final : public ingest::Publisher {
 public:
  Contribution(ingest::Intake& intake, Worker& worker, std::uint64_t session, ingest::PublishRequest request)
      : intake_(intake),
        worker_(worker),
        session_(session),
        request_(std::move(request)),
        counters_(ingest::counters("whip")) {}

  void dismiss(ingest::Dismissal why) override;
  void send_rtcp(base::ByteView packet) override;

  void connected() { open(); }
  void push(const std::vector<std::uint8_t>& batch);
  void check_silence(base::Steady::time_point now);

 private:
  void open();

  ingest::Intake& intake_;
  Worker& worker_;
  const std::uint64_t session_;
  ingest::PublishRequest request_;
  ingest::Counters counters_;
  std::unique_ptr<ingest::Feed> feed_;
  base::Steady::time_point heard_{};
  bool over_ = false;
};

}  // namespace tongke::relay::webrtc
