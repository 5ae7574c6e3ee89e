#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/clock.hpp"

/// What relay and pipeline child say to each other over a Unix socketpair. The relay owns
/// the sockets and the lesson's clock; the child owns codecs and containers and can be
/// killed at any moment: everything it needs to go on is in Open and in the input replayed
/// after it.
namespace tongke::pipeline::wire {

/// `slate` is no input: the child makes a still picture and quiet sound by itself.
enum class InputFormat : std::uint8_t { flv = 0, mpegts = 1, rtsp_url = 2, rtp = 3, slate = 4 };
enum class TrackKind : std::uint8_t { video = 0, audio = 1 };
/// What an output sends: MPEG-TS of constant bit rate, or FLV by RTMP.
enum class OutputFormat : std::uint8_t { mpegts = 0, rtmp = 1 };

// ---- relay to child ----

/// What is shown and heard while the publisher is away, made to follow what was there before.
struct Slate {
  std::string heading = {};
  std::string text = {};    ///< below it, smaller; may have lines
  std::uint32_t width = 0;  ///< 0: no picture
  std::uint32_t height = 0;
  std::string sound = {};         ///< "aac" or "opus"; empty: no sound
  std::uint32_t sample_rate = 0;  ///< this and the next: aac only
  std::uint32_t channels = 0;
  base::MediaTime owed{0};  ///< so much of it is made at once, the rest as time passes

  friend bool operator==(const Slate&, const Slate&) = default;
};

/// First message of every child. The same input after the same Open gives the same parts:
/// boundaries depend on timestamps only, so after a crash the relay replays from a segment
/// start and ignores the (rendition, msn, index) it already holds.
struct Open {
  InputFormat format = InputFormat::flv;
  std::string url = {};  ///< rtsp_url only
  std::string sdp = {};  ///< rtp only: what was agreed with the publisher (our answer)
  base::MediaTime start{
      0};  ///< media time given to the first video keyframe (audio frame if there is no video)
  std::uint32_t first_msn = 0;  ///< media sequence number of the segment that starts there
  std::uint32_t part_ms = 200;
  std::uint32_t segment_ms = 2000;
  bool passthrough_only = false;  ///< decode nothing: set after crashes
  Slate slate = {};               ///< slate only

  friend bool operator==(const Open&, const Open&) = default;
};

/// Raw input: whole FLV tags (the first ones preceded by an FLV header), TS packets, or
/// RTP and RTCP packets (told apart as in RFC 5761), each preceded by its length as in RFC 4571.
struct Input {
  base::SharedBytes bytes;
};

/// No more input: flush what is complete and exit.
struct Close {
  friend bool operator==(const Close&, const Close&) = default;
};

/// The next segment, or a viewer, needs a keyframe soon.
struct KeyframeRequest {
  friend bool operator==(const KeyframeRequest&, const KeyframeRequest&) = default;
};

/// Whether somebody wants a rendition that is only made on demand.
struct Want {
  std::string rendition = {};
  bool on = false;

  friend bool operator==(const Want&, const Want&) = default;
};

/// First message of an output's child (`tongke-pipeline output`). Init and Part follow, of renditions
/// called "video" and "audio"; the child connects once the inits that it was promised are there.
struct OutputOpen {
  OutputFormat format = OutputFormat::mpegts;
  std::string url = {};  ///< secret: a stream key may be in it
  /// Stream key within the url, or SRT's passphrase, which no log may show; empty = none.
  std::string secret = {};
  std::uint32_t rate_bps = 0;     ///< mpegts: of all packets
  std::string service_name = {};  ///< mpegts: in the SDT, UTF-8
  bool layer2 = false;            ///< mpegts: sound as MPEG-1 Layer II, made of the lesson's AAC
  base::MediaTime position{0};    ///< media time that is due to be sent when this arrives
  bool video = true;              ///< an Init of this kind will come
  bool audio = true;

  friend bool operator==(const OutputOpen&, const OutputOpen&) = default;
};

/// To an output's child: from now on a slate goes out in place of the lesson, of which nothing that has
/// not gone out yet is sent; or the lesson again, from the next picture on that comes.
struct Cut {
  bool on = true;
  std::string heading = {};  ///< on the slate
  std::string text = {};     ///< below it, smaller; may have lines

