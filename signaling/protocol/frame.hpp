#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace tongke::signaling::protocol {

/// One outgoing frame, made once and queued to everybody it is for. libwebsockets writes the
/// frame's header into the room before the payload: the same bytes each time, on one thread.
/// @thread that of the websocket service
class Frame {
 public:
  static constexpr std::size_t kHeadroom = 32;

  explicit Frame(std::string_view text) : bytes_(kHeadroom) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }

  [[nodiscard]] std::uint8_t* payload() noexcept { return bytes_.data() + kHeadroom; }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - kHeadroom; }
  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()) + kHeadroom, size()};
  }

 private:
  std::vector<std::uint8_t> bytes_;
};
using FramePtr = std::shared_ptr<Frame>;

[[nodiscard]] inline FramePtr framed(std::string_view text) { return std::make_shared<Frame>(text); }

}  // namespace tongke::signaling::protocol
