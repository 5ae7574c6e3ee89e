#include <algorithm>

#include "relay/webrtc/agreement.hpp"

namespace tongke::relay::webrtc {
namespace {

constexpr std::string_view kName = "tongke";  // CNAME and stream id: what plays in sync

/// Collects lines.
class Text {
 public:
  template <class... Parts>
  void line(const Parts&... parts) {
    (append(parts), ...);
    out_ += "\r\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void append(std::string_view text) { out_ += text; }
  void append(const char* text) { out_ += text; }
  void append(const std::string& text) { out_ += text; }
  template <class T>
  requires std::is_arithmetic_v<T>
  void append(T number) { out_ += std::to_string(number); }

  std::string out_;
};

/// RFC 8445 section 5.1.2.1 with type preference 126 for hosts; TCP below UDP, as RFC 6544
/// section 4.2 advises.
std::uint32_t priority(bool tcp, std::size_t rank) {
  const std::uint32_t local = 65535U - static_cast<std::uint32_t>(rank) * 16;
  return (tcp ? 90U : 126U) << 24U | local << 8U | 255U;
}

void write_candidates(Text& text, const LocalSide& local) {
  std::size_t foundation = 0;
  for (std::size_t i = 0; i < local.udp.size(); ++i) {
    text.line("a=candidate:", ++foundation, " 1 udp ", priority(false, i), " ", local.udp[i].text(), " ",
              local.udp[i].port, " typ host");
  }
  for (std::size_t i = 0; i < local.tcp.size(); ++i) {
    text.line("a=candidate:", ++foundation, " 1 tcp ", priority(true, i), " ", local.tcp[i].text(), " ",
              local.tcp[i].port, " typ host tcptype passive");
  }
  text.line("a=end-of-candidates");
}

void write_extensions(Text& text, const ExtensionIds& ids, bool layers) {
  const auto write = [&](std::uint8_t id, std::string_view uri) {
    if (id != 0) text.line("a=extmap:", unsigned{id}, " ", uri);
  };
  write(ids.mid, sdp::kMidUri);
  write(ids.transport_cc, sdp::kTransportCcUri);
  write(ids.abs_send_time, sdp::kAbsSendTimeUri);
  write(ids.playout_delay, sdp::kPlayoutDelayUri);
  if (layers) {
    write(ids.rid, sdp::kRidUri);
    write(ids.repaired_rid, sdp::kRepairedRidUri);
  }
}

void write_codec(Text& text, const Track& track) {
  const unsigned type = track.codec.payload_type;
  if (track.codec.name == "opus") {
    text.line("a=rtpmap:", type, " opus/48000/2");
    text.line("a=fmtp:", type, " minptime=10;useinbandfec=1");
  } else {
    text.line("a=rtpmap:", type, track.codec.name == "vp8" ? " VP8" : " H264", "/90000");
    if (track.codec.name == "h264") {
      text.line("a=fmtp:", type, " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=",
                track.codec.parameter("profile-level-id").value_or("42e01f"));
    }
  }
  for (const std::string_view wanted : {"nack", "nack pli", "transport-cc", "goog-remb", "ccm fir"}) {
    if (track.codec.has_feedback(wanted)) text.line("a=rtcp-fb:", type, " ", wanted);
  }
  if (track.rtx) {
    text.line("a=rtpmap:", unsigned{*track.rtx}, " rtx/90000");
    text.line("a=fmtp:", unsigned{*track.rtx}, " apt=", type);
  }
}

void write_streams(Text& text, const Track& track, const LocalSide& local, bool video) {
  const std::uint32_t ssrc = video ? local.ssrcs.video : local.ssrcs.audio;
  const bool rtx = video && track.rtx;
  text.line("a=msid:", kName, video ? " video" : " audio");
  if (rtx) text.line("a=ssrc-group:FID ", ssrc, " ", local.ssrcs.rtx);
  text.line("a=ssrc:", ssrc, " cname:", kName);
  if (rtx) text.line("a=ssrc:", local.ssrcs.rtx, " cname:", kName);
}

void write_layers(Text& text, const Track& track) {
  if (track.rids.empty()) return;
  std::string list;
  for (const auto& rid : track.rids) {
    text.line("a=rid:", rid, " recv");
    list += (list.empty() ? "" : ";") + rid;
  }
  text.line("a=simulcast:recv ", list);
}

void write_security(Text& text, const LocalSide& local) {
  text.line("a=ice-ufrag:", local.ice.ufrag);
  text.line("a=ice-pwd:", local.ice.password);
  text.line("a=fingerprint:", local.fingerprint);
  text.line("a=setup:passive");
}

void write_track(Text& text, const sdp::Media& offered, const Track& track, const Agreement& agreement,
                 const LocalSide& local) {
  const bool video = offered.kind == "video";
  std::string types = std::to_string(track.codec.payload_type);
  if (track.rtx) types += " " + std::to_string(*track.rtx);
  text.line("m=", offered.kind, " 9 ", offered.protocol, " ", types);
  text.line("c=IN IP4 0.0.0.0");
  text.line("a=rtcp:9 IN IP4 0.0.0.0");
  const bool first = track.line == (agreement.audio && agreement.video
                                        ? std::min(agreement.audio->line, agreement.video->line)
                                        : track.line);
  if (first) write_candidates(text, local);
  write_security(text, local);
  text.line("a=mid:", track.mid);
  write_extensions(text, track.extensions, !track.rids.empty());
  text.line(agreement.purpose == Purpose::watch ? "a=sendonly" : "a=recvonly");
  text.line("a=rtcp-mux");
  if (offered.rtcp_rsize) text.line("a=rtcp-rsize");
  write_codec(text, track);
  if (agreement.purpose == Purpose::watch) write_streams(text, track, local, video);
  write_layers(text, track);
}

void write_refusal(Text& text, const sdp::Media& offered) {
  text.line("m=", offered.kind, " 0 ", offered.protocol, " ",
            offered.formats.empty() ? std::string("0") : offered.formats.front());
  text.line("c=IN IP4 0.0.0.0");
  text.line("a=inactive");
  if (!offered.mid.empty()) text.line("a=mid:", offered.mid);
}

}  // namespace

std::string write_answer(const sdp::Description& offer, const Agreement& agreement, const LocalSide& local) {
  Text text;
  text.line("v=0");
  text.line("o=- ", local.session, " 1 IN IP4 127.0.0.1");
  text.line("s=-");
  text.line("t=0 0");
  std::string bundle;
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    for (const auto* track : {&agreement.audio, &agreement.video})
      if (*track && (*track)->line == i) bundle += " " + (*track)->mid;
  }
  text.line("a=group:BUNDLE", bundle);
  text.line("a=ice-lite");
  text.line("a=msid-semantic: WMS *");
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const auto& offered = offer.media[i];
    if (agreement.audio && agreement.audio->line == i) {
      write_track(text, offered, *agreement.audio, agreement, local);
    } else if (agreement.video && agreement.video->line == i) {
      write_track(text, offered, *agreement.video, agreement, local);
    } else {
      write_refusal(text, offered);
    }
  }
  return text.take();
}

std::string write_fragment(const Agreement& agreement, const LocalSide& local) {
  Text text;
  text.line("a=ice-lite");
  text.line("a=ice-ufrag:", local.ice.ufrag);
  text.line("a=ice-pwd:", local.ice.password);
  const bool audio_first =
      agreement.audio && (!agreement.video || agreement.audio->line < agreement.video->line);
  const auto& first = audio_first ? *agreement.audio : *agreement.video;
  text.line("m=", audio_first ? "audio" : "video", " 9 UDP/TLS/RTP/SAVPF ",
            unsigned{first.codec.payload_type});
  text.line("a=mid:", first.mid);
  write_candidates(text, local);
  return text.take();
}

}  // namespace tongke::relay::webrtc
