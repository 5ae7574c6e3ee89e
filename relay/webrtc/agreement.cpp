#include "relay/webrtc/agreement.hpp"

#include <algorithm>
#include <charconv>

namespace tongke::relay::webrtc {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using sdp::Direction;

/// The one-byte form of header extensions holds no larger ids.
constexpr std::uint8_t kMaxExtensionId = 14;

std::uint8_t usable(std::uint8_t id) { return id <= kMaxExtensionId ? id : std::uint8_t{0}; }

/// How well we like a codec; 0 = not at all. The picture we send is whatever the teacher's
/// encoder makes, so a viewer's widest profile is the best; a browser is asked for the profile
/// every phone plays.
int rank(const sdp::Codec& codec, std::string_view kind, Purpose purpose) {
  if (kind == "audio") return codec.name == "opus" && codec.clock == 48000 && codec.channels == 2 ? 1 : 0;
  if (codec.clock != 90000) return 0;
  if (codec.name == "vp8") return purpose == Purpose::publish ? 1 : 0;
  if (codec.name != "h264" || codec.parameter("packetization-mode") != "1") return 0;
  const auto profile = codec.parameter("profile-level-id").value_or("42e01f").substr(0, 4);
  if (purpose == Purpose::watch) {
    if (profile == "640c" || profile == "6400") return 9;
    if (profile.starts_with("4d")) return 8;
    if (profile == "42e0") return 7;
    return profile.starts_with("42") ? 6 : 2;
  }
  if (profile == "42e0") return 9;
  if (profile.starts_with("42")) return 8;
  return profile.starts_with("4d") ? 7 : profile == "6400" || profile == "640c" ? 6 : 2;
}

const sdp::Codec* best_codec(const sdp::Media& media, Purpose purpose) {
  const sdp::Codec* best = nullptr;
  int best_rank = 0;
  for (const auto& codec : media.codecs) {
    const int one = rank(codec, media.kind, purpose);
    if (one > best_rank) {
      best = &codec;
      best_rank = one;
    }
  }
  return best;
}

std::optional<std::uint8_t> rtx_of(const sdp::Media& media, std::uint8_t payload_type) {
  for (const auto& codec : media.codecs) {
    if (codec.name == "rtx" && codec.parameter("apt") == std::to_string(payload_type))
      return codec.payload_type;
  }
  return std::nullopt;
}

bool flows(const sdp::Media& media, Purpose purpose) {
  const auto wanted = purpose == Purpose::watch ? Direction::recvonly : Direction::sendonly;
  return media.direction == wanted || media.direction == Direction::sendrecv;
}

std::optional<Track> agree_on(const sdp::Media& media, std::size_t line, Purpose purpose) {
  const auto* codec = best_codec(media, purpose);
  if (!codec) return std::nullopt;
  Track track;
  track.line = line;
  track.mid = media.mid;
  track.codec = *codec;
  if (media.kind == "video") track.rtx = rtx_of(media, codec->payload_type);
  track.extensions = {.mid = usable(media.extension(sdp::kMidUri)),
                      .rid = usable(media.extension(sdp::kRidUri)),
                      .repaired_rid = usable(media.extension(sdp::kRepairedRidUri)),
                      .transport_cc = usable(media.extension(sdp::kTransportCcUri)),
                      .abs_send_time = usable(media.extension(sdp::kAbsSendTimeUri)),
                      .playout_delay = usable(media.extension(sdp::kPlayoutDelayUri))};
  // Without an id for the stream in each packet nobody can tell the layers apart.
  if (purpose == Purpose::publish && track.extensions.rid != 0) track.rids = media.simulcast_send;
  return track;
}

Result<void> check_transport(const sdp::Media& media) {
  const auto& security = media.security;
  if (!media.rtcp_mux) return Error{Errc::invalid, "the offer must use rtcp-mux"};
  if (security.ufrag.empty() || security.password.empty())
    return Error{Errc::invalid, "the offer has no ICE credentials"};
  if (security.fingerprint.empty()) return Error{Errc::invalid, "the offer has no DTLS fingerprint"};
  if (security.setup != "actpass" && security.setup != "active")
    return Error{Errc::invalid, "the offer's DTLS setup must be actpass or active"};
  return {};
}

}  // namespace

Result<Agreement> agree(const sdp::Description& offer, Purpose purpose) {
  Agreement agreement;
  agreement.purpose = purpose;
  const sdp::Media* first = nullptr;
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const auto& media = offer.media[i];
    auto& slot = media.kind == "audio" ? agreement.audio : agreement.video;
    const bool is_media = media.kind == "audio" || media.kind == "video";
    if (!is_media || slot || !flows(media, purpose) || (media.port == 0 && !media.bundle_only)) continue;
    auto track = agree_on(media, i, purpose);
    if (!track) continue;
    const bool bundled = std::ranges::find(offer.bundle, media.mid) != offer.bundle.end();
    if (media.mid.empty() || (first && !bundled))
      return Error{Errc::invalid, "the offer must bundle its m-lines"};
    if (!first) {
      if (auto ok = check_transport(media); !ok) return ok.error();
      first = &media;
    }
    slot = std::move(track);
  }
  if (!first) {
    return Error{Errc::unavailable, purpose == Purpose::watch
                                        ? "nothing to send: the offer needs Opus, or H.264 with "
                                          "packetization-mode 1, in a line that receives"
                                        : "nothing to receive: the offer needs Opus, H.264 with "
                                          "packetization-mode 1 or VP8, in a line that sends"};
  }
  agreement.remote = first->security;
  return agreement;
}

}  // namespace tongke::relay::webrtc
