#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "base/log.hpp"
#include "relay/ingest/rtmp/session.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;

namespace {

struct NullFeed final : Feed {
  void push(const Chunk& chunk) override {
    if (chunk.bytes.empty()) std::abort();
  }
};

struct OpenIntake final : Intake {
  base::Result<std::unique_ptr<Feed>> open(const PublishRequest& request, Publisher& /*publisher*/) override {
    if (request.lesson.empty()) return base::Error{base::Errc::forbidden, "no lesson"};
    return std::unique_ptr<Feed>(std::make_unique<NullFeed>());
  }
};

}  // namespace

// Whatever a peer sends, in whatever pieces: answers stay small, nothing else happens. The
// first byte says in which pieces and whether the handshake is part of the input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (base::log::set_level(base::log::Level::error), true);
  static const Counters counted = counters("fuzz");
  if (!quiet || size < 1) return 0;
  OpenIntake intake;
  rtmp::Session session({.limits = {.max_message_bytes = 1U << 16U, .max_partial_bytes = 1U << 17U}}, intake,
                        counted, "fuzz", [] {});
  if ((data[0] & 1U) == 0) {
    std::array<std::uint8_t, 1 + 2 * rtmp::Handshake::kPacketSize> hello{};
    hello[0] = 3;
    if (!session.receive(hello)) std::abort();
  }
  const std::size_t step = std::size_t{data[0] / 2U} * 16 + 1;
  const base::ByteView stream(data + 1, size - 1);
  for (std::size_t at = 0; at < stream.size(); at += step) {
    if (!session.receive(stream.subspan(at, std::min(step, stream.size() - at)))) return 0;
    // One byte in can ask for one answer at most; the largest is a refusal with its text.
    if (session.output().size() > 4096 + 512 * step) std::abort();
    session.output().clear();
  }
  session.dismiss(Dismissal::superseded);
  return 0;
}
