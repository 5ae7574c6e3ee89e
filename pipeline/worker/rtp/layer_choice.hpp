#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/clock.hpp"

namespace tongke::pipeline::worker::rtp {

/// Which of several streams of one kind the lesson shows: simulcast layers, or the stream
/// that follows when a browser starts its track anew. The largest steady one, and another
/// when it falls silent; changes only where a decoder can begin. Pure.
class LayerChoice {
 public:
  using Time = base::Steady::time_point;

  /// A larger layer is taken once it has been there so long: a browser's begin one by one.
  static constexpr std::chrono::milliseconds kSteady{2000};
  /// Shared screens that stand still send a frame a second or so.
  static constexpr std::chrono::milliseconds kSilence{3000};

  /// Whether this unit is to be shown.
  /// @param pixels  of the layer; 0 for sound
  [[nodiscard]] bool take(std::uint32_t layer, std::uint64_t pixels, bool key, Time now) {
    Layer& from = layers_.try_emplace(layer, Layer{.first = now}).first->second;
    from.last = now;
    from.pixels = pixels;
    if (shown_ == layer) return true;
    if (!key || !replaces_shown(from, now)) return false;
    shown_ = layer;
    return true;
  }

  [[nodiscard]] std::optional<std::uint32_t> shown() const noexcept { return shown_; }

 private:
  struct Layer {
    Time first{};
    Time last{};
    std::uint64_t pixels = 0;
  };
  [[nodiscard]] bool replaces_shown(const Layer& layer, Time now) const {
    if (!shown_) return true;
    const Layer& shown = layers_.at(*shown_);
    if (now - shown.last > kSilence) return true;
    return layer.pixels > shown.pixels && now - layer.first > kSteady;
  }

  std::map<std::uint32_t, Layer> layers_;  ///< by SSRC; PacketGate bounds them
  std::optional<std::uint32_t> shown_;
};

}  // namespace tongke::pipeline::worker::rtp
