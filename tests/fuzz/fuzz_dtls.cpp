#include <cstdlib>
#include <memory>

#include "relay/webrtc/demux.hpp"
#include "relay/webrtc/dtls.hpp"
#include "relay/webrtc/rtp.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

// Whatever datagrams a peer sends after its first check: no session without its certificate,
// and answers stay in proportion.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const DtlsContext> context = *DtlsContext::create();
  DtlsSession session(context, DtlsSession::Role::server, context->fingerprint());
  DtlsSession::Datagrams out;
  std::size_t datagrams = 0;
  base::ByteView rest(data, size);
  while (const auto packet = rtp::next_framed(rest)) {
    if (classify(*packet) != PacketKind::dtls) continue;
    ++datagrams;
    if (session.receive(*packet, out) == DtlsSession::State::connected) std::abort();
  }
  std::size_t bytes = 0;
  for (const auto& datagram : out) {
    if (datagram.empty() || datagram.size() > DtlsSession::kMtu) std::abort();
    bytes += datagram.size();
  }
  // A whole server flight is below two kilobytes; no datagram is worth more.
  if (bytes > 4096 * datagrams) std::abort();
  return 0;
}
