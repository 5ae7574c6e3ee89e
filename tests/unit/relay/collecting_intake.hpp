#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relay/ingest/publisher.hpp"

namespace tongke::tests {

/// An intake that knows one lesson ("m1", key "secret") and keeps what it is fed; as with
/// real lessons, a newer publisher supersedes the older.
class CollectingIntake final : public relay::ingest::Intake {
 public:
  struct Stored {
    relay::ingest::ChunkKind kind{};
    std::uint8_t slot = 0;
    std::vector<std::uint8_t> bytes;
  };

  base::Result<std::unique_ptr<relay::ingest::Feed>> open(const relay::ingest::PublishRequest& request,
                                                          relay::ingest::Publisher& publisher) override {
    requests.push_back(request);
    if (refusal) return *refusal;
    if (request.lesson != "m1" || request.key != "secret") {
      return base::Error{base::Errc::forbidden, "Wrong key, or no such lesson."};
    }
    if (current) current->dismiss(relay::ingest::Dismissal::superseded);
    current = &publisher;
    ++opened;
    return std::unique_ptr<relay::ingest::Feed>(std::make_unique<Collector>(*this, publisher));
  }

  [[nodiscard]] std::vector<std::uint8_t> flat() const {
    std::vector<std::uint8_t> all;
    for (const auto& chunk : chunks) all.insert(all.end(), chunk.bytes.begin(), chunk.bytes.end());
    return all;
  }
  [[nodiscard]] std::size_t count(relay::ingest::ChunkKind kind) const {
    std::size_t n = 0;
    for (const auto& chunk : chunks) n += chunk.kind == kind ? 1 : 0;
    return n;
  }

  std::vector<relay::ingest::PublishRequest> requests;
  std::vector<Stored> chunks;
  std::optional<base::Error> refusal;
  relay::ingest::Publisher* current = nullptr;
  int opened = 0;
  int closed = 0;

 private:
  class Collector final : public relay::ingest::Feed {
   public:
    Collector(CollectingIntake& intake, relay::ingest::Publisher& publisher)
        : intake_(intake), publisher_(publisher) {}
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;
    ~Collector() override {
      ++intake_.closed;
      if (intake_.current == &publisher_) intake_.current = nullptr;
    }
    void push(const relay::ingest::Chunk& chunk) override {
      if (intake_.current != &publisher_) return;
      intake_.chunks.push_back({chunk.kind, chunk.slot, {chunk.bytes.begin(), chunk.bytes.end()}});
    }

   private:
    CollectingIntake& intake_;
    relay::ingest::Publisher& publisher_;
  };
};

}  // namespace tongke::tests
