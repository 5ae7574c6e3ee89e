#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "pipeline/worker/av/voice_transcoder.hpp"
#include "pipeline/worker/output/schedule.hpp"

namespace tongke::pipeline::worker::output {

/// AAC as MPEG-1 Layer II of 48 kHz, stereo, 192 kbit/s, for boxes that know nothing else. Times are
/// those at which a decoder's sound is heard.  @thread one
class Layer2 {
 public:
  using Give = std::function<void(Unit unit)>;

  /// @errors unavailable: no decoder or encoder
  [[nodiscard]] static base::Result<std::unique_ptr<Layer2>> create(const AVCodecParameters& aac, Give give);

  /// A frame of AAC; gives what it makes whole. One that cannot be understood is left out.
  void push(const Unit& frame);

 private:
  Layer2() = default;

  std::unique_ptr<av::VoiceTranscoder> transcoder_;
};

}  // namespace tongke::pipeline::worker::output