  friend bool operator==(const Cut&, const Cut&) = default;
};

// ---- child to relay ----

/// What the publisher sends.
struct Track {
  TrackKind kind = TrackKind::video;
  std::string codec = {};  ///< "h264", "aac", "opus", …
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double frame_rate = 0;
  std::uint32_t sample_rate = 0;
  std::uint32_t channels = 0;

  friend bool operator==(const Track&, const Track&) = default;
};

/// Initialization segment of a rendition; a second one means that its parameters changed
/// and that later parts belong to the new one.
struct Init {
  std::string rendition = {};  ///< "src", "src-audio", "audio", or a LadderStep's name
  TrackKind kind = TrackKind::video;
  std::string codecs = {};  ///< RFC 6381, for the CODECS attribute
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double frame_rate = 0;
  base::SharedBytes bytes = {};
};

/// One CMAF chunk of a rendition. (msn, index) never decreases within a rendition.
struct Part {
  std::string rendition = {};
  std::uint32_t msn = 0;
  std::uint32_t index = 0;
  bool independent = false;  ///< starts with a keyframe
  bool ends_segment = false;
  /// First part of an independent video segment: which of the video's keyframes since Open
  /// it begins with, from 0. Tells the relay where in the input a replay has to begin.
  std::uint32_t keyframe = 0;
  base::MediaTime start{0};
  base::MediaTime duration{0};
  base::SharedBytes bytes = {};
};

/// One frame of a rendition as RTP payloads (RFC 6184 packetization-mode 1, RFC 7587), cut to
/// nearly equal sizes. Whoever sends it makes the RTP headers.
struct Frame {
  std::string rendition = {};  ///< "src", "opus", …
  TrackKind kind = TrackKind::video;
  std::string codec = {};  ///< "h264", "opus"
  bool key = false;        ///< a decoder can start here; carries SPS and PPS
  base::MediaTime pts{0};
  base::MediaTime duration{0};
  base::SharedBytes bytes = {};  ///< payloads, each preceded by its length as in RFC 4571
};

/// What the picture shows, for those whose line carries no video. Made when it has changed, while
/// "stills" is wanted.
struct Still {
  base::MediaTime pts{0};
  base::SharedBytes webp = {};
};

/// A compound RTCP packet for the WebRTC publisher.
struct Rtcp {
  base::SharedBytes bytes;
};

/// Sent about once a second; totals since Open.
struct Stats {
  std::uint64_t video_frames = 0;
  std::uint64_t audio_frames = 0;
  std::uint64_t dropped_frames = 0;  ///< before the first keyframe, or undecodable
  std::uint64_t input_errors = 0;    ///< malformed input skipped
  std::uint64_t late_pictures = 0;   ///< the ladder passed over them: the machine is too slow

  friend bool operator==(const Stats&, const Stats&) = default;
};

/// From an output's child, about once a second; totals since OutputOpen.
struct OutputStats {
  bool connected = false;  ///< the destination took the connection; of UDP nothing is known
  std::uint64_t bytes = 0;
  std::uint64_t late = 0;  ///< times that media came after it was due, and all that follows was put off
  std::uint64_t dropped_frames = 0;  ///< they did not fit into the rate, or silence had taken their place
  std::uint64_t silent_frames = 0;   ///< put in where the lesson had no sound
  std::uint64_t underruns = 0;       ///< mpegts: times that nothing was there to be sent

  friend bool operator==(const OutputStats&, const OutputStats&) = default;
};

/// The child cannot go on and exits after this.
struct Failure {
  std::string code = {};  ///< snake_case: "unsupported_codec", "no_media", "input_lost"
  std::string text = {};

  friend bool operator==(const Failure&, const Failure&) = default;
};

using Message = std::variant<Open, Input, Close, Track, Init, Part, Stats, Failure, KeyframeRequest, Want,
                             Frame, Rtcp, Still, OutputOpen, OutputStats, Cut>;

}  // namespace tongke::pipeline::wire
