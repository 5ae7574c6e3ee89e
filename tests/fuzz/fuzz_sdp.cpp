#include <cstdlib>

#include "base/bytes.hpp"
#include "relay/webrtc/sdp.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;

// What parses stays within its bounds and can be asked anything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = base::as_text(base::ByteView(data, size));
  if (const auto fragment = sdp::parse_fragment(text); fragment && fragment->candidates.size() > 64)
    std::abort();
  const auto description = sdp::parse(text);
  if (!description) return 0;
  if (description->media.empty() || description->media.size() > 16) std::abort();
  for (const auto& media : description->media) {
    if (media.codecs.size() > 96 || media.extensions.size() > 48) std::abort();
    for (const auto& codec : media.codecs) {
      if (codec.payload_type > 127 || media.codec(codec.payload_type) == nullptr) std::abort();
      (void)codec.parameter("profile-level-id");
    }
    (void)media.extension(sdp::kMidUri);
  }
  return 0;
}
