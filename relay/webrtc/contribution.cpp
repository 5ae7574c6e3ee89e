#include "relay/webrtc/contribution.hpp"

#include "base/log.hpp"
#include "relay/webrtc/demux.hpp"

namespace tongke::relay::webrtc {
namespace {

/// Browsers go on reporting when nothing of their camera comes through.
ingest::ChunkKind kind_of(base::ByteView framed) {
  while (framed.size() > 2) {
    const std::size_t size = std::size_t{framed[0]} << 8U | framed[1];
    framed = framed.subspan(2);
    if (size > framed.size()) break;
    if (classify(framed.first(size)) == PacketKind::rtp) return ingest::ChunkKind::media;
    framed = framed.subspan(size);
  }
  return ingest::ChunkKind::control;
}

}  // namespace

void Service::Contribution::open() {
  heard_ = base::Steady::now();
  auto feed = intake_.open(request_, *this);
  if (!feed) {
    counters_.refused.Increment();
    base::log::info("whip publisher refused",
                    {{"lesson", request_.lesson}, {"peer", request_.peer}, {"why", feed.error().message}});
    over_ = true;
    worker_.post([&worker = worker_, id = session_] { worker.remove(id, "refused"); });
    return;
  }
  counters_.publishers.Increment();
  feed_ = std::move(*feed);
}

void Service::Contribution::push(const std::vector<std::uint8_t>& batch) {
  counters_.bytes.Increment(static_cast<double>(batch.size()));
  if (over_) return;
  if (!feed_) open();
  heard_ = base::Steady::now();
  if (feed_) feed_->push({.bytes = batch, .kind = kind_of(batch)});
}

void Service::Contribution::check_silence(base::Steady::time_point now) {
  if (!feed_ || now - heard_ < kSilence) return;
  base::log::info("whip publisher silent", {{"lesson", request_.lesson}, {"peer", request_.peer}});
  counters_.timeouts.Increment();
  feed_.reset();
  request_.returning = true;
}

void Service::Contribution::dismiss(ingest::Dismissal why) {
  // The feed stays: this call may come from inside its push().
  over_ = true;
  worker_.post(
      [&worker = worker_, id = session_, text = std::string(to_string(why))] { worker.remove(id, text); });
}

void Service::Contribution::send_rtcp(base::ByteView packet) {
  worker_.post([&worker = worker_, id = session_,
                compound = std::vector<std::uint8_t>(packet.begin(), packet.end())]() mutable {
    worker.send_rtcp(id, std::move(compound));
  });
}

}  // namespace tongke::relay::webrtc
