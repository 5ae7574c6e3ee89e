#pragma once

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "base/result.hpp"
#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/output/schedule.hpp"

namespace tongke::pipeline::worker::output {

/// Whether one's AAC frames can go on in a stream of the other's: all that an ADTS header says is the same.
[[nodiscard]] bool sounds_alike(const AVCodecParameters& a, const AVCodecParameters& b);

/// A rendition as the relay hands it over, an init and then parts, taken apart into frames.
class Rendition {
 public:
  explicit Rendition(wire::TrackKind kind) : kind_(kind) {}

  /// What follows has these parameters.
  /// @return whether they are others than before; true at first   @errors invalid, io
  [[nodiscard]] base::Result<bool> begin(const base::SharedBytes& init);
  /// @errors invalid: before begin(), or damaged; io
  [[nodiscard]] base::Result<std::vector<Unit>> take(const base::SharedBytes& part);

  [[nodiscard]] wire::TrackKind kind() const noexcept { return kind_; }
  /// Null before begin(); another object only when they are others.
  [[nodiscard]] const std::shared_ptr<const AVCodecParameters>& parameters() const noexcept {
    return parameters_;
  }

 private:
  const wire::TrackKind kind_;
  base::SharedBytes init_;
  base::Fd scratch_;  // in memory: readers of recordings want a file
  std::shared_ptr<const AVCodecParameters> parameters_;
  base::MediaTime reorder_{0};  // what keeps dts at or below pts
};

}  // namespace tongke::pipeline::worker::output
