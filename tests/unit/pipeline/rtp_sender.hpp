#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "tests/unit/pipeline/worker_process.hpp"

namespace tongke::tests {

/// A packet as a sender gives it to its transport.
struct SentPacket {
  Bytes bytes;
  bool rtcp = false;
  bool video = false;
  base::MediaTime captured{0};  ///< running time; RTP only
};

/// A WebRTC publisher without a transport: GStreamer's encoders, payloaders and rtpbin, with
/// transport-cc, NACK, RTX and PLI, one session a track and one bundle for both.
class RtpSender {
 public:
  struct Tracks {
    std::string video = kH264;  ///< a launch line up to the payloader; empty for none
    std::string audio = kOpus;
  };
  static const std::string kH264;
  static const std::string kVp8;
  static const std::string kOpus;
  /// What an answer to this sender would say.
  static const std::string kSdp;

  explicit RtpSender(const Tracks& tracks);
  RtpSender() : RtpSender(Tracks{}) {}
  ~RtpSender();
  RtpSender(const RtpSender&) = delete;
  RtpSender& operator=(const RtpSender&) = delete;

  /// What has been sent since the last call, in order.
  [[nodiscard]] std::vector<SentPacket> take();
  /// What the receiver says.
  void hear(base::ByteView rtcp);
  /// Sets a property of an element that a launch line names, as text.
  void set(const std::string& element, const std::string& property, const std::string& value);

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace tongke::tests
