#pragma once

#include "base/metrics.hpp"

namespace tongke::relay::webrtc {

/// What the transport and its viewers count.  @thread any
struct Counters {
  base::metrics::Gauge& viewers;
  base::metrics::Gauge& publishers;
  base::metrics::Counter& joined;         ///< sessions that finished their handshake
  base::metrics::Counter& failed;         ///< sessions that never did
  base::metrics::Counter& packets;        ///< RTP packets sent
  base::metrics::Counter& bytes;          ///< of them
  base::metrics::Counter& repaired;       ///< packets sent again
  base::metrics::Counter& unrepairable;   ///< asked for again, but gone or over the budget
  base::metrics::Counter& skipped;        ///< frames dropped for one slow viewer
  base::metrics::Counter& strangers;      ///< packets from addresses that showed no password
  base::metrics::Counter& undecryptable;  ///< packets that are not the peer's
  base::metrics::Counter& malformed;      ///< frames from the pipeline that broke the contract
  base::metrics::Counter& overflow;       ///< bytes from publishers dropped at a full queue
};

[[nodiscard]] inline Counters make_counters() {
  using base::metrics::counter;
  using base::metrics::gauge;
  return {
      .viewers = gauge("tongke_webrtc_viewers", "WebRTC viewers connected."),
      .publishers = gauge("tongke_webrtc_publishers", "WebRTC publishers connected."),
      .joined = counter("tongke_webrtc_joined_total", "WebRTC sessions that connected."),
      .failed = counter("tongke_webrtc_failed_total", "WebRTC sessions that never connected."),
      .packets = counter("tongke_webrtc_packets_total", "RTP packets sent to viewers."),
      .bytes = counter("tongke_webrtc_bytes_total", "Bytes of RTP packets sent to viewers."),
      .repaired = counter("tongke_webrtc_repaired_total", "RTP packets sent again."),
      .unrepairable = counter("tongke_webrtc_unrepairable_total", "Packets asked for again in vain."),
      .skipped =
          counter("tongke_webrtc_skipped_frames_total", "Frames not sent to a viewer too slow for them."),
      .strangers = counter("tongke_webrtc_stranger_packets_total", "Packets that belong to no session."),
      .undecryptable = counter("tongke_webrtc_undecryptable_total", "Packets that could not be decrypted."),
      .malformed = counter("tongke_webrtc_malformed_frames_total", "Frames that cannot be sent by RTP."),
      .overflow =
          counter("tongke_webrtc_ingest_dropped_bytes_total", "Publishers' bytes dropped at a full queue."),
  };
}

}  // namespace tongke::relay::webrtc
