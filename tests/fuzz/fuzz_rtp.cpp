#include <cstdlib>

#include "relay/webrtc/demux.hpp"
#include "relay/webrtc/rtcp.hpp"
#include "relay/webrtc/rtp.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

namespace {

void read_rtcp(base::ByteView compound) {
  rtcp::Reader reader(compound);
  while (const auto packet = reader.next()) {
    (void)rtcp::sender_info(*packet);
    if (rtcp::report_blocks(*packet).size() > 31) std::abort();
    if (const auto nack = rtcp::nack(*packet); nack && nack->sequences.size() > 512) std::abort();
    if (rtcp::keyframe_wanted(*packet).size() > 16) std::abort();
    (void)rtcp::remb(*packet);
    if (const auto feedback = rtcp::transport_cc(*packet)) {
      if (feedback->arrivals.empty() || feedback->arrivals.size() > 4096) std::abort();
    }
  }
}

}  // namespace

// Framed packets, RTP or RTCP as their first bytes say: nothing points outside.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::ByteView rest(data, size);
  while (const auto packet = rtp::next_framed(rest)) {
    if (classify(*packet) == PacketKind::rtcp) {
      read_rtcp(*packet);
    } else if (const auto parsed = rtp::parse(*packet)) {
      if (rtp::header_size(*packet) + parsed->payload.size() + parsed->padding != packet->size())
        std::abort();
      for (unsigned id = 1; id < 256; ++id) (void)rtp::find_extension(*parsed, static_cast<std::uint8_t>(id));
    }
  }
  read_rtcp({data, size});
  return 0;
}
