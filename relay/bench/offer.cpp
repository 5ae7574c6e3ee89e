#include "relay/bench/offer.hpp"

#include <sstream>

#include "relay/webrtc/sdp.hpp"

namespace tongke::relay::bench {
namespace {

namespace sdp = webrtc::sdp;
using base::Errc;
using base::Error;

// "candidate:1 1 udp 2130706431 127.0.0.1 8189 typ host", without the "candidate:".
std::optional<webrtc::Endpoint> udp_endpoint(const std::string& candidate) {
  std::istringstream words(candidate);
  std::string foundation;
  std::string component;
  std::string transport;
  std::string priority;
  std::string ip;
  unsigned port = 0;
  words >> foundation >> component >> transport >> priority >> ip >> port;
  if (!words || (transport != "udp" && transport != "UDP") || port == 0 || port > 65535) return std::nullopt;
  return webrtc::Endpoint::parse(ip, static_cast<std::uint16_t>(port));
}

std::optional<webrtc::Endpoint> choose(const sdp::Description& answer, bool prefer_loopback) {
  std::optional<webrtc::Endpoint> chosen;
  for (const auto& media : answer.media) {
    for (const auto& candidate : media.candidates) {
      const auto endpoint = udp_endpoint(candidate);
      if (!endpoint) continue;
      if (!chosen) chosen = endpoint;
      if (prefer_loopback && endpoint->is_loopback()) return endpoint;
    }
  }
  return chosen;
}

void write_media(std::ostringstream& out, const webrtc::IceCredentials& ice, const std::string& fingerprint,
                 const std::string& kind, const std::string& formats, const std::string& mid) {
  out << "m=" << kind << " 9 UDP/TLS/RTP/SAVPF " << formats << "\r\n"
      << "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
      << "a=ice-ufrag:" << ice.ufrag << "\r\na=ice-pwd:" << ice.password << "\r\n"
      << "a=fingerprint:" << fingerprint << "\r\na=setup:actpass\r\n"
      << "a=mid:" << mid << "\r\na=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n";
}

}  // namespace

std::string make_offer(const webrtc::IceCredentials& ice, const std::string& fingerprint) {
  std::ostringstream out;
  out << "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n";
  write_media(out, ice, fingerprint, "audio", "111", "0");
  out << "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
  write_media(out, ice, fingerprint, "video", "102 103", "1");
  out << "a=rtpmap:102 H264/90000\r\n"
         "a=rtcp-fb:102 goog-remb\r\na=rtcp-fb:102 nack\r\na=rtcp-fb:102 nack pli\r\n"
         "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
         "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n";
  return out.str();
}

base::Result<Answer> read_answer(const std::string& text, bool prefer_loopback) {
  const auto parsed = sdp::parse(text);
  if (!parsed) return Error(parsed.error()).in("answer");
  const auto candidate = choose(*parsed, prefer_loopback);
  if (!candidate) return Error{Errc::invalid, "answer: no UDP candidate"};
  Answer answer;
  answer.candidate = *candidate;
  for (const auto& media : parsed->media) {
    if (media.port == 0) continue;
    answer.ice = {media.security.ufrag, media.security.password};
    answer.fingerprint = media.security.fingerprint;
    answer.passive = media.security.setup != "active";
    for (const auto& codec : media.codecs) {
      if (codec.name == "h264" && !answer.video_type) answer.video_type = codec.payload_type;
      if (codec.name == "opus" && !answer.audio_type) answer.audio_type = codec.payload_type;
    }
  }
  if (answer.ice.ufrag.empty() || answer.fingerprint.empty()) {
    return Error{Errc::invalid, "answer: no ICE credentials or fingerprint"};
  }
  return answer;
}

}  // namespace tongke::relay::bench
